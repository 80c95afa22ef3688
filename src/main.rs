//! The `absah` command: see [`absah::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    absah::cli::run()
}
