//! What a certificate at the end of a path may be used for.

use openssl::x509::X509PurposeId;

use super::{PathError, PathErrorKind};
use crate::kernel::asn1::{ObjectIdentifier, oids};
use crate::kernel::x509::{Certificate, KeyUsage};

/// What the target of a path is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign documents, as a person or an organisation.
    Signer,
    /// To sign time-stamps (RFC 3161 2.3).
    Tsa,
    /// To sign OCSP responses, delegated (RFC 6960 4.2.2.2).
    OcspResponder,
    /// To issue certificates or CRLs.
    Ca,
    /// Anything: the path alone counts.
    Any,
}

/// The purposes under which documents are signed. Certificates of persons are issued for
/// e-mail and client authentication long before RFC 9336 named document signing.
pub const SIGNING_PURPOSES: [ObjectIdentifier; 6] = [
    oids::ID_KP_DOCUMENT_SIGNING,
    oids::ID_KP_EMAIL_PROTECTION,
    oids::ID_KP_CLIENT_AUTH,
    oids::ADOBE_AUTHENTIC_DOCUMENTS_TRUST,
    oids::MS_DOCUMENT_SIGNING,
    oids::ANY_EXTENDED_KEY_USAGE,
];

impl Purpose {
    /// Whether the certificate's own extensions allow the purpose.
    pub(super) fn check(self, target: &Certificate) -> Result<(), PathError> {
        let kind = match self {
            Self::Any => return Ok(()),
            Self::Ca if target.is_ca() => return Ok(()),
            Self::Ca => PathErrorKind::NotCa,
            _ if target.is_ca() => PathErrorKind::CaAsEndEntity,
            _ if !may_sign(target) => PathErrorKind::KeyUsage,
            _ if !self.allowed_by_extended(target) => PathErrorKind::ExtendedKeyUsage,
            _ => return Ok(()),
        };
        Err(PathError::of(kind, target))
    }

    fn allowed_by_extended(self, target: &Certificate) -> bool {
        let usage = target.extended_key_usage();
        match self {
            Self::Signer => {
                usage.is_none_or(|usage| SIGNING_PURPOSES.iter().any(|purpose| usage.has(purpose)))
            }
            Self::Tsa => usage.is_some_and(|usage| usage.is_only(&oids::ID_KP_TIME_STAMPING)),
            Self::OcspResponder => usage.is_some_and(|usage| usage.has(&oids::ID_KP_OCSP_SIGNING)),
            Self::Ca | Self::Any => true,
        }
    }

    /// The purpose that OpenSSL checks along the path.
    pub(super) const fn openssl(self) -> X509PurposeId {
        match self {
            Self::Tsa => X509PurposeId::TIMESTAMP_SIGN,
            Self::OcspResponder => X509PurposeId::OCSP_HELPER,
            Self::Signer | Self::Ca | Self::Any => X509PurposeId::ANY,
        }
    }
}

/// Key usage is absent, or allows signatures or commitment (RFC 5280 4.2.1.3).
fn may_sign(target: &Certificate) -> bool {
    target.key_usage().is_none_or(|usage| {
        usage.has(KeyUsage::DIGITAL_SIGNATURE) || usage.has(KeyUsage::NON_REPUDIATION)
    })
}
