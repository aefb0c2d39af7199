//! Bugs end in one paragraph and exit code 70, never in a backtrace alone.

use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::exit::Exit;

/// Runs the program; a panic anywhere in it is told on the error stream.
pub(super) fn guarded(program: impl FnOnce() -> Exit) -> Exit {
    panic::set_hook(Box::new(tell));
    caught(program)
}

/// A panic is a bug, whatever the program had to say.
fn caught(program: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(program)).unwrap_or(Exit::Bug)
}

fn tell(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let what = panic.payload_as_str().unwrap_or("a panic without a message");
    // There is no better place to complain.
    let _ = writeln!(std::io::stderr(), "{}", report_request(&format!("{what}{place}")));
}

/// What people read when mailward is broken.
pub(super) fn report_request(what: &str) -> String {
    format!(
        "internal error: {what}\n\n\
         This is a bug in mailward {}, and nothing that you did wrong. Please report it to its maintainers\n\
         with the line above, the command, and the policy if you can share it: the smallest one that still\n\
         shows the error is the most useful.",
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug() {
        assert_eq!(caught(|| panic!("on purpose")), Exit::Bug);
        assert_eq!(caught(|| Exit::No), Exit::No);
    }

    #[test]
    fn the_request_says_what_to_send() {
        let text = report_request("it broke");
        assert!(text.starts_with("internal error: it broke\n"));
        assert!(text.contains(env!("CARGO_PKG_VERSION")) && text.contains("the policy"));
    }
}
