//! The two output streams: results go to one, everything else to the other.

use std::io::{self, ErrorKind, Write};

use annotate_snippets::renderer::{AnsiColor, Style};
use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use super::failure::Failure;
use crate::report::Ink;

/// The word before an error, as in reports.
const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// The word before what to do.
const HELP: Style = AnsiColor::BrightGreen.on_default();

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless the environment asks for none.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where a command speaks.
pub(super) struct Terminal {
    results: Stream,
    remarks: Stream,
}

struct Stream {
    to: Box<dyn Write>,
    styled: bool,
}

impl Terminal {
    /// The streams of the process.
    pub(super) fn of_process(color: Color) -> Self {
        Self {
            results: Stream::new(io::stdout(), color.on(&io::stdout())),
            remarks: Stream::new(io::stderr(), color.on(&io::stderr())),
        }
    }

    /// What reports are to be written in.
    pub(super) const fn ink(&self) -> Ink {
        if self.results.styled { Ink::Styled } else { Ink::Plain }
    }

    /// Writes a part of the answer; styles are taken out where they are not wanted.
    ///
    /// A reader who has seen enough and closed the pipe is no error: the answer is still worked out for the exit
    /// code.
    ///
    /// # Errors
    /// A stream that takes no more, such as a full disk.
    pub(super) fn result(&mut self, text: &str) -> Result<(), Failure> {
        match self.results.write(text) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    /// Says something that is not part of the answer.
    pub(super) fn remark(&mut self, text: &str) {
        // There is no better place to complain.
        let _ = self.remarks.write(&format!("{text}\n"));
    }

    /// Says why there is no answer.
    pub(super) fn error(&mut self, what: &str, help: Option<&str>) {
        self.remark(&format!("{ERROR}error{ERROR:#}: {}", printable(what)));
        if let Some(help) = help {
            self.remark(&format!("{HELP} help{HELP:#}: {}", printable(help)));
        }
    }
}

impl Stream {
    fn new(to: impl Write + 'static, styled: bool) -> Self {
        Self { to: Box::new(to), styled }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let is_plain = !text.contains('\u{1b}');
        if self.styled || is_plain {
            self.to.write_all(text.as_bytes())?;
        } else {
            self.to.write_all(strip_str(text).to_string().as_bytes())?;
        }
        self.to.flush()
    }
}

impl Color {
    fn on<S: anstream::stream::RawStream>(self, stream: &S) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        }
    }
}

/// Names of files may hold anything; the terminal gets nothing but printable text on one line, since a line of a name's own
/// may be a command to whoever reads the output.
pub(super) fn printable(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(text).replace(['\n', '\r'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn closed(kind: ErrorKind) -> Terminal {
        Terminal { results: Stream::new(Closed(kind), false), remarks: Stream::new(io::sink(), false) }
    }

    #[test]
    fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
        assert!(closed(ErrorKind::BrokenPipe).result("x").is_ok());
        assert!(closed(ErrorKind::StorageFull).result("x").is_err());
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(printable("a\n::error::\r\u{1b}b").lines().count(), 1);
    }
}
