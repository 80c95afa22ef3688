//! TimeStampReq (RFC 3161 2.4.1).

use const_oid::ObjectIdentifier;

use super::imprint::RawImprint;
use super::{MessageImprint, PkiFailureInfo};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, write};

/// The longest nonce answered, in octets. RFC 3161 asks for 64 bits at least.
const MAX_NONCE: usize = 64;

/// A request for a time-stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampReq {
    /// What is to be stamped.
    pub imprint: MessageImprint,
    /// Under which policy.
    pub policy: Option<ObjectIdentifier>,
    /// The content octets of the nonce.
    pub nonce: Option<Vec<u8>>,
    /// Whether the token shall carry the authority's certificate.
    pub cert_req: bool,
}

/// Why a request is refused; each reason has its PKIFailureInfo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not a TimeStampReq.
    #[error("malformed request: {0}")]
    Malformed(#[from] Asn1Error),
    /// Not version 1.
    #[error("version {0} of the request is not supported")]
    Version(u32),
    /// A hash function that is unknown or weak.
    #[error("hash function {0} is not supported")]
    Hash(ObjectIdentifier),
    /// A hash that is not as long as its function makes it.
    #[error("the imprint has {found} octets, the hash function makes {expected}")]
    ImprintLength {
        /// What the hash function makes.
        expected: usize,
        /// What the request has.
        found: usize,
    },
    /// A policy that no authority stamps under: its identifier has fewer arcs than any in use.
    #[error("the policy that is asked for is not supported")]
    Policy,
    /// A nonce beyond the limit.
    #[error("the nonce is too long")]
    Nonce,
    /// An extension: none is supported.
    #[error("extensions are not supported")]
    Extension,
}

impl RequestError {
    /// The failure to answer with.
    pub const fn failure(&self) -> PkiFailureInfo {
        match self {
            Self::Malformed(_) | Self::ImprintLength { .. } | Self::Nonce => {
                PkiFailureInfo::BadDataFormat
            }
            Self::Version(_) => PkiFailureInfo::BadRequest,
            Self::Hash(_) => PkiFailureInfo::BadAlg,
            Self::Policy => PkiFailureInfo::UnacceptedPolicy,
            Self::Extension => PkiFailureInfo::UnacceptedExtension,
        }
    }
}

impl TimeStampReq {
    /// A request that asks for the certificate, under whatever policy the authority has.
    pub const fn new(imprint: MessageImprint, nonce: Option<Vec<u8>>) -> Self {
        Self {
            imprint,
            policy: None,
            nonce,
            cert_req: true,
        }
    }

    /// Reads a request and judges what a TSA must (RFC 3161 2.2, 2.4.1).
    pub fn parse(der: &[u8]) -> Result<Self, RequestError> {
        let mut fields = Element::parse(der)?.reader()?;
        let version = fields.small()?;
        if version != 1 {
            return Err(RequestError::Version(version));
        }
        let imprint = strong_imprint(&mut fields)?;
        let policy = read_policy(&mut fields)?;
        let nonce = read_nonce(&mut fields)?;
        let cert_req = match fields.optional(Tag::BOOLEAN)? {
            Some(flag) => flag.boolean()?,
            None => false,
        };
        if fields.optional(Tag::context(0))?.is_some() {
            return Err(RequestError::Extension);
        }
        fields.finish()?;
        Ok(Self {
            imprint,
            policy,
            nonce,
            cert_req,
        })
    }

    /// The request in DER.
    pub fn der(&self) -> Vec<u8> {
        let policy = self.policy.as_ref().map(write::oid);
        let nonce = self.nonce.as_deref().map(write::integer_verbatim);
        let cert_req: &[u8] = if self.cert_req { &write::TRUE } else { &[] };
        write::sequence(&[
            &write::small(1),
            &self.imprint.der(),
            &policy.unwrap_or_default(),
            &nonce.unwrap_or_default(),
            cert_req,
        ])
    }
}

fn strong_imprint(fields: &mut Reader<'_>) -> Result<MessageImprint, RequestError> {
    let raw = RawImprint::read(fields)?;
    let hash = raw
        .hash
        .filter(|hash| hash.is_strong())
        .ok_or(RequestError::Hash(raw.oid))?;
    if raw.digest.len() != hash.output_len() {
        return Err(RequestError::ImprintLength {
            expected: hash.output_len(),
            found: raw.digest.len(),
        });
    }
    Ok(MessageImprint {
        hash,
        digest: raw.digest,
    })
}

/// An identifier that is well formed and cannot be held is of a policy that is not ours.
fn read_policy(fields: &mut Reader<'_>) -> Result<Option<ObjectIdentifier>, RequestError> {
    let Some(oid) = fields.optional(Tag::OID)? else {
        return Ok(None);
    };
    match oid.oid() {
        Ok(policy) => Ok(Some(policy)),
        Err(_) if oid.is_well_formed_oid() => Err(RequestError::Policy),
        Err(error) => Err(error.into()),
    }
}

fn read_nonce(fields: &mut Reader<'_>) -> Result<Option<Vec<u8>>, RequestError> {
    let Some(nonce) = fields.optional(Tag::INTEGER)? else {
        return Ok(None);
    };
    let nonce = nonce.integer()?;
    if nonce.len() > MAX_NONCE {
        return Err(RequestError::Nonce);
    }
    Ok(Some(nonce.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::asn1::oids;
    use crate::kernel::hash::HashAlgorithm;

    fn request() -> TimeStampReq {
        TimeStampReq {
            imprint: MessageImprint::of(HashAlgorithm::Sha384, &[b"permit"]),
            policy: Some(ObjectIdentifier::new_unwrap("1.2.3.4")),
            nonce: Some(vec![0x7f, 1, 2]),
            cert_req: true,
        }
    }

    fn failure(der: &[u8]) -> PkiFailureInfo {
        TimeStampReq::parse(der).unwrap_err().failure()
    }

    fn with_imprint(oid: ObjectIdentifier, digest: &[u8], rest: &[u8]) -> Vec<u8> {
        let algorithm = write::sequence(&[&write::oid(&oid)]);
        let imprint = write::sequence(&[&algorithm, &write::octet_string(digest)]);
        write::sequence(&[&write::small(1), &imprint, rest])
    }

    #[test]
    fn reads_what_it_writes() {
        assert_eq!(TimeStampReq::parse(&request().der()), Ok(request()));
        let bare = TimeStampReq {
            policy: None,
            nonce: None,
            cert_req: false,
            ..request()
        };
        assert_eq!(TimeStampReq::parse(&bare.der()), Ok(bare));
    }

    #[test]
    fn each_refusal_has_its_failure() {
        let ok = with_imprint(oids::ID_SHA256, &[0; 32], &[]);
        assert!(TimeStampReq::parse(&ok).is_ok());
        let md5 = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");
        assert_eq!(
            failure(&with_imprint(md5, &[0; 16], &[])),
            PkiFailureInfo::BadAlg
        );
        assert_eq!(
            failure(&with_imprint(oids::ID_SHA1, &[0; 20], &[])),
            PkiFailureInfo::BadAlg
        );
        assert_eq!(
            failure(&with_imprint(oids::ID_SHA256, &[0; 31], &[])),
            PkiFailureInfo::BadDataFormat
        );
        let extension = write::explicit(0, &[]);
        assert_eq!(
            failure(&with_imprint(oids::ID_SHA256, &[0; 32], &extension)),
            PkiFailureInfo::UnacceptedExtension
        );
        let policy = |content: &[u8]| {
            let oid = write::tlv(Tag::OID, content);
            failure(&with_imprint(oids::ID_SHA256, &[0; 32], &oid))
        };
        // 1.2.3, and one longer than any in use; then none at all, and two that are cut off.
        assert_eq!(policy(&[0x2a, 3]), PkiFailureInfo::UnacceptedPolicy);
        assert_eq!(policy(&[0x2a; 64]), PkiFailureInfo::UnacceptedPolicy);
        for malformed in [&[][..], &[0x2a, 0x83], &[0x2a, 0x80, 3]] {
            assert_eq!(policy(malformed), PkiFailureInfo::BadDataFormat);
        }
        let long = write::integer_verbatim(&[1; 65]);
        assert_eq!(
            failure(&with_imprint(oids::ID_SHA256, &[0; 32], &long)),
            PkiFailureInfo::BadDataFormat
        );
        assert_eq!(
            failure(&write::sequence(&[&write::small(2)])),
            PkiFailureInfo::BadRequest
        );
        let mut trailing = ok;
        trailing.push(0);
        assert_eq!(failure(&trailing), PkiFailureInfo::BadDataFormat);
    }
}
