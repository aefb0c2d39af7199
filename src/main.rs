//! The `mailward` command.

use std::process::ExitCode;

/// Policies are trees of small pieces, and musl's own allocator is slow with those.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mailward::cli::main(std::env::args_os())
}
