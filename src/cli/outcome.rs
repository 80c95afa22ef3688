//! How a command ends: the exit statuses of the command line, and errors that
//! say in one line what happened and what to do.

use std::fmt;
use std::process::ExitCode;

/// A command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is yes, or the work is done: exit status 0.
    Done,
    /// The answer is no: exit status 1.
    No,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::No => Self::from(1),
        }
    }
}

/// Whose fault an error is; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The command was used wrongly, or its input cannot be read: exit status 2.
    Use,
    /// Network, disk or key store failed: exit status 3.
    World,
}

/// A command that could not run to its end.
#[derive(Debug)]
pub struct CliError {
    fault: Fault,
    what: String,
    mend: Option<String>,
}

impl CliError {
    /// Wrong use or unreadable input.
    pub fn usage(what: impl fmt::Display) -> Self {
        Self::new(Fault::Use, what)
    }

    /// The network, the disk or a key store failed.
    pub fn world(what: impl fmt::Display) -> Self {
        Self::new(Fault::World, what)
    }

    fn new(fault: Fault, what: impl fmt::Display) -> Self {
        Self {
            fault,
            what: one_line(&what.to_string()),
            mend: None,
        }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub fn mend(mut self, mend: impl fmt::Display) -> Self {
        self.mend = Some(one_line(&mend.to_string()));
        self
    }

    /// Says in which step of several it happened.
    #[must_use]
    pub fn in_step(mut self, step: &str) -> Self {
        self.what = format!("{}: {}", one_line(step), self.what);
        self
    }

    /// The exit status this error stands for.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self.fault {
            Fault::Use => ExitCode::from(2),
            Fault::World => ExitCode::from(3),
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mend {
            Some(mend) => write!(f, "{}; {mend}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for CliError {}

/// A message on one line, so that scripts can take the last line of stderr.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_that_says_what_to_do() {
        let error = CliError::usage("cannot read a.pdf:\n no such file").mend("check the name");
        assert_eq!(
            error.to_string(),
            "cannot read a.pdf: no such file; check the name"
        );
    }
}
