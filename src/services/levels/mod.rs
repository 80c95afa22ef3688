//! From a signature to the level that is asked for: timestamps and validation
//! data through the ports, no signatory's key. Also the renewal of the archive
//! timestamps of files signed long ago (EN 319 142-1, 5.5).
//!
//! Fail-closed: a level is reached or there is an error; nothing is stepped down.

mod used;

use time::OffsetDateTime;

use crate::kernel::cms::CmsError;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pades::{
    BaselineB, BaselineLt, BaselineT, DocumentTimestamp, Level, PadesError,
};
use crate::kernel::pdf::signing::{HoleTooSmall, ValidationData};
use crate::kernel::pdf::{Limits, PdfError};
use crate::kernel::tsp::{MessageImprint, TimeStampToken, TspError};
use crate::kernel::validation::{Anchors, Role};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::ocsp::OcspResponse;
use crate::kernel::x509::paths::{self, PathError, Purpose};

use super::ports::{RevocationData, RevocationDataError, TimestampError, Timestamps};
use used::{Found, Used};

/// Why a level was not reached.
#[derive(Debug, thiserror::Error)]
pub enum LevelError {
    /// There is no timestamp.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// There is no proof that a certificate is not revoked.
    #[error(transparent)]
    Revocation(#[from] RevocationDataError),
    /// A certificate leads to no anchor.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file cannot take the revision.
    #[error(transparent)]
    Pades(#[from] PadesError),
    /// The file cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// A signature in the file cannot be read.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// A timestamp cannot be read.
    #[error(transparent)]
    Token(#[from] TspError),
    /// There is no signature to augment.
    #[error("the file is not signed")]
    NotSigned,
    /// A signature does not carry the certificate it was made with.
    #[error("a signature in the file does not carry its certificate")]
    NoCertificate,
}

impl From<HoleTooSmall> for LevelError {
    fn from(error: HoleTooSmall) -> Self {
        Self::Pades(error.into())
    }
}

impl LevelError {
    /// Whether trying again later can help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Timestamp(_) => true,
            Self::Revocation(error) => !matches!(error, RevocationDataError::Revoked { .. }),
            _ => false,
        }
    }
}

/// What raising a signature to a level needs from the world.
#[derive(Clone, Copy)]
pub struct Levels<'a> {
    /// Where timestamps come from.
    pub timestamps: &'a dyn Timestamps,
    /// Where revocation data comes from.
    pub revocation: &'a dyn RevocationData,
    /// Where certification paths end, by what a certificate is used for.
    pub anchors: &'a Anchors,
    /// Issuing certificates that files do not carry.
    pub intermediates: &'a [Certificate],
    /// The hash function of timestamps.
    pub hash: HashAlgorithm,
    /// The limits under which the file is read.
    pub limits: &'a Limits,
}

impl Levels<'_> {
    /// Raises a signature that was just made.
    ///
    /// # Errors
    /// [`LevelError`]; the signature value can be used again.
    pub async fn raise(
        &self,
        signature: BaselineB,
        signer: &Certificate,
        level: Level,
    ) -> Result<Vec<u8>, LevelError> {
        if level == Level::BB {
            return Ok(signature.into_bytes()?);
        }
        let token = self.token(&signature.timestamp_imprint(self.hash)).await?;
        let at = token.tst.gen_time;
        let timestamped = signature.with_timestamp(&token)?;
        if level == Level::BT {
            return Ok(timestamped.into_bytes());
        }
        let signer = Used {
            certificate: signer.clone(),
            carried: Vec::new(),
            role: Role::Signer,
            at,
        };
        let data = self
            .validation_data(&[signer, Used::authority(&token, self.intermediates)?])
            .await?;
        self.finish(timestamped, data, level).await
    }

    async fn finish(
        &self,
        timestamped: BaselineT,
        data: ValidationData,
        level: Level,
    ) -> Result<Vec<u8>, LevelError> {
        let long_term = timestamped.with_validation_data(data);
        if level == Level::BLt {
            return Ok(long_term.into_bytes(self.limits)?);
        }
        self.archive(long_term).await
    }

    /// Raises the signatures of a file, or renews its archive timestamp where it is
    /// at B-LTA already.
    ///
    /// A signature without a timestamp gets a document timestamp: its own hole was
    /// made for what it holds (EN 319 142-1, 6.3 allows either at B-T).
    ///
    /// # Errors
    /// [`LevelError`]
    pub async fn augment(&self, file: Vec<u8>, level: Level) -> Result<Vec<u8>, LevelError> {
        let mut file = file;
        let mut found = Found::read(&file, self.limits, self.intermediates)?;
        if !found.is_timestamped {
            file = self.document_timestamp(&file).await?;
            found = Found::read(&file, self.limits, self.intermediates)?;
        }
        if level <= Level::BT {
            return Ok(file);
        }
        let data = self.validation_data(&found.used).await?;
        let long_term = BaselineLt::resume(file, data, Some(&found.newest_contents));
        if level == Level::BLt {
            return Ok(long_term.into_bytes(self.limits)?);
        }
        self.archive(long_term).await
    }

    async fn archive(&self, long_term: BaselineLt) -> Result<Vec<u8>, LevelError> {
        let hole = self.timestamps.longest_token();
        let waiting = long_term.prepare_document_timestamp(hole, self.hash, self.limits)?;
        let token = self.token(waiting.imprint()).await?;
        Ok(waiting.with_token(&token)?.into_bytes())
    }

    async fn document_timestamp(&self, file: &[u8]) -> Result<Vec<u8>, LevelError> {
        let hole = self.timestamps.longest_token();
        let waiting = DocumentTimestamp::on(file, hole, self.hash, self.limits)?;
        let token = self.token(waiting.imprint()).await?;
        Ok(waiting.with_token(&token)?.into_bytes())
    }

    async fn token(&self, imprint: &MessageImprint) -> Result<TimeStampToken, LevelError> {
        let der = self
            .timestamps
            .timestamp(imprint.hash, &imprint.digest)
            .await?;
        Ok(TimeStampToken::parse(&der)?)
    }

    /// Paths and revocation data. What was issued before the newest use says nothing about
    /// it, so that time is what freshness of the signer's is measured by.
    async fn validation_data(&self, used: &[Used]) -> Result<ValidationData, LevelError> {
        let mut data = ValidationData::default();
        let newest = used.iter().map(|used| used.at).max();
        for used in used {
            let untrusted = [used.carried.as_slice(), self.intermediates].concat();
            let (purpose, fresh_since) = match used.role {
                Role::Signer | Role::Any => (Purpose::Signer, newest.unwrap_or(used.at)),
                // What is current now serves a TSA: many publish once a day, and their
                // tokens would have to wait for it.
                Role::Tsa => (Purpose::Tsa, OffsetDateTime::UNIX_EPOCH),
            };
            let anchors = self.anchors.of(used.role);
            let path = paths::build(&used.certificate, &untrusted, anchors, used.at, purpose)?;
            let chain = path.certificates();
            let evidence = self.revocation.collect(chain, fresh_since).await?;
            // The responders' too: a later timestamp is to prove that they existed
            // while what they speak of was valid (EN 319 102-1, 5.6.2.3).
            let answers = evidence
                .ocsps
                .iter()
                .filter_map(|der| OcspResponse::parse(der).ok()?.basic);
            let certificates = chain
                .iter()
                .cloned()
                .chain(answers.flat_map(|answer| answer.certificates));
            data.extend(ValidationData {
                certificates: certificates.map(|one| one.der().to_vec()).collect(),
                ocsps: evidence.ocsps,
                crls: evidence.crls,
            });
        }
        Ok(data)
    }
}
