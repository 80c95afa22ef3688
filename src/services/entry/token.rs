//! Secrets that are handed out once: of a link, of a session's cookie. Of full entropy, so
//! that a fast hash is enough to look them up by.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::kernel::hash::Sha256;

/// 32 octets in base64url.
const LENGTH: usize = 43;

/// A secret of 256 random bits, as its holder gives it.
pub struct Token(Zeroizing<String>);

impl Token {
    pub(super) fn from_random(random: [u8; 32]) -> Self {
        let random = Zeroizing::new(random);
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random.as_slice())))
    }

    /// What someone presents; none where it cannot be one of ours.
    #[must_use]
    pub fn presented(text: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == LENGTH && text.bytes().all(fits))
            .then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for its holder alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What it is looked up by.
    #[must_use]
    pub fn hash(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }

    /// Another secret that follows from this one and does not lead back to it.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> String {
        let parts = [purpose.as_bytes(), b"\n", self.0.as_bytes()];
        URL_SAFE_NO_PAD.encode(Sha256::of_parts(&parts).as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_presented_as_it_was_given() {
        let token = Token::from_random([0xfb; 32]);
        let again = Token::presented(token.reveal()).unwrap();
        assert_eq!(again.hash(), token.hash());
        assert_eq!(format!("{token:?}"), "Token(..)");
        for text in [
            "",
            "x",
            &token.reveal()[1..],
            &format!("{}=", token.reveal()),
        ] {
            assert!(Token::presented(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_derived_differs_by_purpose() {
        let token = Token::from_random([1; 32]);
        assert_ne!(token.derived("a"), token.derived("b"));
        assert_ne!(token.derived("a"), token.reveal());
    }
}
