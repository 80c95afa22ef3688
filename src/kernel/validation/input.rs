//! What a validation is given: anchors by role, certificates and revocation
//! data from elsewhere, the time, the policy and the limits.

use std::sync::Arc;

use time::OffsetDateTime;

use super::memory::Memory;
use super::policy::Policy;
use crate::kernel::pdf::Limits;
use crate::kernel::x509::Certificate;

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Signing or sealing documents.
    Signer,
    /// Making time-stamps.
    Tsa,
    /// Anything: the path alone counts.
    Any,
}

/// The trust anchors, by what they are trusted for. They remember what was verified up to
/// them: who validates many files keeps one value of this, or its clones.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    /// For signers and seals.
    pub signer: Vec<Certificate>,
    /// For time-stamping authorities.
    pub tsa: Vec<Certificate>,
    /// Who may answer for any issuer by OCSP, itself or by a responder of its own (RFC 6960,
    /// 4.2.2.2, local configuration). None by default: issuers and their delegates alone.
    pub ocsp: Vec<Certificate>,
    pub(super) memory: Arc<Memory>,
}

impl Anchors {
    /// Anchors of signers, of time-stamping authorities and for OCSP.
    #[must_use]
    pub fn new(signer: Vec<Certificate>, tsa: Vec<Certificate>, ocsp: Vec<Certificate>) -> Self {
        Self {
            signer,
            tsa,
            ocsp,
            memory: Arc::default(),
        }
    }

    /// Anchors of signers and time-stamping authorities alike.
    #[must_use]
    pub fn for_all(anchors: Vec<Certificate>) -> Self {
        Self::new(anchors.clone(), anchors, Vec::new())
    }

    /// The anchors for a role.
    #[must_use]
    pub fn of(&self, role: Role) -> &[Certificate] {
        match role {
            Role::Signer | Role::Any => &self.signer,
            Role::Tsa => &self.tsa,
        }
    }
}

/// Everything that a validation may use besides the file.
#[derive(Clone, Copy, Debug)]
pub struct ValidationInput<'i> {
    /// Whom to trust.
    pub anchors: &'i Anchors,
    /// Certificates to build paths with; trusted for nothing.
    pub untrusted: &'i [Certificate],
    /// CRLs, in DER.
    pub crls: &'i [Vec<u8>],
    /// OCSP responses, in DER.
    pub ocsps: &'i [Vec<u8>],
    /// The time at which the file is judged.
    pub at: OffsetDateTime,
    /// What is accepted.
    pub policy: &'i Policy,
    /// What a file may cost.
    pub limits: Limits,
}
