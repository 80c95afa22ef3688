//! Where timestamp tokens come from: our own TSA or a foreign one (RFC 3161).

use async_trait::async_trait;

use crate::kernel::hash::HashAlgorithm;

/// A source of timestamp tokens.
#[async_trait]
pub trait Timestamps: Send + Sync {
    /// A token (ContentInfo, DER) over a digest. It was checked: imprint, nonce,
    /// policy, one signer with the critical purpose.
    ///
    /// # Errors
    /// Why there is none. Nothing is ever put in its place.
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError>;

    /// No token is longer than this: what a signature's hole is sized for.
    fn longest_token(&self) -> usize;
}

/// Why there is no timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Our own TSA refused.
    #[error("the time-stamping authority refused: {0}")]
    Refused(String),
    /// No foreign TSA of the list gave an acceptable token: each with its reason.
    #[error("no time-stamping authority answered acceptably: {}", .0.join("; "))]
    NoneAnswered(Vec<String>),
}
