//! How far a long run has come, for people at a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// What takes no longer shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn anew.
const PACE: Duration = Duration::from_millis(100);
/// The width of the bar, in characters.
const WIDTH: usize = 30;

/// Counts what is done.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: AtomicUsize,
    whole: AtomicUsize,
}

impl Progress {
    /// How much there is to do.
    pub(super) fn expect(&self, whole: usize) {
        self.whole.store(whole, Ordering::Relaxed);
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Does some work, and shows on the error stream how far it is if that is a terminal and it takes long.
    pub(super) fn shown<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        if !io::stderr().is_terminal() {
            return work(self);
        }
        let (ended, end) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || self.draw_until(&end));
            let done = work(self);
            drop(ended);
            done
        })
    }

    /// Draws from time to time, until the other end is gone.
    fn draw_until(&self, end: &Receiver<()>) {
        let mut wait = PATIENCE;
        while end.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            wait = PACE;
            draw(&self.line());
        }
        if wait == PACE {
            draw("");
        }
    }

    /// `[######      ] 120 of 500`.
    fn line(&self) -> String {
        let whole = self.whole.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).min(whole);
        let filled = (done * WIDTH).checked_div(whole).unwrap_or_default();
        format!("[{}{}] {done} of {whole}", "#".repeat(filled), " ".repeat(WIDTH - filled))
    }
}

/// Replaces the last line of the terminal.
fn draw(line: &str) {
    // There is no better place to complain.
    let _ = write!(io::stderr(), "\r\u{1b}[K{line}");
    let _ = io::stderr().flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is() {
        let progress = Progress::default();
        assert_eq!(progress.line(), format!("[{}] 0 of 0", " ".repeat(30)));
        progress.expect(4);
        progress.step();
        assert_eq!(progress.line(), format!("[#######{}] 1 of 4", " ".repeat(23)));
        (0..9).for_each(|_| progress.step());
        assert_eq!(progress.line(), format!("[{}] 4 of 4", "#".repeat(30)));
    }

    #[test]
    fn work_is_done_once() {
        assert_eq!(Progress::default().shown(|progress| progress.line().len()), 39);
    }
}
