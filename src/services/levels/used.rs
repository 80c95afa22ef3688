//! Which certificates a file was signed and time-stamped with, and when: those
//! that validation data is needed for.

use time::OffsetDateTime;

use crate::kernel::cms::SignedData;
use crate::kernel::pdf::signatures::{Signature, SignatureKind, signatures};
use crate::kernel::pdf::{Limits, Pdf};
use crate::kernel::tsp::TimeStampToken;
use crate::kernel::validation::Role;
use crate::kernel::x509::Certificate;

use super::LevelError;

/// A certificate that was used.
pub(super) struct Used {
    pub(super) certificate: Certificate,
    /// What the signature carries beside it.
    pub(super) carried: Vec<Certificate>,
    pub(super) role: Role,
    pub(super) at: OffsetDateTime,
}

impl Used {
    /// The authority of a timestamp.
    pub(super) fn authority(
        token: &TimeStampToken,
        others: &[Certificate],
    ) -> Result<Self, LevelError> {
        let certificate = token.find_certificate(others);
        Ok(Self {
            certificate: certificate.ok_or(LevelError::NoCertificate)?.clone(),
            carried: token.signed_data.certificates.clone(),
            role: Role::Tsa,
            at: token.tst.gen_time,
        })
    }
}

/// What a signed file holds.
pub(super) struct Found {
    /// `/Contents` of the newest signature or timestamp.
    pub(super) newest_contents: Vec<u8>,
    /// Whether every signature has a timestamp, in it or after it.
    pub(super) is_timestamped: bool,
    /// What no archive timestamp with validation data covers yet.
    pub(super) used: Vec<Used>,
}

impl Found {
    pub(super) fn read(
        file: &[u8],
        limits: &Limits,
        others: &[Certificate],
    ) -> Result<Self, LevelError> {
        let pdf = Pdf::read(file, limits)?;
        let fields = signatures(&pdf)?;
        let signed: Vec<_> = fields.iter().flat_map(|field| &field.signature).collect();
        let (newest, earlier) = signed.split_last().ok_or(LevelError::NotSigned)?;
        let has_store = pdf.catalog()?.get("DSS").is_some();
        let is_archived = newest.kind == SignatureKind::DocTimeStamp && has_store;
        let mut walk = Walk {
            others,
            later: None,
            is_timestamped: true,
            used: Vec::new(),
        };
        // What an archive timestamp covers, it proves; only its own authority is new.
        walk.read(newest)?;
        if !is_archived {
            earlier.iter().rev().try_for_each(|one| walk.read(one))?;
        }
        Ok(Self {
            newest_contents: contents(newest).to_vec(),
            is_timestamped: walk.is_timestamped,
            used: walk.used,
        })
    }
}

/// From the newest signature to the oldest.
struct Walk<'a> {
    others: &'a [Certificate],
    /// The time of the document timestamp after the signature at hand.
    later: Option<OffsetDateTime>,
    is_timestamped: bool,
    used: Vec<Used>,
}

impl Walk<'_> {
    fn read(&mut self, signature: &Signature<'_>) -> Result<(), LevelError> {
        match signature.kind {
            SignatureKind::DocTimeStamp => {
                let time = self.read_token(contents(signature))?;
                self.later = Some(time);
                Ok(())
            }
            SignatureKind::Signature => self.read_signature(contents(signature)),
        }
    }

    fn read_token(&mut self, der: &[u8]) -> Result<OffsetDateTime, LevelError> {
        let authority = Used::authority(&TimeStampToken::parse(der)?, self.others)?;
        let at = authority.at;
        self.used.push(authority);
        Ok(at)
    }

    fn read_signature(&mut self, der: &[u8]) -> Result<(), LevelError> {
        let signed_data = SignedData::parse(der)?;
        let signer = signed_data.only_signer().ok_or(LevelError::NoCertificate)?;
        let certificate = signer
            .find_certificate(&signed_data.certificates)
            .or_else(|| signer.find_certificate(self.others))
            .ok_or(LevelError::NoCertificate)?;
        let mut at = self.later;
        for token in signer.signature_time_stamps() {
            let time = self.read_token(token)?;
            at = Some(at.map_or(time, |at| at.min(time)));
        }
        let Some(at) = at else {
            self.is_timestamped = false;
            return Ok(());
        };
        self.used.push(Used {
            certificate: certificate.clone(),
            carried: signed_data.certificates.clone(),
            role: Role::Signer,
            at,
        });
        Ok(())
    }
}

fn contents<'s>(signature: &'s Signature<'_>) -> &'s [u8] {
    let contents = signature.contents.as_ref();
    contents.map_or(&[], |contents| contents.bytes.as_slice())
}
