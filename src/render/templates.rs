//! The templates, and the one place that writes values into a ruleset.
//!
//! The environment starts empty: there are no filters, tests or functions, so `safe` and its kin do not exist.
//! The formatter writes whole numbers and pieces (see [`super::piece`]) and refuses everything else whatever the
//! escaping mode of the template; text that a template computes is not a piece any more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use thiserror::Error as ThisError;

use super::gate;
use super::layout::same_words;
use crate::source;
use crate::source::reason;

/// A built-in template.
struct BuiltIn {
    name: &'static str,
    text: &'static str,
    /// Bytes of a line that the target's reader takes in one piece.
    longest_line: usize,
}

/// All of them. `iptables-restore` and `ipset restore` read lines into 10,240 and 1,024 bytes and take the rest for
/// another line; nft and pf read as far as the line goes.
const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "nftables.nft.j2",
        text: include_str!("../../templates/nftables.nft.j2"),
        longest_line: usize::MAX,
    },
    BuiltIn {
        name: "iptables.rules.j2",
        text: include_str!("../../templates/iptables.rules.j2"),
        longest_line: 10_239,
    },
    BuiltIn { name: "ipset.j2", text: include_str!("../../templates/ipset.j2"), longest_line: 1_023 },
    BuiltIn {
        name: "pf.conf.j2",
        text: include_str!("../../templates/pf.conf.j2"),
        longest_line: usize::MAX,
    },
];

/// A unit is about one step of a template: 10,000 rules take about a million, a runaway loop ends in seconds.
const FUEL: u64 = 100_000_000;

/// The largest template that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The built-in templates and those that somebody put in their place.
#[derive(Debug)]
pub struct Templates {
    built_in: Environment<'static>,
    overriding: Environment<'static>,
}

/// Why a template cannot be used.
#[derive(Debug, ThisError)]
pub enum TemplateError {
    /// The file or directory cannot be read.
    #[error("cannot read `{path}`: {}", reason(.source), path = .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A template that no target uses, probably misspelt.
    #[error("`{path}` is not a template of mailward; there are {known}", path = .path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The names there are.
        known: String,
    },
    /// A directory that overrides nothing.
    #[error("`{path}` holds no template; there are {known}", path = .path.display())]
    Nothing {
        /// The directory.
        path: PathBuf,
        /// The names there are.
        known: String,
    },
    /// It is not a template, or it fails on this policy.
    #[error("template `{name}` fails: {reason}")]
    Fails {
        /// Its name.
        name: String,
        /// What the template engine says, with the line of the template.
        reason: String,
    },
    /// It writes what may not be in a ruleset.
    #[error("template `{name}` gives a ruleset whose line {line} {problem}")]
    Smuggles {
        /// Its name.
        name: String,
        /// The line of the ruleset, from 1.
        line: usize,
        /// What is wrong with the line.
        problem: String,
    },
    /// It changes more than the layout.
    #[error(
        "template `{name}` changes what the ruleset says: line {line} is not as the built-in template has it"
    )]
    Changes {
        /// Its name.
        name: String,
        /// The first line of the ruleset that differs in more than blanks and comments, from 1.
        line: usize,
    },
}

impl Templates {
    /// The built-in templates only.
    ///
    /// # Errors
    /// A built-in template that is broken: a bug.
    pub fn built_in() -> Result<Self, TemplateError> {
        Ok(Self { built_in: environment(BUILT_IN)?, overriding: guarded()? })
    }

    /// The templates of a directory in place of the built-in ones of the same names.
    ///
    /// # Errors
    /// A directory without templates, a template that no target uses, that cannot be read or is broken.
    pub fn from_directory(directory: &Path) -> Result<Self, TemplateError> {
        let mut overriding = guarded()?;
        let files = template_files(directory)?;
        if files.is_empty() {
            return Err(TemplateError::Nothing { path: directory.to_owned(), known: known() });
        }
        for (name, path) in files {
            add(&mut overriding, name, read(&path)?)?;
        }
        Ok(Self { built_in: environment(BUILT_IN)?, overriding })
    }

    /// Lays a view out with the template of that name.
    ///
    /// # Errors
    /// A template that fails, or gives what may not be in a ruleset, or changes more than the layout.
    pub(super) fn lay_out(&self, name: &'static str, view: &Value) -> Result<String, TemplateError> {
        let expected = fill(&self.built_in, name, view)?;
        if self.overriding.get_template(name).is_err() {
            return Ok(expected);
        }
        let text = fill(&self.overriding, name, view)?;
        match same_words(&expected, &text) {
            Ok(()) => Ok(text),
            Err(line) => Err(TemplateError::Changes { name: name.to_owned(), line }),
        }
    }
}

/// An environment that can do nothing but lay out pieces.
fn guarded() -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::empty();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().map_err(|error| fails("syntax", &error))?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("ruleset".into()));
    environment.set_formatter(write);
    environment.set_fuel(Some(FUEL));
    Ok(environment)
}

fn environment(templates: &[BuiltIn]) -> Result<Environment<'static>, TemplateError> {
    let mut environment = guarded()?;
    for template in templates {
        add(&mut environment, template.name, template.text.to_owned())?;
    }
    Ok(environment)
}

fn add(
    environment: &mut Environment<'static>,
    name: &'static str,
    text: String,
) -> Result<(), TemplateError> {
    environment.add_template_owned(name, text).map_err(|error| fails(name, &error))
}

/// The choke point: pieces and whole numbers, or an error.
fn write(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => output.write_str(text).map_err(Error::from),
        None if value.kind() == ValueKind::Number && value.is_integer() => {
            output.write_str(&value.to_string()).map_err(Error::from)
        }
        _ => Err(Error::new(
            ErrorKind::InvalidOperation,
            "only the pieces of the view and whole numbers can be written, and only as they are",
        )),
    }
}

fn fill(environment: &Environment<'_>, name: &str, view: &Value) -> Result<String, TemplateError> {
    let template = environment.get_template(name).map_err(|error| fails(name, &error))?;
    let text = template.render(view).map_err(|error| fails(name, &error))?;
    gate::check(&text, longest_line(name)).map_err(|(line, problem)| TemplateError::Smuggles {
        name: name.to_owned(),
        line,
        problem: problem.to_string(),
    })?;
    Ok(text)
}

fn longest_line(name: &str) -> usize {
    BUILT_IN.iter().find(|template| template.name == name).map_or(0, |template| template.longest_line)
}

fn fails(name: &str, error: &Error) -> TemplateError {
    TemplateError::Fails { name: name.to_owned(), reason: error.to_string() }
}

/// The templates of a directory by their built-in names.
fn template_files(directory: &Path) -> Result<BTreeMap<&'static str, PathBuf>, TemplateError> {
    let unreadable = |source| TemplateError::Unreadable { path: directory.to_owned(), source };
    let mut files = BTreeMap::new();
    for item in fs::read_dir(directory).map_err(unreadable)? {
        let path = item.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "j2") {
            files.insert(built_in_name(&path)?, path);
        }
    }
    Ok(files)
}

fn built_in_name(path: &Path) -> Result<&'static str, TemplateError> {
    let same = |name: &&str| path.file_name().is_some_and(|file| file == *name);
    let found = BUILT_IN.iter().map(|template| template.name).find(|name| same(name));
    found.ok_or_else(|| TemplateError::Unknown { path: path.to_owned(), known: known() })
}

/// Only regular files: a pipe would never end, and a device might not.
fn read(path: &Path) -> Result<String, TemplateError> {
    let unreadable = |source| TemplateError::Unreadable { path: path.to_owned(), source };
    let bytes = source::read(path).map_err(|error| unreadable(io::Error::other(error.to_string())))?;
    if bytes.len() > LARGEST {
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB")));
    }
    String::from_utf8(bytes).map_err(|_| unreadable(io::Error::other("it is not UTF-8")))
}

fn known() -> String {
    let names: Vec<String> = BUILT_IN.iter().map(|template| format!("`{}`", template.name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
