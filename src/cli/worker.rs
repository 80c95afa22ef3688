//! `absah worker`: examines one file from an unknown hand and ends. Internal: the
//! service starts one for each file.
//!
//! Before a byte of the file is read it gives up what it does not need: it can open
//! no file and no socket, take no more memory and no more processor time than its
//! limits, and leaves no core file, since that would hold what someone uploaded.

use std::io::{BufRead, Read, Write};

use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::outcome::{CliError, Outcome};
use crate::clients::worker::{LONGEST_TASK, Png, Task};
use crate::kernel::examination::{codes_shown, examine, outline, picture};

/// `absah worker`
#[derive(Debug, Args)]
pub struct Arguments {
    /// Address space, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    memory: u64,
    /// Processor time, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    seconds: u64,
}

/// Reads the task, a line of JSON, and the file from standard input, and writes the
/// answer to standard output.
///
/// # Errors
/// The limits cannot be set, or the task cannot be read.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    // Reads its configuration and its tables while files can still be opened.
    openssl::init();
    confine(arguments).map_err(CliError::world)?;
    let mut input = std::io::stdin().lock();
    let task = task(&mut input)?;
    let mut file = Vec::new();
    // One byte more than allowed is enough to see that it is too large.
    let most = task.limits().file_size as u64 + 1;
    input
        .take(most)
        .read_to_end(&mut file)
        .map_err(CliError::world)?;
    let answer = match task {
        Task::Examine(question) => {
            serde_json::to_vec(&examine(&file, &question).map_err(CliError::usage)?)
        }
        Task::CodesShown { limits, address } => {
            serde_json::to_vec(&codes_shown(&file, &limits, &address))
        }
        Task::Outline { limits, placement } => {
            serde_json::to_vec(&outline(&file, &limits, placement.as_ref()))
        }
        Task::Picture {
            limits,
            page,
            width,
        } => serde_json::to_vec(&picture(&file, &limits, page, width).map(Png)),
    };
    let answer = answer.map_err(CliError::world)?;
    std::io::stdout()
        .lock()
        .write_all(&answer)
        .map_err(CliError::world)?;
    Ok(Outcome::Done)
}

fn task(input: &mut impl BufRead) -> Result<Task, CliError> {
    let mut line = Vec::new();
    let mut bounded = input.take(LONGEST_TASK);
    bounded
        .read_until(b'\n', &mut line)
        .map_err(CliError::world)?;
    serde_json::from_slice(&line).map_err(|error| {
        CliError::usage(format!(
            "the task cannot be read: {error}; `absah worker` is started by the service"
        ))
    })
}

fn confine(arguments: &Arguments) -> rustix::io::Result<()> {
    let limits = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // The three that are open stay open; a fourth, file or socket, is refused.
        (Resource::Nofile, 3),
        (Resource::As, arguments.memory << 20),
        (Resource::Cpu, arguments.seconds),
    ];
    for (resource, most) in limits {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}
