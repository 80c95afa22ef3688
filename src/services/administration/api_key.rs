//! API keys: 256 random bits, shown once, kept as their SHA-256. A key of full
//! entropy needs no slow hash; a slow one would only make every request slow.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::kernel::hash::Sha256;

/// Tells secret scanners, and people, what it is.
const PREFIX: &str = "absah_";
/// The prefix and 32 octets in base64url.
const LENGTH: usize = PREFIX.len() + 43;

/// An API key, to be shown to its owner now or never.
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    pub(super) fn from_random(random: [u8; 32]) -> Self {
        let random = Zeroizing::new(random);
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(random.as_slice()));
        Self(Zeroizing::new(format!("{PREFIX}{}", *encoded)))
    }

    /// The key as its owner sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }
}

/// What a presented key is looked up by; none where it cannot be one of ours.
pub(super) fn presented(bearer: &str) -> Option<Sha256> {
    let ours = bearer.len() == LENGTH && bearer.starts_with(PREFIX);
    ours.then(|| Sha256::of(bearer.as_bytes()))
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_hash_and_never_printed() {
        let key = ApiKey::from_random([7; 32]);
        assert_eq!(presented(key.reveal()), Some(key.hash()));
        assert_eq!(format!("{key:?}"), "ApiKey(..)");
    }

    #[test]
    fn what_cannot_be_a_key_is_not_looked_up() {
        let key = ApiKey::from_random([7; 32]);
        let long = format!("{}A", key.reveal());
        for text in [
            "",
            "absah_",
            "hunter2",
            &long,
            &key.reveal().replace("absah_", "Absah_"),
        ] {
            assert_eq!(presented(text), None, "{text}");
        }
    }
}
