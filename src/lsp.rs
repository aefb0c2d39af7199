//! The language server: what `lint` says while a policy is being written, and what its names are.
//!
//! Knows neither terminal nor clock: streams, the day and the profiles are handed in. One document after the other is examined,
//! and only when nothing waits: of several changes only the newest text is looked at.

mod actions;
mod completion;
mod cursor;
mod definition;
mod desk;
mod formatting;
mod hover;
mod lines;
mod names;
mod permit;
mod protocol;
mod publish;
mod rename;
mod server;
mod study;
mod symbols;
mod transport;
mod tree;
mod uri;

use std::io::{self, BufRead, Write};

use jiff::civil::Date;

use crate::lint::Plan;
use crate::lower::Lowered;
use crate::parse::Bundle;
use crate::source::Sources;

/// Looks up the names of a policy, and says what it is held against.
pub type Lower<'s> = dyn Fn(Bundle, &mut Sources) -> (Lowered, Option<Plan>) + 's;

/// What the server cannot know by itself.
pub struct Setup<'s> {
    /// Looks up the names of a policy, and says what it is held against.
    pub lower: &'s Lower<'s>,
    /// The day by which exceptions are judged.
    pub today: &'s dyn Fn() -> Date,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As it should: `shutdown`, then `exit`.
    Properly,
    /// Without `shutdown`, or with the stream.
    Abruptly,
}

/// Answers an editor until it says that it is enough or its stream ends.
///
/// # Errors
/// An answer that cannot be written.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: impl Write,
    setup: &Setup<'_>,
) -> io::Result<Ended> {
    server::Server::new(transport::Outgoing(output), setup).run(&transport::reading(input))
}
