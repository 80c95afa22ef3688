//! Secrets that open keys: they print as nothing and are wiped when dropped.

use zeroize::Zeroizing;

use crate::domain::credentials::CredentialId;

/// A passphrase, as the UTF-8 bytes its owner typed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the text; the caller's own copies are the caller's to wipe.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads what a passphrase file holds: its first line, without the line end.
    #[must_use]
    pub fn from_file_content(content: &str) -> Self {
        Self::new(content.lines().next().unwrap_or_default().to_owned())
    }

    /// The text, for the one call that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True if there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// What a person gives to open his key.
#[derive(Debug)]
pub enum UnlockSecret {
    /// Something remembered: stretched with Argon2id.
    Passphrase(Passphrase),
    /// The PRF output of a passkey: 32 uniform bytes, so HKDF is enough.
    PasskeyPrf {
        /// Which passkey gave it.
        credential: CredentialId,
        /// What it gave.
        output: PrfOutput,
    },
}

/// The 32 bytes a passkey's PRF extension returns.
pub struct PrfOutput(Zeroizing<Vec<u8>>);

impl PrfOutput {
    /// Takes the bytes, where they are 32. They stay where they are: what is moved leaves a copy.
    #[must_use]
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// The bytes, for the one call that needs them.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// Another one of the same bytes, for another thread.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.0.clone())
    }
}

impl std::fmt::Debug for PrfOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrfOutput(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_itself() {
        let secret = UnlockSecret::Passphrase(Passphrase::new("rahasia".into()));
        assert!(!format!("{secret:?}").contains("rahasia"));
        let secret = UnlockSecret::PasskeyPrf {
            credential: CredentialId::new(&[1]).unwrap(),
            output: PrfOutput::new(vec![0x5a; 32].into()).unwrap(),
        };
        assert!(PrfOutput::new(vec![1; 31].into()).is_none());
        assert!(!format!("{secret:?}").contains("90"));
    }

    #[test]
    fn a_file_gives_its_first_line() {
        assert_eq!(
            Passphrase::from_file_content("satu dua\r\ntiga").reveal(),
            "satu dua"
        );
        assert!(Passphrase::from_file_content("").is_empty());
    }
}
