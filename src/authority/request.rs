//! Certificate requests (PKCS#10, RFC 2986): ours to a foreign PSrE, others' to us.
//!
//! A request proves that its maker holds the key. What it asks for is not read: a
//! CA certifies by its own profile, and so does a PSrE.

use openssl::x509::X509Req;

use super::subject::{Subject, SubjectError};
use crate::kernel::asn1::{Tag, write};
use crate::kernel::sign::{SignError, Signer};
use crate::kernel::x509::pem;

/// Why a request was not made or not accepted.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The subject cannot be written.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// The key did not sign.
    #[error("the key did not sign: {0}")]
    Sign(#[from] SignError),
    /// Not a PKCS#10 request.
    #[error("this is not a certificate request (PKCS#10)")]
    Malformed,
    /// Its signature does not verify: whoever made it does not hold the key.
    #[error("the certificate request is not signed by the key it names")]
    NoProofOfPossession,
}

/// A CertificationRequest, DER, for a key wherever it is.
///
/// # Errors
/// The subject's or the key's.
pub fn make(subject: &Subject, spki: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, RequestError> {
    let info = write::sequence(&[
        &write::small(0),
        subject.name()?.der(),
        spki,
        &write::tlv(Tag::context(0), &[]),
    ]);
    let signature = signer.sign(&info)?;
    let algorithm = signer.algorithm().algorithm_identifier();
    let request = write::sequence(&[&info, &algorithm, &write::bit_string(&signature)]);
    // The same check the other side makes: a key that does not fit its certificate's
    // public half shows here.
    key_of(&request)?;
    Ok(request)
}

/// As PEM.
#[must_use]
pub fn to_pem(request: &[u8]) -> String {
    pem::encode("CERTIFICATE REQUEST", request)
}

/// The key of a request (SubjectPublicKeyInfo), if its maker holds it. PEM or DER.
///
/// # Errors
/// [`RequestError::Malformed`], [`RequestError::NoProofOfPossession`].
pub fn key_of(request: &[u8]) -> Result<Vec<u8>, RequestError> {
    let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
    let mut blocks = pem::blocks_or_der(request, &labels).into_iter();
    let (Some(der), None) = (blocks.next(), blocks.next()) else {
        return Err(RequestError::Malformed);
    };
    let request = X509Req::from_der(&der).map_err(|_| RequestError::Malformed)?;
    let key = request.public_key().map_err(|_| RequestError::Malformed)?;
    match request.verify(&key) {
        Ok(true) => key.public_key_to_der().map_err(|_| RequestError::Malformed),
        _ => Err(RequestError::NoProofOfPossession),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, SoftwareKey};

    #[test]
    fn a_request_proves_possession() {
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        let spki = key.spki_der().unwrap();
        let request = make(&Subject::named("Siti"), &spki, &key).unwrap();
        assert_eq!(key_of(&request).unwrap(), spki);
        assert_eq!(key_of(to_pem(&request).as_bytes()).unwrap(), spki);
        let mut flipped = request;
        let at = flipped.len() - 3;
        flipped[at] ^= 1;
        assert!(matches!(
            key_of(&flipped),
            Err(RequestError::NoProofOfPossession | RequestError::Malformed)
        ));
        let other = SoftwareKey::generate(KeyType::P256).unwrap();
        assert!(matches!(
            make(&Subject::named("Siti"), &spki, &other),
            Err(RequestError::NoProofOfPossession)
        ));
        assert!(matches!(key_of(b"x"), Err(RequestError::Malformed)));
    }
}
