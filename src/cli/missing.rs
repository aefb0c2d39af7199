//! Options that were not given and have to be: what may be given.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// The error with the words that a missing option of the command takes.
pub(super) fn with_words(mut error: Error, command: Option<&Command>) -> Error {
    if error.kind() == ErrorKind::MissingRequiredArgument
        && let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
    {
        let tips = missing.iter().filter_map(|option| tip(option, command?));
        let tips = ContextValue::StyledStrs(tips.collect());
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// What an option takes, for one as usage shows it: `--target <TARGET>`.
fn tip(option: &str, command: &Command) -> Option<StyledStr> {
    let long = option.strip_prefix("--")?.split([' ', '=']).next();
    let argument = command.get_arguments().find(|argument| argument.get_long() == long)?;
    let values = argument.get_possible_values();
    let words: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
    (!words.is_empty()).then(|| format!("`--{}` takes {}", long.unwrap_or_default(), words.join(", ")).into())
}
