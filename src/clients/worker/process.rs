//! One worker process: it is started, given a task and a file, and heard. Without the
//! runtime's own processes, which open a socket for signals: a command that may open
//! none does not either.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

use super::Task;
use crate::services::ports::{Ending, ExaminerError};

/// What is read at once.
const CHUNK: usize = 64 << 10;
/// A Rust program that panics ends so.
const PANICKED: i32 = 101;

/// The answer of a process to a task on a file, within `patience`.
pub(super) fn ask(
    program: &Path,
    patience: Duration,
    file: &[u8],
    task: &Task,
) -> Result<Vec<u8>, ExaminerError> {
    let line = task.line()?;
    let mut worker = Worker::start(program, task)?;
    let until = Instant::now() + patience;
    let answer = worker.converse(&[&line, file], until, task.longest_answer())?;
    match worker.status(until)? {
        status if status.success() => Ok(answer),
        status => Err(ended(status)),
    }
}

/// A process that does not outlive this value.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // Of one that has ended and was waited for, both say so.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Worker {
    fn start(program: &Path, task: &Task) -> Result<Self, ExaminerError> {
        let started = Command::new(program)
            .args(["worker", "--seconds", &task.seconds().to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        started.map(Self).map_err(|error| unavailable(&error))
    }

    /// Writes what is to be said and reads the answer, whichever is possible: neither end
    /// waits for the other.
    fn converse(
        &mut self,
        parts: &[&[u8]],
        until: Instant,
        longest: usize,
    ) -> Result<Vec<u8>, ExaminerError> {
        let (Some(stdin), Some(mut stdout)) = (self.0.stdin.take(), self.0.stdout.take()) else {
            return Err(unavailable(&"the worker has no pipes"));
        };
        ioctl_fionbio(&stdin, true).map_err(|error| unavailable(&error))?;
        ioctl_fionbio(&stdout, true).map_err(|error| unavailable(&error))?;
        let mut speech = Speech {
            to: Some(stdin),
            parts: parts.to_vec(),
        };
        let mut answer = Vec::new();
        loop {
            let wait = until.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return Err(ExaminerError::Ended(Ending::Time));
            }
            let heard = stdout.as_fd();
            if ready(heard, speech.to.as_ref(), wait)? && !hear(&mut stdout, &mut answer)? {
                return Ok(answer);
            }
            if answer.len() > longest {
                return Err(ExaminerError::Ended(Ending::Failure));
            }
            speech.go_on()?;
        }
    }

    /// How it ended. One that closed its output and goes on is ended.
    fn status(&mut self, until: Instant) -> Result<ExitStatus, ExaminerError> {
        loop {
            if let Some(status) = self.0.try_wait().map_err(|error| unavailable(&error))? {
                return Ok(status);
            }
            if Instant::now() >= until {
                return Err(ExaminerError::Ended(Ending::Time));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

/// Waits until something can be heard or said; whether something can be heard.
fn ready(
    heard: BorrowedFd<'_>,
    to: Option<&ChildStdin>,
    wait: Duration,
) -> Result<bool, ExaminerError> {
    let mut pipes = vec![PollFd::from_borrowed_fd(heard, PollFlags::IN)];
    pipes.extend(to.map(|to| PollFd::new(to, PollFlags::OUT)));
    let wait = Timespec::try_from(wait).map_err(|error| unavailable(&error))?;
    match poll(&mut pipes, Some(&wait)) {
        Ok(_) => Ok(pipes.first().is_some_and(|one| !one.revents().is_empty())),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Takes what there is to hear; whether there may be more.
fn hear(from: &mut ChildStdout, answer: &mut Vec<u8>) -> Result<bool, ExaminerError> {
    let mut chunk = vec![0; CHUNK];
    match from.read(&mut chunk) {
        Ok(0) => Ok(false),
        Ok(read) => {
            answer.extend_from_slice(chunk.get(..read).unwrap_or_default());
            Ok(true)
        }
        Err(error) if is_not_yet(&error) => Ok(true),
        Err(error) => Err(unavailable(&error)),
    }
}

/// What is still to be said. The end of it closes the pipe.
struct Speech<'s> {
    to: Option<ChildStdin>,
    parts: Vec<&'s [u8]>,
}

impl Speech<'_> {
    fn go_on(&mut self) -> Result<(), ExaminerError> {
        while let (Some(to), Some(part)) = (&mut self.to, self.parts.first_mut()) {
            match to.write(part) {
                Ok(written) => *part = part.get(written..).unwrap_or_default(),
                Err(error) if is_not_yet(&error) => return Ok(()),
                // A worker that ended tells why by its status.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => self.parts.clear(),
                Err(error) => return Err(unavailable(&error)),
            }
            if self.parts.first().is_some_and(|part| part.is_empty()) {
                self.parts.remove(0);
            }
        }
        self.to = None;
        Ok(())
    }
}

fn is_not_yet(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

pub(super) fn unavailable(error: &dyn std::fmt::Display) -> ExaminerError {
    ExaminerError::Unavailable(error.to_string())
}

fn ended(status: ExitStatus) -> ExaminerError {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.signal(), status.code()) {
        (Some(libc::SIGXCPU | libc::SIGKILL), _) => ExaminerError::Ended(Ending::Time),
        (Some(libc::SIGABRT), _) => ExaminerError::Ended(Ending::Memory),
        (Some(_), _) | (_, Some(PANICKED)) => ExaminerError::Ended(Ending::Failure),
        // The program itself did not run, or refused the question.
        (None, _) => unavailable(&format_args!("absah worker: {status}")),
    }
}
