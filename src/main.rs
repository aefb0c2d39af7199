//! The `mailward` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    mailward::cli::main(std::env::args_os())
}
