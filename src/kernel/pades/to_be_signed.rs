//! A prepared revision with its signed attributes: all that the signature value
//! depends on.

use crate::kernel::asn1::oids;
use crate::kernel::cms::{CmsError, SignedAttributes};
use crate::kernel::pdf::signing::Prepared;
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::x509::Certificate;

use super::BaselineB;

/// What waits for a signature value.
#[derive(Clone, Debug)]
pub struct ToBeSigned {
    prepared: Prepared,
    attributes: SignedAttributes,
}

/// Stored attributes that are not those of the prepared file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// They are not attributes of our making.
    #[error(transparent)]
    Attributes(#[from] CmsError),
    /// They are over other bytes, or name another certificate.
    #[error("the stored attributes belong to other bytes or to another certificate")]
    OtherBytes,
}

impl ToBeSigned {
    /// Fixes what is signed: the file outside the hole, under the key of a
    /// certificate, by an algorithm.
    #[must_use]
    pub fn new(prepared: Prepared, signer: &Certificate, algorithm: SignatureAlgorithm) -> Self {
        let attributes = attributes(&prepared, signer, algorithm);
        Self {
            prepared,
            attributes,
        }
    }

    /// The file with its empty hole.
    #[must_use]
    pub fn into_prepared(self) -> Prepared {
        self.prepared
    }

    /// Restores what was stored between two phases.
    ///
    /// # Errors
    /// [`RestoreError`] where the attributes would not come out the same again.
    pub fn restore(
        prepared: Prepared,
        attributes_der: &[u8],
        signer: &Certificate,
    ) -> Result<Self, RestoreError> {
        let stored = SignedAttributes::from_der(attributes_der)?;
        if stored != attributes(&prepared, signer, stored.algorithm()) {
            return Err(RestoreError::OtherBytes);
        }
        Ok(Self {
            prepared,
            attributes: stored,
        })
    }

    /// The digest to be signed: the hash of the DER encoding of the signed
    /// attributes (RFC 5652, 5.4).
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.attributes.digest()
    }

    /// The algorithm that the attributes fix.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.attributes.algorithm()
    }

    /// The signed attributes in DER, to be stored.
    #[must_use]
    pub fn attributes_der(&self) -> &[u8] {
        self.attributes.der()
    }

    /// The prepared file.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Takes the signature value. `chain` are the certificates that go into the
    /// signature beside the signer's: issuers up to, not with, the anchor.
    #[must_use]
    pub fn with_signature(
        self,
        value: Vec<u8>,
        signer: &Certificate,
        chain: &[Certificate],
    ) -> BaselineB {
        let mut certificates = vec![signer.clone()];
        certificates.extend(chain.iter().filter(|issuer| *issuer != signer).cloned());
        BaselineB::new(self.prepared, self.attributes, value, certificates)
    }
}

fn attributes(
    prepared: &Prepared,
    signer: &Certificate,
    algorithm: SignatureAlgorithm,
) -> SignedAttributes {
    let digest = prepared.digest(algorithm.hash());
    SignedAttributes::new(oids::ID_DATA, &digest, signer, algorithm)
}
