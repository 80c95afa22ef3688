//! The approval: a signatory's act over a list of digests, all at once.
//!
//! What is approved is fixed before it is asked for. The challenge is
//! `SHA-256(tag ‖ nonce ‖ CBOR)`, with the CBOR in deterministic encoding (RFC 8949
//! 4.2) of
//!
//! ```text
//! {1: key, 2: SHA-256 of the certificate, 3: expiry in Unix seconds,
//!  4: [[document id, SHA-256 of the submitted file, digest to be signed], ...]}
//! ```
//!
//! where all but the expiry are byte strings. A passkey signs this value; with a
//! passphrase it is kept as the record of what the passphrase was given for. Expiry
//! is asked in the key phase only. That the authenticator showed the documents is
//! never claimed.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::credentials::{AddedBy, CredentialId};
use super::ids::{ApprovalId, DocumentId, IntentId, PersonId};
use crate::kernel::hash::Sha256;

const TAG: &[u8] = b"absah approval v1\n";

/// One approval, asked for or given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// Whose act it is.
    pub signatory: PersonId,
    /// The name of the key that will sign.
    pub key: Vec<u8>,
    /// The SHA-256 of the certificate of that key.
    pub certificate: Sha256,
    /// Random, so that no two challenges are alike.
    pub nonce: [u8; 32],
    /// When it was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub asked: OffsetDateTime,
    /// When it lapses.
    #[serde(with = "time::serde::rfc3339")]
    pub expires: OffsetDateTime,
    /// What is approved.
    pub entries: Vec<ApprovalEntry>,
    /// What became of it.
    pub state: ApprovalState,
}

/// One digest of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalEntry {
    /// The document.
    pub document: DocumentId,
    /// The SHA-256 of its submitted file: what was read.
    pub submitted: Sha256,
    /// The intent that names the prepared bytes.
    pub intent: IntentId,
    /// The digest to be signed, over DER(signedAttrs).
    pub digest: Vec<u8>,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ApprovalState {
    /// Asked for.
    Asked,
    /// Given.
    Given {
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// How.
        evidence: Evidence,
    },
}

/// How an approval was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Evidence {
    /// The passphrase of the signatory's key opened it.
    Passphrase {
        /// Through which door: the API, the command line.
        via: String,
    },
    /// A passkey of the signatory's signed the challenge.
    Passkey(Box<PasskeyEvidence>),
}

/// All that shows that a passkey signed a challenge, to who has nothing else (WebAuthn L3, 7.2).
/// Octets are in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyEvidence {
    /// The passkey.
    pub credential: CredentialId,
    /// Its public key: a COSE_Key.
    #[serde(with = "hex::serde")]
    pub public_key: Vec<u8>,
    /// `authenticatorData`
    #[serde(with = "hex::serde")]
    pub authenticator_data: Vec<u8>,
    /// `clientDataJSON`
    #[serde(with = "hex::serde")]
    pub client_data: Vec<u8>,
    /// The signature over `authenticatorData ‖ SHA-256(clientDataJSON)`.
    #[serde(with = "hex::serde")]
    pub signature: Vec<u8>,
    /// The RP ID.
    pub rp_id: String,
    /// The origin of the page.
    pub origin: String,
    /// Whether the passkey may be copied to other devices.
    pub backup_eligible: bool,
    /// Whether it had been.
    pub backed_up: bool,
    /// When it became the signatory's.
    #[serde(with = "time::serde::rfc3339")]
    pub added: OffsetDateTime,
    /// By what right.
    pub added_by: AddedBy,
}

/// Why an approval cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// It lapsed.
    #[error("the approval lapsed at {0}: ask for it again")]
    Lapsed(OffsetDateTime),
    /// Each approval is given once.
    #[error("the approval was given already")]
    Given,
}

impl Approval {
    /// The value that the signatory's act is bound to.
    #[must_use]
    pub fn challenge(&self) -> Sha256 {
        Sha256::of_parts(&[TAG, &self.nonce, &self.to_cbor()])
    }

    /// Whether it can be given.
    ///
    /// # Errors
    /// When it lapsed, or was given already.
    pub fn check(&self, at: OffsetDateTime) -> Result<(), ApprovalError> {
        match self.state {
            ApprovalState::Given { .. } => Err(ApprovalError::Given),
            ApprovalState::Asked if !self.stands(at) => Err(ApprovalError::Lapsed(self.expires)),
            ApprovalState::Asked => Ok(()),
        }
    }

    /// Notes that it was given.
    ///
    /// # Errors
    /// When it lapsed, or was given already.
    pub fn give(self, at: OffsetDateTime, evidence: Evidence) -> Result<Self, ApprovalError> {
        self.check(at)?;
        Ok(Self {
            state: ApprovalState::Given { at, evidence },
            ..self
        })
    }

    /// Not lapsed; nor asked for at a time that is still to come, by more than its own
    /// lifetime, since then the clock went back.
    fn stands(&self, at: OffsetDateTime) -> bool {
        let lifetime = self.expires - self.asked;
        at < self.expires && at.saturating_add(lifetime) >= self.asked
    }

    fn to_cbor(&self) -> Vec<u8> {
        let mut cbor = Cbor::default();
        cbor.map(4);
        cbor.unsigned(1).bytes(&self.key);
        cbor.unsigned(2).bytes(self.certificate.as_bytes());
        cbor.unsigned(3)
            .unsigned(self.expires.unix_timestamp().unsigned_abs());
        cbor.unsigned(4).array(self.entries.len());
        for entry in &self.entries {
            cbor.array(3).bytes(&entry.document.to_bytes());
            cbor.bytes(entry.submitted.as_bytes()).bytes(&entry.digest);
        }
        cbor.0
    }
}

/// Writes the few CBOR items that a challenge needs, shortest form only.
#[derive(Default)]
struct Cbor(Vec<u8>);

impl Cbor {
    fn head(&mut self, major: u8, argument: u64) -> &mut Self {
        let major = major << 5;
        let octets = argument.to_be_bytes();
        let [.., a, b, c, d] = octets;
        match argument {
            0..24 => self.0.push(major | d),
            24..=0xff => self.0.extend([major | 24, d]),
            0x100..=0xffff => self.0.extend([major | 25, c, d]),
            0x1_0000..=0xffff_ffff => self.0.extend([major | 26, a, b, c, d]),
            _ => {
                self.0.push(major | 27);
                self.0.extend(octets);
            }
        }
        self
    }

    fn unsigned(&mut self, value: u64) -> &mut Self {
        self.head(0, value)
    }

    fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(2, value.len() as u64).0.extend_from_slice(value);
        self
    }

    fn array(&mut self, len: usize) -> &mut Self {
        self.head(4, len as u64)
    }

    fn map(&mut self, len: usize) -> &mut Self {
        self.head(5, len as u64)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);

    fn approval() -> Approval {
        Approval {
            id: ApprovalId::new(NOW, [1; 10]),
            signatory: PersonId::new(NOW, [2; 10]),
            key: b"key".to_vec(),
            certificate: Sha256::of(b"certificate"),
            nonce: [7; 32],
            asked: NOW,
            expires: NOW + time::Duration::minutes(5),
            entries: vec![ApprovalEntry {
                document: DocumentId::new(NOW, [3; 10]),
                submitted: Sha256::of(b"file"),
                intent: IntentId::new(NOW, [4; 10]),
                digest: vec![5; 32],
            }],
            state: ApprovalState::Asked,
        }
    }

    fn passphrase() -> Evidence {
        Evidence::Passphrase { via: "api".into() }
    }

    #[test]
    fn the_cbor_is_what_another_implementation_reads() {
        let value: ciborium::Value =
            ciborium::from_reader(approval().to_cbor().as_slice()).unwrap();
        let map = value.as_map().unwrap();
        assert_eq!(map[0].1.as_bytes().unwrap(), b"key");
        assert_eq!(map[2].1.as_integer(), Some(1_795_320_300u64.into()));
        assert_eq!(
            map[3].1.as_array().unwrap()[0].as_array().unwrap()[2]
                .as_bytes()
                .unwrap(),
            &[5; 32]
        );
        let mut again = Vec::new();
        ciborium::into_writer(&value, &mut again).unwrap();
        assert_eq!(again, approval().to_cbor());
    }

    #[test]
    fn long_lists_keep_the_shortest_heads() {
        for len in [0usize, 23, 24, 255, 256, 65_535, 65_536] {
            let mut cbor = Cbor::default();
            cbor.bytes(&vec![0; len]);
            let mut other = Vec::new();
            ciborium::into_writer(&ciborium::Value::Bytes(vec![0; len]), &mut other).unwrap();
            assert_eq!(cbor.0, other, "{len}");
        }
    }

    #[test]
    fn every_part_changes_the_challenge() {
        let challenge = approval().challenge();
        let mut changed: Vec<Approval> = vec![approval(); 7];
        changed[0].key.push(0);
        changed[1].certificate = Sha256::of(b"another");
        changed[2].nonce[31] ^= 1;
        changed[3].expires += time::Duration::SECOND;
        changed[4].entries[0].digest[0] ^= 1;
        changed[5].entries[0].submitted = Sha256::of(b"another");
        let extra = changed[6].entries[0].clone();
        changed[6].entries.push(extra);
        assert!(
            changed
                .iter()
                .all(|approval| approval.challenge() != challenge)
        );
    }

    #[test]
    fn an_approval_is_given_once_and_in_time() {
        let expires = approval().expires;
        let in_time = expires - time::Duration::NANOSECOND;
        let given = approval().give(in_time, passphrase()).unwrap();
        assert_eq!(given.give(NOW, passphrase()), Err(ApprovalError::Given));
        assert_eq!(
            approval().give(expires, passphrase()),
            Err(ApprovalError::Lapsed(expires))
        );
    }

    #[test]
    fn an_approval_of_a_clock_that_was_ahead_has_lapsed() {
        let lifetime = time::Duration::minutes(5);
        let a_little_behind = NOW - lifetime;
        approval().give(a_little_behind, passphrase()).unwrap();
        let far_behind = a_little_behind - time::Duration::NANOSECOND;
        assert!(matches!(
            approval().give(far_behind, passphrase()),
            Err(ApprovalError::Lapsed(_))
        ));
    }
}
