//! What a command prints: answers on stdout, colour only where a person looks.

use std::io::{self, IsTerminal as _, Write as _};

use crate::domain::language::Language;

use super::outcome::CliError;

/// Prints to stdout. A reader that went away (`| head`) is no error.
///
/// # Errors
/// Standard output cannot be written: the world failed.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::world(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// The language a person at this terminal reads.
#[must_use]
pub fn language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Language::of_tag(locale.as_deref().unwrap_or_default())
}

/// A tone that a word is printed in, never the only carrier of meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good.
    Green,
    /// Look twice.
    Amber,
    /// Bad.
    Red,
    /// Of less weight.
    Dim,
}

/// `text` in a tone, where stdout is a terminal and `NO_COLOR` is not set.
#[must_use]
pub fn toned(tone: Tone, text: &str) -> String {
    let plain = !io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some();
    if plain {
        return text.to_owned();
    }
    let code = match tone {
        Tone::Green => "1;32",
        Tone::Amber => "1;33",
        Tone::Red => "1;31",
        Tone::Dim => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
