//! A time-stamp token (RFC 3161 2.4.2): a SignedData over a TSTInfo.

use const_oid::ObjectIdentifier;

use super::{PkiFailureInfo, TstInfo};
use crate::kernel::asn1::{Asn1Error, oids};
use crate::kernel::cms::{CmsError, SignedData, SignerInfo, SignerInfoError};
use crate::kernel::x509::Certificate;

/// A token, read. Whether its authority is to be trusted is another question.
#[derive(Debug, Clone)]
pub struct TimeStampToken {
    /// What it states.
    pub tst: TstInfo,
    /// The signature over it.
    pub signed_data: SignedData,
}

/// What is wrong with a token or a response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TspError {
    /// The structure is not that of RFC 3161.
    #[error("malformed time-stamp: {0}")]
    Malformed(#[from] Asn1Error),
    /// The SignedData cannot be read.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// Not version 1.
    #[error("version {0} of TSTInfo is not supported")]
    Version(u32),
    /// A hash function that is not known here.
    #[error("unknown hash function {0} in the imprint")]
    UnknownHash(ObjectIdentifier),
    /// A critical extension that is not known here.
    #[error("unknown critical extension {0} in the time-stamp")]
    CriticalExtension(ObjectIdentifier),
    /// The authority refused.
    #[error("the authority answered status {status}{}: {text}", failure.map(|failure| format!(" ({failure})")).unwrap_or_default())]
    Refused {
        /// PKIStatus
        status: u32,
        /// The failure, where it is one we know.
        failure: Option<PkiFailureInfo>,
        /// The authority's words.
        text: String,
    },
    /// Granted, and yet no token; or refused with one.
    #[error("the response's status and token contradict each other")]
    StatusAndToken,
    /// The content is not a TSTInfo.
    #[error("the token's content is not a TSTInfo")]
    NotTstInfo,
    /// Not exactly one signer.
    #[error("the token has {0} signers instead of one")]
    Signers(usize),
    /// Something is wrong with the signer.
    #[error("time-stamp signature: {0}")]
    Signer(#[from] SignerInfoError),
    /// The signer's certificate is not there.
    #[error("the token does not carry its signer's certificate")]
    NoCertificate,
    /// The certificate is not for time-stamping alone, critically (RFC 3161 2.3).
    #[error("the certificate's extended key usage is not critical id-kp-timeStamping alone")]
    ExtendedKeyUsage,
    /// A certificate that is not of the authority's chain.
    #[error("the token carries a certificate outside its signer's chain: {0}")]
    ForeignCertificate(String),
    /// Another imprint than the one sent.
    #[error("the token is for another imprint")]
    Imprint,
    /// Another nonce than the one sent.
    #[error("the token has another nonce")]
    Nonce,
    /// Another policy than the one asked for.
    #[error("the token is under policy {0}")]
    Policy(ObjectIdentifier),
}

impl TimeStampToken {
    /// Reads the token that the input starts with; `signed_data.trailing` tells what follows.
    pub fn parse(bytes: &[u8]) -> Result<Self, TspError> {
        let signed_data = SignedData::parse(bytes)?;
        let content = match &signed_data.content {
            Some(content) if signed_data.content_type == oids::ID_CT_TST_INFO => content,
            _ => return Err(TspError::NotTstInfo),
        };
        let tst = TstInfo::parse(content)?;
        Ok(Self { tst, signed_data })
    }

    /// The token, as encoded.
    pub fn der(&self) -> &[u8] {
        self.signed_data.der()
    }

    /// Its one signer.
    pub fn signer(&self) -> Result<&SignerInfo, TspError> {
        self.signed_data
            .only_signer()
            .ok_or(TspError::Signers(self.signed_data.signer_infos.len()))
    }

    /// The signer's certificate, from the token or else from `others`.
    pub fn find_certificate<'c>(&'c self, others: &'c [Certificate]) -> Option<&'c Certificate> {
        let signer = self.signed_data.only_signer()?;
        signer
            .find_certificate(&self.signed_data.certificates)
            .or_else(|| signer.find_certificate(others))
    }

    /// Whether the token is well made and signed by this certificate, which may be used
    /// for time-stamping and nothing else.
    pub fn check(&self, certificate: &Certificate) -> Result<(), TspError> {
        let signer = self.signer()?;
        signer.check_content_type(oids::ID_CT_TST_INFO)?;
        let content = self.signed_data.content.as_deref().unwrap_or_default();
        signer.check_content(&[content])?;
        signer.check_algorithm_protection()?;
        signer.check_signing_certificate(certificate)?;
        let usage = certificate.extended_key_usage();
        if !usage.is_some_and(|usage| usage.is_only(&oids::ID_KP_TIME_STAMPING)) {
            return Err(TspError::ExtendedKeyUsage);
        }
        signer.verify_signature(certificate)?;
        Ok(())
    }
}
