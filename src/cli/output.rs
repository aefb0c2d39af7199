//! In which formats findings are told, and where.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::kept::{self, Kept};
use super::replace::{self, Staged};
use super::terminal::Terminal;
use crate::parse::nearest;
use crate::report::{self, Examined, Ink, findings};
use crate::source::{self, written};

/// The largest template that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The options that say in which formats findings are told, and where.
#[derive(Clone, Debug, Args)]
pub(super) struct OutputArguments {
    /// Who reads the findings on the standard output [default: human].
    #[arg(long, value_parser = FormatParser, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write the findings to a file, too, in any of these formats; may be given several times. `-` is the standard output.
    #[arg(long, value_parser = Output::parse, value_name = "FORMAT=FILE")]
    output: Vec<Output>,
}

/// Formats that need no more than their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BuiltIn {
    /// People: lines with carets.
    Human,
    /// People and editors: one line for each finding.
    Concise,
    /// Pages for people: lists.
    Markdown,
    /// Programs: one JSON document.
    Json,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
    /// GitHub Actions: annotations.
    Github,
    /// GitHub Actions: `markdown` for the summary of a job.
    GithubSummary,
    /// GitLab: a report of Code Quality.
    Gitlab,
    /// Tools that show tests: JUnit XML.
    Junit,
    /// Tools that read Checkstyle XML.
    Checkstyle,
    /// reviewdog.
    Rdjson,
}

/// A format.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    BuiltIn(BuiltIn),
    /// What a template makes of the JSON document.
    Template(PathBuf),
}

/// What `template=FILE` is called where formats are listed.
const TEMPLATE: &str = "template=FILE";

/// Reads a format, and lists all of them in the help.
#[derive(Clone, Copy, Debug)]
struct FormatParser;

/// A format and where it goes: a file, or the standard output.
#[derive(Clone, Debug)]
struct Output {
    format: Format,
    file: Option<PathBuf>,
}

/// Everything that is to be written, with nothing left to read.
#[derive(Debug)]
pub(super) struct Outputs(Vec<(Layout, Option<PathBuf>)>);

/// A format that can be used at once.
#[derive(Debug)]
enum Layout {
    BuiltIn(BuiltIn),
    Template(PathBuf, Box<findings::Template>),
}

/// Findings that are laid out.
#[must_use]
pub(super) struct Filled {
    staged: Vec<Staged>,
    shown: Shown,
}

/// What goes to the standard output.
#[must_use]
pub(super) enum Shown {
    /// Nothing.
    Nothing,
    /// This text, which is made in full before anything is written.
    Whole(String),
    /// What people read, as it is made: nothing in it can fail.
    InParts,
}

impl OutputArguments {
    /// What is to be written; templates are read.
    ///
    /// # Errors
    /// Two formats for one place, and a template that cannot be read or is none.
    pub(super) fn read(&self) -> Result<Outputs, Failure> {
        let to_stdout = self.output.iter().filter(|output| output.file.is_none()).count();
        if to_stdout + usize::from(self.format.is_some()) > 1 {
            return Err(Failure::StdoutTwice);
        }
        let files: Vec<&PathBuf> = self.output.iter().filter_map(|output| output.file.as_ref()).collect();
        files.iter().try_for_each(|file| kept::sound(file))?;
        let places: Vec<PathBuf> = files.iter().map(|file| replace::place(file)).collect();
        let is_again = |at: usize, place: &PathBuf| places.iter().take(at).any(|other| other == place);
        let again = files.iter().zip(&places).enumerate().find(|(at, (_, place))| is_again(*at, place));
        if let Some((_, (file, _))) = again {
            return Err(Failure::WrittenTwice((*file).clone()));
        }
        let mut outputs = Vec::new();
        if to_stdout == 0 {
            let format = self.format.clone().unwrap_or(Format::BuiltIn(BuiltIn::Human));
            outputs.push((format.read()?, None));
        }
        for Output { format, file } in &self.output {
            outputs.push((format.read()?, file.clone()));
        }
        Ok(Outputs(outputs))
    }
}

impl Outputs {
    /// Sees that every file can be written, before anything else is.
    ///
    /// # Errors
    /// A file that cannot be written, or that is to be kept.
    pub(super) fn probe(&self, kept: &mut Kept) -> Result<(), Failure> {
        self.keep_templates(kept);
        let mut files = self.0.iter().filter_map(|(_, file)| file.as_ref());
        files.try_for_each(|file| {
            kept.spare(file)?;
            replace::stage(file, "").map(drop)
        })
    }

    /// Lays the findings of a run out, and writes those that go to files beside their places.
    ///
    /// # Errors
    /// A template that fails; a file that cannot be written, or that is to be kept or was read.
    pub(super) fn fill(
        &self,
        run: &[Examined],
        kept: &mut Kept,
        terminal: &Terminal,
    ) -> Result<Filled, Failure> {
        kept.keep_read(run);
        self.keep_templates(kept);
        let mut files = Vec::new();
        let mut shown = Shown::Nothing;
        for (layout, file) in &self.0 {
            match file {
                Some(file) => files.push((file, layout.fill(run, Ink::Plain)?)),
                None if layout.is_for_people() => shown = Shown::InParts,
                None => shown = Shown::Whole(layout.fill(run, terminal.ink())?),
            }
        }
        let staged = files.iter().map(|(file, text)| {
            kept.spare(file)?;
            replace::stage(file, text)
        });
        Ok(Filled { staged: staged.collect::<Result<_, _>>()?, shown })
    }

    fn keep_templates(&self, kept: &mut Kept) {
        kept.keep(self.0.iter().filter_map(|(layout, _)| match layout {
            Layout::Template(path, _) => Some(path),
            Layout::BuiltIn(_) => None,
        }));
    }
}

impl Filled {
    /// Puts files in their places: these, and others before them.
    ///
    /// # Errors
    /// A place that cannot be written, or a file that somebody else has changed.
    pub(super) fn commit(self, mut others: Vec<Staged>) -> Result<Shown, Failure> {
        others.extend(self.staged);
        replace::commit(others)?;
        Ok(self.shown)
    }
}

impl Shown {
    /// Writes it.
    ///
    /// # Errors
    /// A standard output that takes no more.
    pub(super) fn show(self, run: &[Examined], terminal: &mut Terminal) -> Result<(), Failure> {
        match self {
            Self::Whole(text) => terminal.result(&text),
            Self::InParts => {
                findings::human_parts(run, terminal.ink()).try_for_each(|part| terminal.result(&part))
            }
            Self::Nothing => Ok(()),
        }
    }
}

impl Layout {
    /// Whether it is the one that can be shown in parts.
    const fn is_for_people(&self) -> bool {
        matches!(self, Self::BuiltIn(BuiltIn::Human))
    }

    /// The findings in this format.
    fn fill(&self, run: &[Examined], ink: Ink) -> Result<String, Failure> {
        let built_in = match self {
            Self::BuiltIn(built_in) => built_in,
            Self::Template(path, template) => {
                return template.fill(run).map_err(|error| fails(path, error.to_string()));
            }
        };
        let text = match built_in {
            BuiltIn::Human => Ok(report::human(run, ink)),
            BuiltIn::Concise => Ok(findings::concise(run)),
            BuiltIn::Markdown | BuiltIn::GithubSummary => Ok(findings::markdown(run)),
            BuiltIn::Json => report::json(run),
            BuiltIn::Sarif => findings::sarif(run),
            BuiltIn::Github => Ok(findings::github(run)),
            BuiltIn::Gitlab => findings::gitlab(run),
            BuiltIn::Junit => Ok(findings::junit(run)),
            BuiltIn::Checkstyle => Ok(findings::checkstyle(run)),
            BuiltIn::Rdjson => findings::rdjson(run),
        };
        text.map_err(|error| Failure::bug(&error))
    }
}

impl Format {
    fn read(&self) -> Result<Layout, Failure> {
        let path = match self {
            Self::BuiltIn(built_in) => return Ok(Layout::BuiltIn(*built_in)),
            Self::Template(path) => path,
        };
        let bytes = source::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        if bytes.len() > LARGEST {
            return Err(fails(path, "it is larger than 1 MiB".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|_| fails(path, "it is not UTF-8".to_owned()))?;
        let template = findings::Template::new(&written(path), text);
        let template = template.map_err(|error| fails(path, error.to_string()))?;
        Ok(Layout::Template(path.clone(), Box::new(template)))
    }

    /// A format as users write it.
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("template", "")) => Err("the template is missing: `template=FILE`".to_owned()),
            Some(("template", file)) => Ok(Self::Template(file.into())),
            _ => BuiltIn::from_str(text, false).map(Self::BuiltIn).map_err(|_| unknown(text)),
        }
    }
}

impl Output {
    /// `FORMAT`, `FORMAT=-` or `FORMAT=FILE`; the format may be `template=FILE`.
    fn parse(text: &str) -> Result<Self, String> {
        let end_of_name = match text.strip_prefix("template=") {
            Some(rest) => rest.find('=').map(|at| text.len() - rest.len() + at),
            None => text.find('='),
        };
        let (format, file) = match end_of_name.and_then(|at| text.split_at_checked(at)) {
            None => (text, None),
            Some((format, file)) => (format, file.strip_prefix('=')),
        };
        match file {
            Some("") => Err(format!("the file is missing: `{format}=FILE`")),
            None | Some("-") => Ok(Self { format: Format::parse(format)?, file: None }),
            Some(file) => Ok(Self { format: Format::parse(format)?, file: Some(file.into()) }),
        }
    }
}

impl TypedValueParser for FormatParser {
    type Value = Format;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Format, clap::Error> {
        TypedValueParser::parse_ref(&Format::parse, command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let built_in = BuiltIn::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let template = PossibleValue::new(TEMPLATE)
            .help("Whoever you like: a template of your own for the JSON document");
        Some(Box::new(built_in.chain([template])))
    }
}

fn unknown(text: &str) -> String {
    let values = BuiltIn::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> =
        values.map(|value| value.get_name().to_owned()).chain([TEMPLATE.to_owned()]).collect();
    let near = nearest(text, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
    format!("there is no such format; {}there are {}", near.unwrap_or_default(), names.join(", "))
}

fn fails(path: &Path, reason: String) -> Failure {
    Failure::Template { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(Format, Option<PathBuf>), String> {
        Output::parse(text).map(|Output { format, file }| (format, file))
    }

    #[test]
    fn an_output_is_a_format_and_a_place() {
        let sarif = || Format::BuiltIn(BuiltIn::Sarif);
        let template = || Format::Template("a.j2".into());
        assert_eq!(parsed("sarif"), Ok((sarif(), None)));
        assert_eq!(parsed("sarif=-"), Ok((sarif(), None)));
        assert_eq!(parsed("sarif=out/a=b.sarif"), Ok((sarif(), Some("out/a=b.sarif".into()))));
        assert_eq!(parsed("template=a.j2"), Ok((template(), None)));
        assert_eq!(parsed("template=a.j2=-"), Ok((template(), None)));
        assert_eq!(parsed("template=a.j2=a.txt"), Ok((template(), Some("a.txt".into()))));
    }

    #[test]
    fn what_is_missing_is_named() {
        for text in ["sarif=", "template=", "template=a.j2=", "=x", "", "Sarif", "template"] {
            assert!(parsed(text).is_err(), "{text}");
        }
        assert!(parsed("sarf=x").unwrap_err().contains("did you mean `sarif`?"));
    }
}
