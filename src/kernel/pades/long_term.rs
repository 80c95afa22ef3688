//! B-LT and B-LTA (EN 319 142-1, 6.3): validation data in the DSS, then a
//! document timestamp over everything. Both go into one revision where the
//! document timestamp follows at once.

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::signing::{
    Prepared, ValidationData, VriKey, append_dss, prepare_document_timestamp,
    seal_document_timestamp,
};
use crate::kernel::pdf::{Limits, Pdf, Update};
use crate::kernel::tsp::{MessageImprint, TimeStampToken};

use super::PadesError;

/// A file with the validation data of its newest signature.
#[derive(Clone, Debug)]
pub struct BaselineLt {
    bytes: Vec<u8>,
    data: ValidationData,
    vri: Option<VriKey>,
}

impl BaselineLt {
    pub(super) fn new(bytes: Vec<u8>, data: ValidationData, vri: Option<VriKey>) -> Self {
        Self { bytes, data, vri }
    }

    /// Adds validation data to an existing signed file; `contents` is the value of
    /// `/Contents` of the signature or timestamp that the data is for.
    #[must_use]
    pub fn resume(bytes: Vec<u8>, data: ValidationData, contents: Option<&[u8]>) -> Self {
        Self::new(bytes, data, contents.map(VriKey::of))
    }

    /// The file at level B-LT.
    ///
    /// # Errors
    /// [`PadesError::Pdf`]
    pub fn into_bytes(self, limits: &Limits) -> Result<Vec<u8>, PadesError> {
        let Self {
            mut bytes,
            data,
            vri,
        } = self;
        let appendix = {
            let pdf = Pdf::read(&bytes, limits)?;
            let mut update = Update::new(&pdf);
            append_dss(&mut update, &data, vri.as_ref())?;
            update.seal()?
        };
        appendix.append_to(&mut bytes);
        Ok(bytes)
    }

    /// Writes the validation data and a document timestamp with `hole` bytes of
    /// room for the token.
    ///
    /// # Errors
    /// [`PadesError::Prepare`]
    pub fn prepare_document_timestamp(
        self,
        hole: usize,
        hash: HashAlgorithm,
        limits: &Limits,
    ) -> Result<DocumentTimestamp, PadesError> {
        let Self { bytes, data, vri } = self;
        let revision = {
            let pdf = Pdf::read(&bytes, limits)?;
            let mut update = Update::new(&pdf);
            append_dss(&mut update, &data, vri.as_ref())?;
            seal_document_timestamp(update, hole)?
        };
        Ok(DocumentTimestamp::new(revision.append_to(bytes)?, hash))
    }
}

/// A revision that waits for the token of its document timestamp.
#[derive(Clone, Debug)]
pub struct DocumentTimestamp {
    prepared: Prepared,
    imprint: MessageImprint,
}

impl DocumentTimestamp {
    fn new(prepared: Prepared, hash: HashAlgorithm) -> Self {
        let digest = prepared.digest(hash);
        let imprint = MessageImprint { hash, digest };
        Self { prepared, imprint }
    }

    /// A document timestamp on an existing file, without validation data: what
    /// proves that a B-B signature exists now (EN 319 142-1, 6.3, B-T).
    ///
    /// # Errors
    /// [`PadesError::Prepare`]
    pub fn on(
        bytes: &[u8],
        hole: usize,
        hash: HashAlgorithm,
        limits: &Limits,
    ) -> Result<Self, PadesError> {
        let pdf = Pdf::read(bytes, limits)?;
        let prepared = prepare_document_timestamp(Update::new(&pdf), hole)?;
        Ok(Self::new(prepared, hash))
    }

    /// What the token is asked for: the hash of the file outside the hole.
    #[must_use]
    pub fn imprint(&self) -> &MessageImprint {
        &self.imprint
    }

    /// Takes the token.
    ///
    /// # Errors
    /// The token does not cover the file, or does not fit.
    pub fn with_token(self, token: &TimeStampToken) -> Result<BaselineLta, PadesError> {
        if token.tst.imprint != self.imprint {
            return Err(PadesError::Imprint);
        }
        let bytes = self.prepared.embed(token.der())?;
        Ok(BaselineLta { bytes })
    }
}

/// A file whose newest revision is a document timestamp.
#[derive(Clone, Debug)]
pub struct BaselineLta {
    bytes: Vec<u8>,
}

impl BaselineLta {
    /// The file at level B-LTA.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
