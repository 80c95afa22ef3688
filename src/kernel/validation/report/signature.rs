//! The report on one signature or document time-stamp.

use serde::{Deserialize, Serialize};

use time::OffsetDateTime;

use super::check::CheckReport;

pub use crate::kernel::pades::Level;
use crate::kernel::validation::finding::Finding;
use crate::kernel::validation::indication::{Indication, Status, SubIndication};
use crate::kernel::x509::RevocationReason;

/// What a signature field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// Someone's signature or an organisation's seal.
    Signature,
    /// A document time-stamp (EN 319 142-1, 5.4.3).
    DocumentTimestamp,
}

/// How the file changed after this signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modification {
    /// Not at all.
    None,
    /// Validation data and document time-stamps only.
    Lta,
    /// Fields were filled in or signed, as allowed.
    FormFilling,
    /// Annotations were added or changed.
    Annotations,
    /// Something that no rule allows.
    Illegal,
}

/// Whether a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationState {
    /// Not revoked at the time that counts.
    Good,
    /// Revoked.
    Revoked,
    /// Nothing usable said so.
    Unchecked,
}

/// Where the status comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationSource {
    /// An OCSP response.
    Ocsp,
    /// A certificate revocation list.
    Crl,
}

/// The revocation status of the signing certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Whether it stands.
    pub state: RevocationState,
    /// The reason for the revocation, by its RFC 5280 name.
    pub reason: Option<RevocationReason>,
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
    /// What kind of data says so.
    pub source: Option<RevocationSource>,
    /// `thisUpdate` of that data.
    #[serde(with = "time::serde::rfc3339::option")]
    pub this_update: Option<OffsetDateTime>,
}

impl Revocation {
    /// Nothing usable at hand.
    #[must_use]
    pub const fn unchecked() -> Self {
        Self {
            state: RevocationState::Unchecked,
            reason: None,
            at: None,
            source: None,
            this_update: None,
        }
    }
}

/// Who signed, as the certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerReport {
    /// The common name, or the whole subject where there is none.
    pub name: String,
    /// The subject (RFC 4514).
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number in hex.
    pub serial: String,
}

/// What a time-stamp covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampKind {
    /// The signature value.
    Signature,
    /// The file up to it.
    Document,
    /// What was signed, before it was signed.
    Content,
}

/// One time-stamp that concerns a signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TimestampReport {
    /// What it covers.
    pub kind: TimestampKind,
    /// The time it states.
    #[serde(with = "time::serde::rfc3339::option")]
    pub time: Option<OffsetDateTime>,
    /// The outcome of its validation.
    pub indication: Status,
    /// The reason, if not passed.
    pub sub_indication: Option<SubIndication>,
    /// Who made it.
    pub tsa: Option<String>,
    /// SHA-256 of its signature value, in hex: by that the checks name it.
    pub signature_value_sha256: Option<String>,
}

/// The revision that a signature covers: what was signed, for who wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRevision {
    /// Its length in bytes from the start of the file.
    pub length: usize,
    /// Its SHA-256 in hex, where more than validation data followed.
    pub sha256: Option<String>,
}

/// One certificate of a path, for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateReport {
    /// The subject (RFC 4514).
    pub subject: String,
    /// SHA-256 of the certificate, in hex.
    pub sha256: String,
    /// Start of its validity.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// End of its validity.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
}

/// The report on one signature or document time-stamp.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignatureReport {
    /// The fully qualified name of the field.
    pub field: Option<String>,
    /// What it is.
    pub kind: SignatureKind,
    /// Its `/SubFilter`.
    pub sub_filter: Option<String>,
    /// The outcome.
    pub indication: Indication,
    /// The reason, if not passed.
    pub sub_indication: Option<SubIndication>,
    /// The signed bytes match the message digest.
    pub intact: bool,
    /// And the signature value verifies under the certificate's key.
    pub crypto_valid: bool,
    /// Nothing follows what it covers.
    pub covers_whole_file: bool,
    /// How the file changed after it; null where that was not examined.
    pub modification: Option<Modification>,
    /// A chain leads to an anchor.
    pub trusted: bool,
    /// The level reached; null for time-stamps and what is no signature.
    pub level: Option<Level>,
    /// The certification level (1 to 3) if this is a certification signature.
    pub doc_mdp: Option<u8>,
    /// The signing certificate's revocation status.
    pub revocation: Revocation,
    /// Who signed.
    pub signer: Option<SignerReport>,
    /// The time the signer claims.
    #[serde(with = "time::serde::rfc3339::option")]
    pub signing_time: Option<OffsetDateTime>,
    /// The earliest time at which it is proven to have existed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub best_signature_time: Option<OffsetDateTime>,
    /// The reason the signer gives.
    pub reason: Option<String>,
    /// The place the signer gives.
    pub location: Option<String>,
    /// The time-stamps that concern it.
    pub timestamps: Vec<TimestampReport>,
    /// The chain, leaf first, anchor last.
    pub chain: Vec<CertificateReport>,
    /// What it covers.
    pub signed_revision: Option<SignedRevision>,
    /// SHA-256 of the signature value, in hex: to find it in a register.
    pub signature_value_sha256: Option<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Which building block came to which conclusion.
    pub checks: Vec<CheckReport>,
}

impl SignatureReport {
    /// A report that claims nothing: undecided until something is found out.
    #[must_use]
    pub const fn empty(kind: SignatureKind) -> Self {
        Self {
            field: None,
            kind,
            sub_filter: None,
            indication: Indication::Indeterminate,
            sub_indication: None,
            intact: false,
            crypto_valid: false,
            covers_whole_file: false,
            modification: None,
            trusted: false,
            level: None,
            doc_mdp: None,
            revocation: Revocation::unchecked(),
            signer: None,
            signing_time: None,
            best_signature_time: None,
            reason: None,
            location: None,
            timestamps: Vec::new(),
            chain: Vec::new(),
            signed_revision: None,
            signature_value_sha256: None,
            findings: Vec::new(),
            checks: Vec::new(),
        }
    }
}
