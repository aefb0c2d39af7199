//! Findings as somebody's own template lays them out: the value is the document of `--format json`.
//!
//! A template can do nothing but write: there are no filters, functions and includes, and it ends after a number of steps.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::json;
use crate::model::unprintable;
use crate::report::Examined;

/// A unit is about one step of a template: ten thousand findings take about a million, a runaway loop ends in seconds.
const FUEL: u64 = 20_000_000;

/// A template that was understood.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    name: String,
}

/// Why a template cannot be used: what is wrong with it, or with what it does with these findings, and in which line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TemplateError(#[from] Error);

impl Template {
    /// A template of that name.
    ///
    /// # Errors
    /// Text that is no template.
    pub fn new(name: &str, text: String) -> Result<Self, TemplateError> {
        let mut environment = Environment::empty();
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
        environment.set_syntax(syntax.build()?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(write);
        environment.set_fuel(Some(FUEL));
        environment.add_template_owned(name.to_owned(), text)?;
        Ok(Self { environment, name: name.to_owned() })
    }

    /// The findings as the template lays them out.
    ///
    /// # Errors
    /// A template that asks for what there is not, writes what is no text, or does not end.
    pub fn fill(&self, run: &[Examined]) -> Result<String, TemplateError> {
        let value = Value::from(Serde(json::document(run)));
        Ok(self.environment.get_template(&self.name)?.render(value)?)
    }
}

/// Writes texts, numbers and truth values; lists and what is absent have no form that everybody would expect. Nothing in a text moves a
/// cursor or hides.
fn write(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => {
            let shown = |c: char| if c != '\n' && unprintable(c) { char::REPLACEMENT_CHARACTER } else { c };
            Ok(output.write_str(&text.chars().map(shown).collect::<String>())?)
        }
        None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => {
            Ok(output.write_str(&value.to_string())?)
        }
        None => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("only texts, numbers and truth values can be written, and this is {}", value.kind()),
        )),
    }
}
