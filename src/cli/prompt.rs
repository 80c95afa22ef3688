//! Passphrases typed at the terminal, without showing them.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::files;
use super::outcome::CliError;
use crate::services::ports::Passphrase;

/// The longest file that holds a passphrase.
const LIMIT: u64 = 4096;
/// Shorter ones fall to guessing however well the key is sealed.
const SHORTEST: usize = 12;

/// A passphrase from a file, or typed once.
///
/// # Errors
/// No file and no terminal, or nothing in it.
pub fn passphrase(file: Option<&Path>, what: &str) -> Result<Passphrase, CliError> {
    let passphrase = match file {
        Some(file) => from_file(file)?,
        None => typed(&format!("{what}: "))?,
    };
    if passphrase.reveal().is_empty() {
        return Err(CliError::usage(format!("the {what} is empty")));
    }
    Ok(passphrase)
}

/// A new passphrase from a file, or typed twice.
///
/// # Errors
/// As [`passphrase`]; too short, or typed differently the second time.
pub fn new_passphrase(file: Option<&Path>, what: &str) -> Result<Passphrase, CliError> {
    let first = passphrase(file, what)?;
    if first.reveal().chars().count() < SHORTEST {
        return Err(
            CliError::usage(format!("the {what} has fewer than {SHORTEST} characters"))
                .mend("choose a longer one, such as four words"),
        );
    }
    if file.is_none() && typed(&format!("{what}, once more: "))?.reveal() != first.reveal() {
        return Err(CliError::usage(format!(
            "the two entries of the {what} differ"
        )));
    }
    Ok(first)
}

fn from_file(file: &Path) -> Result<Passphrase, CliError> {
    let bytes = Zeroizing::new(files::read(file, LIMIT)?);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| CliError::usage(format!("{} is not UTF-8 text", file.display())))?;
    Ok(Passphrase::from_file_content(text))
}

fn typed(prompt: &str) -> Result<Passphrase, CliError> {
    let no_terminal = |_| {
        CliError::usage("there is no terminal to type a passphrase at")
            .mend("name a file that holds it with --passphrase-file")
    };
    let mut terminal = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(no_terminal)?;
    let broken = |error: std::io::Error| CliError::world(format!("the terminal: {error}"));
    terminal.write_all(prompt.as_bytes()).map_err(broken)?;
    let hidden = Hidden::from(&terminal).map_err(|error| broken(error.into()))?;
    let mut line = Zeroizing::new(String::new());
    let read = BufReader::new(&terminal).read_line(&mut line);
    drop(hidden);
    read.and_then(|_| (&terminal).write_all(b"\n"))
        .map_err(broken)?;
    Ok(Passphrase::new(
        line.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Hidden<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Hidden<'a> {
    fn from(terminal: &'a File) -> rustix::io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // Nothing can be done for a terminal that refuses.
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}
