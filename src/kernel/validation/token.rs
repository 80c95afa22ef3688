//! One CMS signature apart from time: format, identification of the signing
//! certificate, cryptographic verification and the constraints on attributes
//! (EN 319 102-1, 5.2.2, 5.2.3, 5.2.7, 5.2.8).

use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use super::certificate::Engine;
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, SubIndication};
use super::problems::Problem;
use crate::kernel::asn1::{Element, Tag, oids};
use crate::kernel::cms::{
    AttributeError, Attributes, EssError, SignedData, SignerInfo, SignerInfoError,
};
use crate::kernel::hash::Sha256;
use crate::kernel::sign::VerifyError;
use crate::kernel::x509::Certificate;

/// What is known of a CMS signature.
pub(super) struct Token {
    pub(super) data: SignedData,
    /// The signature value, for proofs of existence.
    pub(super) object: Sha256,
    pub(super) certificate: Option<Certificate>,
    pub(super) intact: bool,
    pub(super) crypto_valid: bool,
    pub(super) conclusion: Conclusion,
    pub(super) findings: Vec<Finding>,
}

/// What a signature is over.
pub(super) struct Content<'c> {
    /// Its type.
    pub(super) kind: ObjectIdentifier,
    /// Its bytes in parts, outside the CMS; nothing if they are inside.
    pub(super) detached: Option<[&'c [u8]; 2]>,
}

impl Token {
    /// The one signer.
    pub(super) fn signer(&self) -> Option<&SignerInfo> {
        self.data.only_signer()
    }

    fn note(&mut self, reason: SubIndication, finding: impl Into<Finding>) {
        self.conclusion = self.conclusion.and(Conclusion::of(reason));
        self.findings.push(finding.into().leading_to(reason));
    }

    /// Examines a CMS.
    pub(super) fn examine(engine: &Engine<'_>, data: SignedData, content: &Content<'_>) -> Self {
        let value = data.only_signer().map(|signer| signer.signature.clone());
        let mut token = Self {
            object: Sha256::of(&value.unwrap_or_default()),
            certificate: None,
            intact: false,
            crypto_valid: false,
            conclusion: Conclusion::Passed,
            findings: Vec::new(),
            data,
        };
        token.check_format(content);
        let Some(signer) = token.data.only_signer().cloned() else {
            let count = token.data.signer_infos.len();
            let finding = Finding::new(FindingCode::CmsSignerCount).detail(count);
            token.note(SubIndication::FormatFailure, finding);
            return token;
        };
        token.check_attributes(engine, &signer, content.kind);
        token.check_certificate(engine, &signer);
        token.verify(engine, &signer, content);
        token
    }

    /// 5.2.2. PAdES asks for DER and detached content (EN 319 142-1, 6.2.1);
    /// time-stamp tokens carry theirs.
    fn check_format(&mut self, content: &Content<'_>) {
        let detached = content.detached.is_some();
        if detached && !self.data.is_der() {
            self.note(SubIndication::FormatFailure, FindingCode::CmsNotDer);
        }
        if detached && self.data.content.is_some() {
            self.note(SubIndication::FormatFailure, FindingCode::CmsContentPresent);
        }
    }

    /// 5.2.8: the attributes that a signature must have, each once.
    fn check_attributes(
        &mut self,
        engine: &Engine<'_>,
        signer: &SignerInfo,
        kind: ObjectIdentifier,
    ) {
        use FindingCode as C;
        use SubIndication::{FormatFailure, SigConstraintsFailure};
        let Ok(attributes) = signer.signed() else {
            self.note(SigConstraintsFailure, C::SignedAttributesMissing);
            return;
        };
        if !attributes.is_der() {
            self.note(FormatFailure, C::SignedAttributesNotDer);
        }
        if signer.check_content_type(kind).is_err() {
            self.note(SigConstraintsFailure, C::ContentTypeInvalid);
        }
        if signer.message_digest().is_err() {
            self.note(FormatFailure, C::MessageDigestInvalid);
        }
        if signer.check_algorithm_protection().is_err() {
            self.note(SigConstraintsFailure, C::AlgorithmProtectionBroken);
        }
        if let (Ok(digest), Ok(signature)) = (signer.digest_algorithm, &signer.signature_algorithm)
            && digest != signature.hash()
        {
            let finding = Finding::new(C::AlgorithmWeak).detail(format!("{digest}, {signature}"));
            self.note(SubIndication::CryptoConstraintsFailure, finding);
        }
        let repeated = [
            oids::ID_AA_SIGNING_CERTIFICATE,
            oids::ID_AA_SIGNING_CERTIFICATE_V2,
        ]
        .iter()
        .any(|oid| attributes.all(*oid).count() > 1);
        self.check_policy(engine, attributes);
        match signer.ess_cert_ids() {
            Ok(_) if !repeated => {}
            Err(SignerInfoError::Attribute(AttributeError::Absent(_))) => {
                if engine.input.policy.signer.require_signing_certificate {
                    self.note(SigConstraintsFailure, C::SigningCertificateAttributeMissing);
                }
            }
            _ => self.note(
                SigConstraintsFailure,
                C::SigningCertificateAttributeRepeated,
            ),
        }
    }

    /// 5.2.4: a policy that the signer names must be one that this validation knows.
    fn check_policy(&mut self, engine: &Engine<'_>, attributes: &Attributes) {
        if attributes
            .all(oids::ID_AA_ETS_SIG_POLICY_ID)
            .next()
            .is_none()
        {
            return;
        }
        let known = &engine.input.policy.signer.signature_policies;
        match policy_of(attributes) {
            Ok(None) => {}
            Ok(Some(named)) if known.contains(&named) => {}
            Ok(Some(named)) => {
                let finding = Finding::new(FindingCode::SignaturePolicyUnknown).detail(named);
                self.note(SubIndication::SignaturePolicyNotAvailable, finding);
            }
            Err(()) => {
                let code = FindingCode::SignaturePolicyUnreadable;
                self.note(SubIndication::PolicyProcessingError, code);
            }
        }
    }

    /// 5.2.3: the certificate that the signer names and binds.
    fn check_certificate(&mut self, engine: &Engine<'_>, signer: &SignerInfo) {
        let found = signer
            .find_certificate(&self.data.certificates)
            .or_else(|| signer.find_certificate(&engine.evidence.certificates));
        let found = found.map(|found| engine.evidence.pooled(found));
        let Some(certificate) = found else {
            let reason = SubIndication::NoSigningCertificateFound;
            self.note(reason, FindingCode::SigningCertificateNotFound);
            return;
        };
        match signer.check_signing_certificate(&certificate) {
            Err(SignerInfoError::SigningCertificate(EssError::Hash | EssError::IssuerSerial)) => {
                let reason = SubIndication::NoSigningCertificateFound;
                self.note(reason, FindingCode::SigningCertificateMismatch);
            }
            Err(SignerInfoError::SigningCertificate(error)) => {
                let code = FindingCode::SigningCertificateAttributeRepeated;
                let reason = SubIndication::SigConstraintsFailure;
                self.note(reason, Finding::new(code).detail(error));
            }
            _ => {}
        }
        self.certificate = Some(certificate);
    }

    /// 5.2.7: the content has the digest that was signed, and the value is by
    /// the certificate's key.
    fn verify(&mut self, engine: &Engine<'_>, signer: &SignerInfo, content: &Content<'_>) {
        let inside = self.data.content.as_deref().map(|inside| [inside, &[]]);
        let parts = content.detached.or(inside).unwrap_or_default();
        match signer.check_content_by(|hash| engine.hashes.digest(hash, &parts)) {
            Ok(()) => self.intact = true,
            Err(SignerInfoError::UnknownHash(oid)) => {
                let finding = Finding::new(FindingCode::AlgorithmWeak).detail(oid);
                self.note(SubIndication::CryptoConstraintsFailure, finding);
            }
            // Already said with the attributes.
            Err(SignerInfoError::Attribute(_) | SignerInfoError::NoSignedAttributes) => {}
            Err(_) => self.note(SubIndication::HashFailure, FindingCode::DigestMismatch),
        }
        let Some(certificate) = self.certificate.clone() else {
            return;
        };
        match signer.verify_signature(&certificate) {
            Ok(()) => self.crypto_valid = self.intact,
            Err(SignerInfoError::NoSignedAttributes) => {}
            Err(SignerInfoError::Algorithm(error)) => {
                let finding = Finding::new(FindingCode::AlgorithmWeak).detail(error);
                self.note(SubIndication::CryptoConstraintsFailure, finding);
            }
            Err(error) => {
                let code = FindingCode::SignatureValueInvalid;
                let finding = match error {
                    SignerInfoError::Signature(VerifyError::Signature) => Finding::new(code),
                    error => Finding::new(code).detail(error),
                };
                self.note(SubIndication::SigCryptoFailure, finding);
            }
        }
    }

    /// How strong the signature's own algorithms are at a time (5.2.8).
    pub(super) fn weaknesses(&self, engine: &Engine<'_>, at: OffsetDateTime) -> Vec<Problem> {
        let policy = engine.input.policy;
        let (Some(signer), Some(certificate)) = (self.signer(), &self.certificate) else {
            return Vec::new();
        };
        let (Ok(algorithm), Ok(key)) = (&signer.signature_algorithm, certificate.public_key())
        else {
            return Vec::new();
        };
        let limit = policy.signature_limit(*algorithm, key.bits());
        if limit.until.covers(at) {
            return Vec::new();
        }
        let key_is_weak = policy.hash_until(algorithm.hash()).covers(at);
        vec![Problem::Weak {
            object: self.object,
            until: limit.until,
            what: format!("{algorithm} ({} bits) [{}]", key.bits(), limit.source),
            key: key_is_weak,
        }]
    }
}

/// The signature policy that is named (EN 319 122-1, 5.2.9); nothing where it is implied.
fn policy_of(attributes: &Attributes) -> Result<Option<ObjectIdentifier>, ()> {
    let value = attributes.single(oids::ID_AA_ETS_SIG_POLICY_ID);
    let value = Element::parse(value.map_err(drop)?).map_err(drop)?;
    match value.tag() {
        Tag::NULL => Ok(None),
        _ => {
            let named = value.reader().and_then(|mut fields| fields.oid());
            named.map(Some).map_err(drop)
        }
    }
}
