//! The attestation object (WebAuthn 6.5.4) of the formats `none` (8.7) and, without
//! certificates, `packed` (8.2): the credential vouches for itself, which browsers may pass on
//! where no attestation was asked for.

use super::WebAuthnError;
use super::authenticator_data::Attested;
use super::cbor::{NotCbor, Reader};
use super::cose_key::CoseKey;

const LONGEST: usize = 32 * 1024;

/// An attestation object's parts, as they stand.
pub(super) struct AttestationObject<'a> {
    format: &'a str,
    statement: &'a [u8],
    /// The authenticator data.
    pub(super) data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    /// Reads it; nothing may follow.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WebAuthnError> {
        if bytes.len() > LONGEST {
            return Err(WebAuthnError::AttestationObject);
        }
        Self::parse(bytes).map_err(|NotCbor| WebAuthnError::AttestationObject)
    }

    fn parse(bytes: &'a [u8]) -> Result<Self, NotCbor> {
        let mut reader = Reader::new(bytes);
        let (mut format, mut statement, mut data) = (None, None, None);
        for _ in 0..pairs(&mut reader, 3)? {
            match reader.text()? {
                "fmt" => format = Some(reader.text()?),
                "attStmt" => statement = Some(reader.value()?),
                "authData" => data = Some(reader.bytes()?),
                _ => return Err(NotCbor),
            }
        }
        match (format, statement, data) {
            (Some(format), Some(statement), Some(data)) if reader.rest().is_empty() => Ok(Self {
                format,
                statement,
                data,
            }),
            _ => Err(NotCbor),
        }
    }

    /// Checks the statement (7.1 steps 21, 22).
    pub(super) fn check(
        &self,
        attested: &Attested<'_>,
        key: &CoseKey,
        client_data_hash: &[u8],
    ) -> Result<(), WebAuthnError> {
        let holds = match self.format {
            // An empty map, and nothing else.
            "none" => self.statement == [0xa0],
            "packed" => self.vouches_for_itself(attested, key, client_data_hash),
            _ => false,
        };
        holds.then_some(()).ok_or(WebAuthnError::Attestation)
    }

    fn vouches_for_itself(&self, attested: &Attested<'_>, key: &CoseKey, hash: &[u8]) -> bool {
        let Ok((algorithm, signature)) = self_signature(self.statement) else {
            return false;
        };
        let signed = [self.data, hash].concat();
        attested.aaguid == [0; 16]
            && algorithm == key.algorithm()
            && key.verify(&signed, signature).is_ok()
    }
}

/// `{"alg": …, "sig": …}`; with certificates it would be another kind.
fn self_signature(statement: &[u8]) -> Result<(i64, &[u8]), NotCbor> {
    let mut reader = Reader::new(statement);
    let (mut algorithm, mut signature) = (None, None);
    for _ in 0..pairs(&mut reader, 2)? {
        match reader.text()? {
            "alg" => algorithm = Some(reader.integer()?),
            "sig" => signature = Some(reader.bytes()?),
            _ => return Err(NotCbor),
        }
    }
    algorithm.zip(signature).ok_or(NotCbor)
}

fn pairs(reader: &mut Reader<'_>, wanted: u64) -> Result<u64, NotCbor> {
    match reader.map()? {
        count if count == wanted => Ok(count),
        _ => Err(NotCbor),
    }
}
