//! Import of what a foreign PSrE returns for our certificate request.
//!
//! Checked before anything is stored: the certificate is for our key, may sign documents, is
//! valid now, and its path ends at an anchor that the operator names. Whom to believe is
//! his decision: a root that only comes along with the certificate is not one.

use time::OffsetDateTime;

use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, PathError, Purpose};

/// A certificate that was accepted, with those above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The certificate of our key.
    pub certificate: Certificate,
    /// The certificates above it, the anchor last.
    pub chain: Vec<Certificate>,
}

/// Why what came back was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// None of the certificates, or more than one, is for our key.
    #[error("{0} of the certificates are for the key of the request, exactly one must be")]
    NotForOurKey(usize),
    /// No anchor was named.
    #[error("name the root certificate of the PSrE as trust anchor")]
    NoAnchor,
    /// Its path does not hold.
    #[error("the certificate is not accepted: {0}")]
    Path(#[from] PathError),
}

/// Judges what came back: `bundle` in any order, the key by its SubjectPublicKeyInfo.
///
/// # Errors
/// Why not.
pub fn accept(
    spki: &[u8],
    bundle: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
) -> Result<Imported, ImportError> {
    if anchors.is_empty() {
        return Err(ImportError::NoAnchor);
    }
    let mut ours: Vec<&Certificate> = Vec::new();
    for certificate in bundle.iter().filter(|one| one.spki_der() == spki) {
        // The same certificate twice is one.
        if !ours.contains(&certificate) {
            ours.push(certificate);
        }
    }
    let [certificate] = ours.as_slice() else {
        return Err(ImportError::NotForOurKey(ours.len()));
    };
    let path = paths::build(certificate, bundle, anchors, at, Purpose::Signer)?;
    Ok(Imported {
        certificate: (*certificate).clone(),
        chain: path.certificates().iter().skip(1).cloned().collect(),
    })
}
