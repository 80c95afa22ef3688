//! Why nobody gets in.

use crate::kernel::webauthn::WebAuthnError;

/// Why a passkey, a link or an answer opens nothing. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The passkey is not one of this office, has ended, or is another person's.
    #[error("the passkey is unknown, has ended, or is another person's")]
    UnknownPasskey,
    /// It is known already.
    #[error("the passkey is known already")]
    KnownPasskey,
    /// The authenticator's answer does not hold.
    #[error(transparent)]
    Passkey(#[from] WebAuthnError),
    /// The answer came too late, or a second time, or to another question.
    #[error("the time for an answer is over: begin again")]
    Lapsed,
    /// The link was used, lapsed, or never given out.
    #[error("the link was used, has lapsed, or was never given out")]
    Invitation,
    /// A rule of the office.
    #[error("{0}")]
    Rule(&'static str),
}
