//! A complete CRL, made (RFC 5280 5.1).

use time::OffsetDateTime;

use crate::kernel::asn1::{oids, time as asn1_time, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::{SignError, Signer};
use crate::kernel::x509::extensions::{authority_key, plain, write_explicit};
use crate::kernel::x509::{Certificate, Extension, RevocationReason};

/// One certificate to list.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// The content octets of the serial number.
    pub serial: Vec<u8>,
    /// Since when.
    pub at: OffsetDateTime,
    /// Why; `unspecified` is left out (RFC 5280 5.3.1).
    pub reason: RevocationReason,
    /// When the key is known or suspected to have been compromised.
    pub invalidity_date: Option<OffsetDateTime>,
}

/// The pieces of a CRL.
#[derive(Debug)]
pub struct CrlBuilder<'a> {
    /// Who publishes it.
    pub issuer: &'a Certificate,
    /// Its number, big-endian; higher than the last one's (RFC 5280 5.2.3).
    pub number: &'a [u8],
    /// When it is published.
    pub this_update: OffsetDateTime,
    /// When the next one will be there at the latest.
    pub next_update: OffsetDateTime,
    /// What is revoked.
    pub revocations: &'a [Revocation],
    /// Since when those that end stay listed; nothing where they leave the list.
    pub lists_expired_since: Option<OffsetDateTime>,
}

impl CrlBuilder<'_> {
    /// Signs the CRL; the result is DER.
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
        let algorithm = signer.algorithm().algorithm_identifier();
        let tbs = self.tbs(&algorithm);
        let signature = signer.sign(&tbs)?;
        Ok(write::sequence(&[
            &tbs,
            &algorithm,
            &write::bit_string(&signature),
        ]))
    }

    fn tbs(&self, algorithm: &[u8]) -> Vec<u8> {
        let entries: Vec<Vec<u8>> = self.revocations.iter().map(entry).collect();
        // The list is left out where it would be empty (RFC 5280 5.1.2.6).
        let list = match entries.is_empty() {
            true => Vec::new(),
            false => write::sequence_of(&entries),
        };
        write::sequence(&[
            &write::small(1),
            algorithm,
            self.issuer.subject().der(),
            &asn1_time::rfc5280(self.this_update),
            &asn1_time::rfc5280(self.next_update),
            &list,
            &write_explicit(0, &self.extensions()),
        ])
    }

    fn extensions(&self) -> Vec<Extension> {
        let key = match self.issuer.subject_key_identifier() {
            Some(identifier) => identifier.to_vec(),
            // RFC 5280 4.2.1.2 (1)
            None => HashAlgorithm::Sha1.digest(&[self.issuer.public_key_bits()]),
        };
        let mut extensions = vec![
            authority_key(&key),
            plain(oids::ID_CE_CRL_NUMBER, write::unsigned(self.number)),
        ];
        extensions.extend(self.lists_expired_since.map(|since| {
            let since = asn1_time::generalized(since.replace_nanosecond(0).unwrap_or(since));
            plain(oids::ID_CE_EXPIRED_CERTS_ON_CRL, since)
        }));
        extensions
    }
}

fn entry(revocation: &Revocation) -> Vec<u8> {
    let mut extensions = Vec::new();
    if revocation.reason != RevocationReason::Unspecified {
        let reason = write::enumerated(revocation.reason.code());
        extensions.push(plain(oids::ID_CE_CRL_REASONS, reason).der());
    }
    if let Some(at) = revocation.invalidity_date {
        let at = asn1_time::generalized(at.replace_nanosecond(0).unwrap_or(at));
        extensions.push(plain(oids::ID_CE_INVALIDITY_DATE, at).der());
    }
    let extensions = match extensions.is_empty() {
        true => Vec::new(),
        false => write::sequence_of(&extensions),
    };
    write::sequence(&[
        &write::integer_verbatim(&revocation.serial),
        &asn1_time::rfc5280(revocation.at),
        &extensions,
    ])
}
