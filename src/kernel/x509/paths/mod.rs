//! Certification paths (RFC 5280 6), built and validated by OpenSSL at a given time.
//!
//! [`build`] answers for one purpose, without revocation: a signature's revocation is
//! judged at another time, with proofs of existence, by the validation room.
//! [`validate`] is the whole of RFC 5280 with CRLs, OCSP responses and policies, as
//! `absah cert verify` asks for it. Nothing is fetched: what is not given is not there.

mod error;
mod openssl;
mod purpose;
mod revocation;
mod validate;

use time::OffsetDateTime;

use super::Certificate;

pub use error::{PathError, PathErrorKind};
pub use purpose::{Purpose, SIGNING_PURPOSES};
pub use revocation::{RevocationSource, StatusProof};
pub use validate::{PathInput, PathReport, validate};

/// A path that was validated: the target first, the trust anchor last. Only this module
/// makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePath(Vec<Certificate>);

impl CertificatePath {
    /// The certificates, the target first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }

    /// The trust anchor; the target itself where it is one.
    pub fn anchor(&self) -> Option<&Certificate> {
        self.0.last()
    }

    /// Each certificate below the anchor with its issuer, the target first. An anchor is
    /// trusted for itself: nobody's word about it counts.
    pub fn links(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&Certificate, &Certificate)> + ExactSizeIterator {
        self.0.iter().zip(self.0.get(1..).unwrap_or_default())
    }
}

/// Builds and validates a path for a purpose at a time, under the strict rules of
/// RFC 5280 and with keys and hashes of at least 112 bits of security.
///
/// A certificate of `anchors` ends a path wherever it stands in its own.
pub fn build(
    target: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
    purpose: Purpose,
) -> Result<CertificatePath, PathError> {
    purpose.check(target)?;
    let path = openssl::Verification {
        target,
        untrusted,
        anchors,
        at,
        purpose,
        allow_weak: false,
        policies: openssl::Policies::default(),
        revocation: openssl::Revocation::Unchecked,
    };
    path.run().map(CertificatePath)
}
