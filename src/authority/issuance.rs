//! One certificate from request to register.
//!
//! The cycle, after Boulder's: choose a serial number; write the to-be-signed bytes; sign them
//! with a throwaway key and lint the result; store the intent; sign with the real key; check
//! the signature; store the certificate. Whatever stops half way leaves a row that can be revoked.

use std::sync::{Arc, OnceLock};

use openssl::pkey::PKey;
use time::OffsetDateTime;

use super::lint::{self, LintError};
use super::profile::{ProfileError, Profiles};
use super::role::Role;
use super::subject::{Subject, SubjectError};
use super::tbs::{self, Plan};
use crate::kernel::asn1::Asn1Error;
use crate::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use crate::kernel::x509::{Certificate, CertificateError, Name};
use crate::keys::{KeyError, KeyType, SoftwareKey};
use crate::services::ports::{
    CertificateId, Certificates, Clock, Entropy, EntropyError, IssuanceIntent, StoreError,
};

/// Issues certificates by the profiles of one authority.
pub struct Issuance {
    /// The register.
    pub register: Arc<dyn Certificates>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for serial numbers.
    pub entropy: Arc<dyn Entropy>,
    /// What each certificate contains.
    pub profiles: Arc<Profiles>,
    /// The public URL that addresses are made from.
    pub base: String,
}

/// A CA whose key is open.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// Its key.
    pub signer: &'a dyn Signer,
}

/// What to certify.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// As what.
    pub role: Role,
    /// Whom.
    pub subject: &'a Subject,
    /// Which key: SubjectPublicKeyInfo, DER.
    pub spki: &'a [u8],
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The subject cannot be written.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// There is no such profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The profile does not certify such keys.
    #[error("the profile {role} does not certify this kind of key")]
    KeyType {
        /// Which profile.
        role: Role,
    },
    /// The issuer is not the CA that issues this kind of certificate.
    #[error("{role} certificates are not issued by {issuer}")]
    WrongIssuer {
        /// Which kind.
        role: Role,
        /// Who was asked.
        issuer: String,
    },
    /// The issuer's certificate is not valid now.
    #[error("the issuer's certificate is valid from {not_before} to {not_after}")]
    IssuerExpired {
        /// Validity.
        not_before: OffsetDateTime,
        /// Validity.
        not_after: OffsetDateTime,
    },
    /// The encoded certificate breaks a rule: nothing was signed.
    #[error(transparent)]
    Lint(#[from] LintError),
    /// The issuer's key did not sign.
    #[error("the issuer's key did not sign: {0}")]
    Sign(#[from] SignError),
    /// The signature does not verify under the issuer's certificate: nothing was handed out.
    #[error("the issuer's key and its certificate do not belong together")]
    IssuerMismatch,
    /// The register failed before anything was signed.
    #[error("the register of certificates: {0}")]
    Store(#[from] StoreError),
    /// The certificate was signed and could not be stored. It is not handed out; its
    /// serial number is in the register and can be revoked.
    #[error("certificate {} was signed but not stored, revoke it: {source}", .id.serial)]
    NotStored {
        /// Which.
        id: CertificateId,
        /// Why.
        source: StoreError,
    },
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A key or a certificate that cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

impl Issuance {
    /// Issues a certificate under a CA.
    ///
    /// # Errors
    /// Why not; nothing is handed out that is not stored.
    pub async fn issue(
        &self,
        issuer: Issuer<'_>,
        request: Request<'_>,
    ) -> Result<Certificate, IssueError> {
        let now = self.clock.now();
        check_issuer(issuer.certificate, request.role, now)?;
        let key_id = issuer
            .certificate
            .subject_key_identifier()
            .ok_or(IssueError::IssuerMismatch)?;
        let parent = Parent {
            name: issuer.certificate.subject(),
            key_id: key_id.to_vec(),
            spki: issuer.certificate.spki_der(),
            validity: Some((
                issuer.certificate.not_before(),
                issuer.certificate.not_after(),
            )),
        };
        self.certify(&parent, issuer.signer, request, now).await
    }

    /// Issues a root: the key certifies itself.
    ///
    /// # Errors
    /// Why not.
    pub async fn issue_root(
        &self,
        signer: &dyn Signer,
        subject: &Subject,
        spki: &[u8],
    ) -> Result<Certificate, IssueError> {
        let name = subject.name()?;
        let parent = Parent {
            name: &name,
            key_id: tbs::key_id(spki)?,
            spki,
            validity: None,
        };
        let request = Request {
            role: Role::Root,
            subject,
            spki,
        };
        self.certify(&parent, signer, request, self.clock.now())
            .await
    }

    async fn certify(
        &self,
        parent: &Parent<'_>,
        signer: &dyn Signer,
        request: Request<'_>,
        now: OffsetDateTime,
    ) -> Result<Certificate, IssueError> {
        let profile = self.profiles.of(request.role)?;
        check_key(profile.key_types(), request)?;
        let subject = request.subject.name()?;
        let (not_before, not_after) =
            parent.within(now - profile.backdate(), now + profile.validity());
        let serial = self.serial()?;
        let plan = Plan {
            profiles: &self.profiles,
            profile,
            role: request.role,
            base: &self.base,
            serial: &serial,
            algorithm: signer.algorithm(),
            issuer: parent.name,
            issuer_key_id: &parent.key_id,
            not_before,
            not_after,
            subject: &subject,
            spki: request.spki,
        };
        let to_be_signed = plan.to_be_signed()?;
        let linted = throwaway(&to_be_signed, signer.algorithm())?;
        lint::lint(&linted, &plan)?;
        let intent = intent(&plan, linted, now);
        self.register.reserve(&intent).await?;
        let der = tbs::assemble(&to_be_signed, plan.algorithm, &signer.sign(&to_be_signed)?);
        verify(&to_be_signed, &der, parent.spki)?;
        let stored = self
            .register
            .complete(&intent.id, &der, self.clock.now())
            .await;
        stored.map_err(|source| IssueError::NotStored {
            id: intent.id,
            source,
        })?;
        Ok(Certificate::parse(&der)?)
    }

    /// 126 random bits: positive, of fixed length, never guessed (CA/Browser Forum asks for 64).
    fn serial(&self) -> Result<[u8; 16], EntropyError> {
        let mut serial = [0; 16];
        self.entropy.fill(&mut serial)?;
        let [first, ..] = &mut serial;
        *first = (*first & 0x3f) | 0x40;
        Ok(serial)
    }
}

/// How the register names a certificate.
#[must_use]
pub fn certificate_id(certificate: &Certificate) -> CertificateId {
    CertificateId {
        issuer: hex::encode(certificate.authority_key_identifier().unwrap_or_default()),
        serial: certificate.serial_hex(),
    }
}

struct Parent<'a> {
    name: &'a Name,
    key_id: Vec<u8>,
    spki: &'a [u8],
    /// `None` for a root.
    validity: Option<(OffsetDateTime, OffsetDateTime)>,
}

impl Parent<'_> {
    /// No certificate begins before or outlives its issuer's: a path through it would
    /// be valid at no time.
    fn within(&self, from: OffsetDateTime, to: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        match self.validity {
            Some((first, last)) => (from.max(first), to.min(last)),
            None => (from, to),
        }
    }
}

fn check_issuer(issuer: &Certificate, role: Role, now: OffsetDateTime) -> Result<(), IssueError> {
    // A CA that may have CAs below it certifies those and nothing else: people and
    // services come from a CA with path length 0.
    let last = issuer
        .basic_constraints()
        .is_some_and(|c| c.path_len == Some(0));
    if !issuer.is_ca() || last == role.is_ca() || role == Role::Root {
        let issuer = issuer.subject().text();
        return Err(IssueError::WrongIssuer { role, issuer });
    }
    if issuer.is_valid_at(now) {
        return Ok(());
    }
    Err(IssueError::IssuerExpired {
        not_before: issuer.not_before(),
        not_after: issuer.not_after(),
    })
}

fn check_key(allowed: &[KeyType], request: Request<'_>) -> Result<(), IssueError> {
    let key = PKey::public_key_from_der(request.spki).ok();
    match key.and_then(|key| KeyType::of(&key)) {
        Some(kind) if allowed.contains(&kind) => Ok(()),
        _ => Err(IssueError::KeyType { role: request.role }),
    }
}

fn intent(plan: &Plan<'_>, linted: Vec<u8>, at: OffsetDateTime) -> IssuanceIntent {
    IssuanceIntent {
        id: CertificateId {
            issuer: hex::encode(plan.issuer_key_id),
            serial: hex::encode(plan.serial),
        },
        profile: plan.role.name().to_owned(),
        subject: plan.subject.text(),
        not_before: plan.not_before,
        not_after: plan.not_after,
        linted,
        at,
    }
}

/// The same bytes under a key that exists in this process only and certifies nothing.
fn throwaway(to_be_signed: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, IssueError> {
    static RSA: OnceLock<SoftwareKey> = OnceLock::new();
    static EC: OnceLock<SoftwareKey> = OnceLock::new();
    let (slot, kind) = match algorithm {
        SignatureAlgorithm::Ecdsa(_) => (&EC, KeyType::P256),
        SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_) => (&RSA, KeyType::Rsa2048),
    };
    let key = match slot.get() {
        Some(key) => key,
        None => {
            let fresh = SoftwareKey::generate(kind)?;
            slot.get_or_init(|| fresh)
        }
    };
    let key = key.clone().with_algorithm(algorithm)?;
    Ok(tbs::assemble(
        to_be_signed,
        algorithm,
        &key.sign(to_be_signed)?,
    ))
}

/// The real signature verifies under the issuer's certificate, and it is over what was linted.
fn verify(to_be_signed: &[u8], der: &[u8], issuer_spki: &[u8]) -> Result<(), IssueError> {
    let x509 = openssl::x509::X509::from_der(der).map_err(|_| IssueError::IssuerMismatch)?;
    let key = PKey::public_key_from_der(issuer_spki).map_err(|_| IssueError::IssuerMismatch)?;
    let signed = der
        .windows(to_be_signed.len())
        .any(|window| window == to_be_signed);
    match x509.verify(&key) {
        Ok(true) if signed => Ok(()),
        _ => Err(IssueError::IssuerMismatch),
    }
}

impl From<Asn1Error> for IssueError {
    fn from(error: Asn1Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<KeyError> for IssueError {
    fn from(error: KeyError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<CertificateError> for IssueError {
    fn from(error: CertificateError) -> Self {
        Self::Unreadable(error.to_string())
    }
}
