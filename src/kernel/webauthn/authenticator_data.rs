//! Authenticator data (WebAuthn 6.1): what the authenticator says it did.

use super::cbor::Reader;
use super::{RelyingParty, WebAuthnError};
use crate::kernel::hash::Sha256;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;
/// What no authenticator data of a key store reaches.
const LONGEST: usize = 16 * 1024;
/// The longest credential id (7.1 step 25).
const LONGEST_ID: usize = 1_023;

/// Authenticator data, read to its end.
pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: [u8; 32],
    flags: u8,
    /// The signature counter.
    pub(super) sign_count: u32,
    /// The credential, in a registration.
    pub(super) attested: Option<Attested<'a>>,
}

/// The attested credential data (6.5.1).
pub(super) struct Attested<'a> {
    pub(super) aaguid: [u8; 16],
    pub(super) id: &'a [u8],
    /// The COSE_Key.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it; nothing may follow.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WebAuthnError> {
        Self::parse(bytes).ok_or(WebAuthnError::AuthenticatorData)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > LONGEST {
            return None;
        }
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let ([flags], rest) = rest.split_first_chunk::<1>()?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>()?;
        let attested = match flags & ATTESTED {
            0 => None,
            _ => Some(Attested::parse(&mut rest)?),
        };
        if flags & EXTENSIONS != 0 {
            let mut reader = Reader::new(rest);
            reader.clone_is_map().then_some(())?;
            reader.value().ok()?;
            rest = reader.rest();
        }
        rest.is_empty().then_some(Self {
            rp_id_hash: *rp_id_hash,
            flags: *flags,
            sign_count: u32::from_be_bytes(*sign_count),
            attested,
        })
    }

    /// Whether it may be copied to other devices.
    pub(super) fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    /// Whether it has been.
    pub(super) fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }

    /// What both ceremonies ask: the relying party, presence, verification, and backup flags
    /// that do not contradict each other (7.1 steps 14 to 17, 7.2 steps 15 to 18).
    pub(super) fn check(&self, party: RelyingParty<'_>) -> Result<(), WebAuthnError> {
        if self.rp_id_hash != *Sha256::of(party.id.as_bytes()).as_bytes() {
            return Err(WebAuthnError::RelyingParty);
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(WebAuthnError::UserPresence);
        }
        if self.flags & USER_VERIFIED == 0 {
            return Err(WebAuthnError::UserVerification);
        }
        if self.backed_up() && !self.backup_eligible() {
            return Err(WebAuthnError::BackupFlags);
        }
        Ok(())
    }
}

impl<'a> Attested<'a> {
    fn parse(rest: &mut &'a [u8]) -> Option<Self> {
        let (aaguid, tail) = rest.split_first_chunk::<16>()?;
        let (length, tail) = tail.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !(1..=LONGEST_ID).contains(&length) {
            return None;
        }
        let (id, tail) = tail.split_at_checked(length)?;
        let mut reader = Reader::new(tail);
        let public_key = reader.value().ok()?;
        *rest = reader.rest();
        Some(Self {
            aaguid: *aaguid,
            id,
            public_key,
        })
    }
}

impl Reader<'_> {
    fn clone_is_map(&self) -> bool {
        let mut ahead = *self;
        ahead.map().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTY: RelyingParty<'_> = RelyingParty {
        id: "localhost",
        origin: "http://localhost",
    };

    fn data(flags: u8, rest: &[u8]) -> Vec<u8> {
        let hash = Sha256::of(b"localhost");
        [hash.as_bytes().as_slice(), &[flags, 0, 0, 1, 2], rest].concat()
    }

    #[test]
    fn an_assertions_data_is_read() {
        let bytes = data(USER_PRESENT | USER_VERIFIED, &[]);
        let read = AuthenticatorData::read(&bytes).unwrap();
        assert_eq!(read.sign_count, 258);
        assert!(read.attested.is_none() && !read.backed_up());
        assert_eq!(read.check(PARTY), Ok(()));
        let extended = data(
            USER_PRESENT | USER_VERIFIED | EXTENSIONS,
            &[0xa1, 0x61, b'a', 1],
        );
        assert!(AuthenticatorData::read(&extended).is_ok());
    }

    #[test]
    fn each_flag_that_is_missing_has_its_name() {
        use WebAuthnError as E;
        for (flags, error) in [
            (USER_VERIFIED, E::UserPresence),
            (USER_PRESENT, E::UserVerification),
            (USER_PRESENT | USER_VERIFIED | BACKED_UP, E::BackupFlags),
        ] {
            let bytes = data(flags, &[]);
            let read = AuthenticatorData::read(&bytes).unwrap();
            assert_eq!(read.check(PARTY), Err(error));
        }
        let bytes = data(USER_PRESENT | USER_VERIFIED, &[]);
        let read = AuthenticatorData::read(&bytes).unwrap();
        let other = RelyingParty {
            id: "example.com",
            ..PARTY
        };
        assert_eq!(read.check(other), Err(E::RelyingParty));
    }

    #[test]
    fn what_is_cut_short_or_too_long_is_refused() {
        let attested = [&[0; 16][..], &[0, 1, 9], &[0xa0]].concat();
        let whole = data(ATTESTED, &attested);
        assert!(AuthenticatorData::read(&whole).is_ok());
        for at in 0..whole.len() {
            assert!(AuthenticatorData::read(&whole[..at]).is_err(), "{at}");
        }
        let longer = [whole, vec![0]].concat();
        assert!(AuthenticatorData::read(&longer).is_err());
        let no_id = [&[0; 16][..], &[0, 0], &[0xa0]].concat();
        let long_id = [&[0; 16][..], &[4, 0], &[7; 1024], &[0xa0]].concat();
        for attested in [no_id, long_id] {
            assert!(AuthenticatorData::read(&data(ATTESTED, &attested)).is_err());
        }
        assert!(AuthenticatorData::read(&data(EXTENSIONS, &[0x80])).is_err());
        assert!(AuthenticatorData::read(&data(0, &[0; LONGEST])).is_err());
    }
}
