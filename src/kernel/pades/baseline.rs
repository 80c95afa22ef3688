//! B-B and B-T (EN 319 142-1, 6.3): the signature, and the signature with a
//! timestamp over its value. Both fill the same hole, so neither is written into
//! the file before it is known which one it is to be.

use crate::kernel::asn1::oids;
use crate::kernel::cms::{SignedAttributes, SignedDataBuilder};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::signing::{HoleTooSmall, Prepared, ValidationData, VriKey};
use crate::kernel::tsp::{MessageImprint, TimeStampToken};
use crate::kernel::x509::Certificate;

use super::{BaselineLt, PadesError};

/// A signature without a timestamp.
#[derive(Clone, Debug)]
pub struct BaselineB {
    prepared: Prepared,
    attributes: SignedAttributes,
    value: Vec<u8>,
    /// The signer's first.
    certificates: Vec<Certificate>,
}

impl BaselineB {
    pub(super) fn new(
        prepared: Prepared,
        attributes: SignedAttributes,
        value: Vec<u8>,
        certificates: Vec<Certificate>,
    ) -> Self {
        Self {
            prepared,
            attributes,
            value,
            certificates,
        }
    }

    /// What the signature timestamp is asked for: the hash of the signature value
    /// (EN 319 122-1, 5.3).
    #[must_use]
    pub fn timestamp_imprint(&self, hash: HashAlgorithm) -> MessageImprint {
        MessageImprint::of(hash, &[&self.value])
    }

    /// The file at level B-B.
    ///
    /// # Errors
    /// [`HoleTooSmall`]
    pub fn into_bytes(self) -> Result<Vec<u8>, HoleTooSmall> {
        let signed_data = self.signed_data(&[]);
        self.prepared.embed(&signed_data)
    }

    /// Adds a signature timestamp.
    ///
    /// # Errors
    /// The token does not cover the signature value, or does not fit.
    pub fn with_timestamp(self, token: &TimeStampToken) -> Result<BaselineT, PadesError> {
        if !token.tst.imprint.covers(&[&self.value]) {
            return Err(PadesError::Imprint);
        }
        let timestamp = (oids::ID_AA_SIGNATURE_TIME_STAMP_TOKEN, token.der().to_vec());
        let signed_data = self.signed_data(&[timestamp]);
        let hole = self.prepared.hole();
        let bytes = self.prepared.embed(&signed_data)?;
        Ok(BaselineT { bytes, hole })
    }

    fn signed_data(&self, unsigned: &[(const_oid::ObjectIdentifier, Vec<u8>)]) -> Vec<u8> {
        let Some(signer) = self.certificates.first() else {
            // `with_signature` always puts the signer first.
            return Vec::new();
        };
        let builder = SignedDataBuilder {
            attributes: &self.attributes,
            signature: &self.value,
            signer,
            certificates: &self.certificates,
            econtent: None,
            unsigned,
        };
        builder.build()
    }
}

/// A signature with a timestamp over its value.
#[derive(Clone, Debug)]
pub struct BaselineT {
    bytes: Vec<u8>,
    hole: std::ops::Range<usize>,
}

impl BaselineT {
    /// The file at level B-T.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Adds what a validator will need: certificates and revocation data of the
    /// signer and of the time-stamping authority.
    #[must_use]
    pub fn with_validation_data(self, data: ValidationData) -> BaselineLt {
        let digits = self.bytes.get(self.hole.start + 1..self.hole.end - 1);
        let contents = hex::decode(digits.unwrap_or_default()).unwrap_or_default();
        BaselineLt::new(self.bytes, data, Some(VriKey::of(&contents)))
    }
}
