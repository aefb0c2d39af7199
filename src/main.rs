//! The `mailward` command.

use std::process::ExitCode;

/// Policies are trees of small pieces, with which the allocator of musl is slow.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mailward::cli::main(std::env::args_os())
}
