//! Checkpoints: what a log says its tree is (C2SP tlog-checkpoint): origin, size, root,
//! as the text of a signed note.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::kernel::hash::Sha256;

/// A tree head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a name without a scheme, such as `log.example.go.id/izin`.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Sha256,
}

/// Not the text of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a checkpoint: {0}")]
pub struct CheckpointError(&'static str);

/// The note's text: three lines.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = BASE64.encode(self.root.as_bytes());
        write!(f, "{}\n{}\n{root}\n", self.origin, self.size)
    }
}

/// Lines that follow the first three are others' extensions and are not read.
impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.lines();
        let mut line = || {
            lines
                .next()
                .ok_or(CheckpointError("three lines are needed"))
        };
        let (origin, size, root) = (line()?, line()?, line()?);
        if origin.is_empty() {
            return Err(CheckpointError("the origin is empty"));
        }
        let digits = size.bytes().all(|digit| digit.is_ascii_digit());
        if !digits || (size.starts_with('0') && size != "0") {
            return Err(CheckpointError("the size is not a plain number"));
        }
        let size = size
            .parse()
            .map_err(|_| CheckpointError("the size is too large"))?;
        let root = BASE64
            .decode(root)
            .ok()
            .and_then(|root| root.try_into().ok());
        let root = root.ok_or(CheckpointError("the root has 32 octets in base64"))?;
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root: Sha256::from_bytes(root),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_it_is_written() {
        let checkpoint = Checkpoint {
            origin: "log.example.go.id/izin".to_owned(),
            size: 20_852_163,
            root: Sha256::of(b"a tree"),
        };
        let text = checkpoint.to_string();
        assert_eq!(text.parse(), Ok(checkpoint.clone()));
        assert_eq!(format!("{text}an extension\n").parse(), Ok(checkpoint));
    }

    #[test]
    fn what_is_none_is_refused() {
        let root = BASE64.encode([0; 32]);
        for text in [
            String::new(),
            "a\n1\n".to_owned(),
            format!("\n1\n{root}\n"),
            format!("a\n01\n{root}\n"),
            format!("a\n+1\n{root}\n"),
            format!("a\n-1\n{root}\n"),
            format!("a\n99999999999999999999\n{root}\n"),
            "a\n1\nAAAA\n".to_owned(),
        ] {
            assert!(text.parse::<Checkpoint>().is_err(), "{text:?}");
        }
    }
}
