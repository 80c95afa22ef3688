//! Passkeys: what authenticators give is taken, and every step of WebAuthn 7.1 and 7.2 that
//! can fail refuses under its own name.

use absah::kernel::webauthn::{
    Assertion, CoseKey, KnownCredential, Registration, RelyingParty, WebAuthnError,
    verify_assertion, verify_registration,
};
use sha2::{Digest as _, Sha256};

use crate::support::authenticator::{
    ATTESTED, BACKED_UP, ELIGIBLE, EXTENSIONS, Kind, PRESENT, Passkey, VERIFIED, bytes, text,
};

const ID: &str = "izin.example.go.id";
const ORIGIN: &str = "https://izin.example.go.id";
const PARTY: RelyingParty<'_> = RelyingParty {
    id: ID,
    origin: ORIGIN,
};
const CHALLENGE: [u8; 32] = [7; 32];

fn passkey(kind: Kind) -> Passkey {
    Passkey::new(kind, ID, ORIGIN)
}

fn registered(client_data: &[u8], attestation: &[u8]) -> Result<(), WebAuthnError> {
    let registration = Registration {
        client_data,
        attestation,
    };
    verify_registration(PARTY, &CHALLENGE, &registration).map(drop)
}

/// A registration under flags, with what follows the counter.
fn created(passkey: &Passkey, flags: u8, rest: &[u8]) -> Result<(), WebAuthnError> {
    let data = passkey.data(flags, rest);
    registered(
        &passkey.client_data("create", &CHALLENGE),
        &passkey.attestation(&data),
    )
}

/// An assertion under flags, against a counter and eligibility that are known.
fn used(passkey: &Passkey, flags: u8, known: (u32, bool)) -> Result<u32, WebAuthnError> {
    let client_data = passkey.client_data("get", &CHALLENGE);
    let data = passkey.data(flags, &[]);
    asserted(passkey, &client_data, &data, known)
}

fn asserted(
    passkey: &Passkey,
    client_data: &[u8],
    data: &[u8],
    (sign_count, backup_eligible): (u32, bool),
) -> Result<u32, WebAuthnError> {
    let public_key = passkey.cose_key();
    let known = KnownCredential {
        public_key: &public_key,
        sign_count,
        backup_eligible,
    };
    let signature = passkey.sign(data, client_data);
    let assertion = Assertion {
        client_data,
        authenticator_data: data,
        signature: &signature,
    };
    verify_assertion(PARTY, &CHALLENGE, known, &assertion).map(|used| used.sign_count)
}

#[test]
fn each_kind_of_passkey_is_made_and_used() {
    for kind in [Kind::Es256, Kind::EdDsa, Kind::Rs256] {
        let mut passkey = passkey(kind);
        let flags = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP;
        let data = passkey.data(flags | ATTESTED, &passkey.attested());
        let registration = Registration {
            client_data: &passkey.client_data("create", &CHALLENGE),
            attestation: &passkey.attestation(&data),
        };
        let made = verify_registration(PARTY, &CHALLENGE, &registration).unwrap();
        assert_eq!((&made.id, made.sign_count), (&passkey.id, 0));
        assert_eq!(made.public_key, passkey.cose_key());
        assert!(made.backup_eligible && made.backed_up);
        passkey.sign_count = 9;
        assert_eq!(used(&passkey, flags, (0, true)), Ok(9), "{kind:?}");
    }
}

#[test]
fn a_registration_is_refused_step_by_step() {
    use WebAuthnError as E;
    let one = passkey(Kind::Es256);
    let flags = PRESENT | VERIFIED | ATTESTED;
    let attested = one.attested();
    assert_eq!(created(&one, flags, &attested), Ok(()));
    for (flags, error) in [
        (VERIFIED | ATTESTED, E::UserPresence),
        (PRESENT | ATTESTED, E::UserVerification),
        (flags | BACKED_UP, E::BackupFlags),
    ] {
        assert_eq!(created(&one, flags, &attested), Err(error));
    }
    let without = created(&one, PRESENT | VERIFIED, &[]);
    assert_eq!(without, Err(E::AuthenticatorData));
    let longer = [attested.as_slice(), &[0]].concat();
    assert_eq!(created(&one, flags, &longer), Err(E::AuthenticatorData));
    let extended = [attested.as_slice(), &[0xa1], &text("credProtect"), &[3]].concat();
    assert_eq!(created(&one, flags | EXTENSIONS, &extended), Ok(()));

    let data = one.data(flags, &attested);
    let whole = one.attestation(&data);
    let get = one.client_data("get", &CHALLENGE);
    assert_eq!(registered(&get, &whole), Err(E::Type));
    let other = one.client_data("create", &[8; 32]);
    assert_eq!(registered(&other, &whole), Err(E::Challenge));
    let elsewhere = Passkey::new(Kind::Es256, "evil.example", ORIGIN);
    assert_eq!(
        created(&elsewhere, flags, &elsewhere.attested()),
        Err(E::RelyingParty)
    );
    let elsewhere = Passkey::new(Kind::Es256, ID, "https://evil.example");
    assert_eq!(
        created(&elsewhere, flags, &elsewhere.attested()),
        Err(E::Origin)
    );
}

#[test]
fn attestations_that_were_not_asked_for_are_refused() {
    use WebAuthnError as E;
    let one = passkey(Kind::Es256);
    let data = one.data(PRESENT | VERIFIED | ATTESTED, &one.attested());
    let client_data = one.client_data("create", &CHALLENGE);
    let object = |format: &str, statement: &[u8], more: &[u8]| {
        let head = [&[0xa3][..], &text("fmt"), &text(format), &text("attStmt")].concat();
        let rest = [text("authData"), bytes(&data), more.to_vec()].concat();
        [&head, statement, &rest].concat()
    };
    let signature = one.sign(&data, &client_data);
    let vouched = |algorithm: u8, signature: &[u8]| {
        let statement = [&[0xa2][..], &text("alg"), &[algorithm], &text("sig")].concat();
        object("packed", &[statement, bytes(signature)].concat(), &[])
    };
    assert_eq!(registered(&client_data, &vouched(0x26, &signature)), Ok(()));
    let mut flipped = signature.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let with_chain = [
        &[0xa3][..],
        &text("alg"),
        &[0x26],
        &text("sig"),
        &bytes(&signature),
        &text("x5c"),
        &[0x81, 0x41, 0],
    ]
    .concat();
    for object in [
        vouched(0x26, &flipped),
        vouched(0x27, &signature),
        object("packed", &with_chain, &[]),
        object("fido-u2f", &[0xa0], &[]),
        object("none", &[0xa1, 0x61, b'x', 1], &[]),
    ] {
        assert_eq!(registered(&client_data, &object), Err(E::Attestation));
    }
    for object in [
        object("none", &[0xa0], &[0]),
        object("none", &[0x9f], &[]),
        vec![0xa0],
        Vec::new(),
        vec![0; 40 * 1024],
    ] {
        assert_eq!(registered(&client_data, &object), Err(E::AttestationObject));
    }
}

#[test]
fn an_assertion_is_refused_step_by_step() {
    use WebAuthnError as E;
    let mut one = passkey(Kind::Es256);
    one.sign_count = 5;
    let flags = PRESENT | VERIFIED;
    assert_eq!(used(&one, flags, (4, false)), Ok(5));
    for (flags, known, error) in [
        (VERIFIED, (4, false), E::UserPresence),
        (PRESENT, (4, false), E::UserVerification),
        (flags | BACKED_UP, (4, false), E::BackupFlags),
        (flags | ELIGIBLE, (4, false), E::BackupFlags),
        (flags, (4, true), E::BackupFlags),
        (flags, (5, false), E::SignCount),
        (flags, (6, false), E::SignCount),
    ] {
        assert_eq!(used(&one, flags, known), Err(error));
    }
    one.sign_count = 0;
    assert_eq!(used(&one, flags, (0, false)), Ok(0), "no counter at all");
    assert_eq!(used(&one, flags, (1, false)), Err(E::SignCount));

    one.sign_count = 5;
    let data = one.data(flags, &[]);
    let answer = |client_data: &[u8]| asserted(&one, client_data, &data, (4, false));
    let create = one.client_data("create", &CHALLENGE);
    assert_eq!(answer(&create), Err(E::Type));
    let replayed = one.client_data("get", &[8; 32]);
    assert_eq!(answer(&replayed), Err(E::Challenge));
    let phished = Passkey {
        origin: "https://izin-example.go.id".to_owned(),
        ..passkey(Kind::Es256)
    };
    let phished = phished.client_data("get", &CHALLENGE);
    assert_eq!(answer(&phished), Err(E::Origin));
    assert_eq!(answer(b"{}"), Err(E::ClientData));
    let cut = asserted(
        &one,
        &one.client_data("get", &CHALLENGE),
        &data[..36],
        (4, false),
    );
    assert_eq!(cut, Err(E::AuthenticatorData));
    let elsewhere = Passkey::new(Kind::Es256, "evil.example", ORIGIN);
    assert_eq!(used(&elsewhere, flags, (0, false)), Err(E::RelyingParty));
}

#[test]
fn a_signature_is_over_both_and_by_that_key() {
    for kind in [Kind::Es256, Kind::EdDsa, Kind::Rs256] {
        let (one, other) = (passkey(kind), passkey(kind));
        let client_data = one.client_data("get", &CHALLENGE);
        let data = one.data(PRESENT | VERIFIED, &[]);
        let public_key = one.cose_key();
        let judged = |signature: &[u8]| {
            let known = KnownCredential {
                public_key: &public_key,
                sign_count: 0,
                backup_eligible: false,
            };
            let assertion = Assertion {
                client_data: &client_data,
                authenticator_data: &data,
                signature,
            };
            verify_assertion(PARTY, &CHALLENGE, known, &assertion).map(drop)
        };
        let signature = one.sign(&data, &client_data);
        assert_eq!(judged(&signature), Ok(()));
        let mut raised = data.clone();
        raised[36] ^= 1;
        for wrong in [
            other.sign(&data, &client_data),
            one.sign(&raised, &client_data),
            one.sign(&data, &one.client_data("get", &[8; 32])),
            Sha256::digest(&signature).to_vec(),
            Vec::new(),
        ] {
            assert_eq!(judged(&wrong), Err(WebAuthnError::Signature), "{kind:?}");
        }
    }
}

#[test]
fn keys_that_are_none_or_were_not_asked_for_are_refused() {
    use WebAuthnError as E;
    let ec = passkey(Kind::Es256).cose_key();
    let ed = passkey(Kind::EdDsa).cose_key();
    let rsa = passkey(Kind::Rs256).cose_key();
    let read = |key: &[u8]| CoseKey::read(key).map(|key| key.algorithm());
    assert_eq!(read(&ec), Ok(-7));
    assert_eq!(read(&ed), Ok(-8));
    assert_eq!(read(&rsa), Ok(-257));
    let changed = |key: &[u8], at: usize, to: u8| {
        let mut key = key.to_vec();
        key[at] = to;
        read(&key)
    };
    assert_eq!(changed(&ec, 4, 0x25), Err(E::Algorithm), "ES384 or another");
    assert_eq!(changed(&ec, 2, 1), Err(E::PublicKey), "another kind");
    assert_eq!(changed(&ec, 6, 2), Err(E::PublicKey), "another curve");
    assert_eq!(
        changed(&ec, 20, ec[20] ^ 1),
        Err(E::PublicKey),
        "beside the curve"
    );
    assert_eq!(changed(&ed, 6, 7), Err(E::PublicKey), "Ed448");
    assert_eq!(
        changed(&rsa, 11, 0x00),
        Err(E::PublicKey),
        "a short modulus"
    );
    let last = rsa.len() - 1;
    assert_eq!(
        changed(&rsa, last, 3),
        Err(E::PublicKey),
        "another exponent"
    );
    let longer = [ec.as_slice(), &[0]].concat();
    assert_eq!(read(&longer), Err(E::PublicKey));
    let twice = [&[0xa6][..], &ec[1..], &[3, 0x26]].concat();
    assert_eq!(read(&twice), Err(E::PublicKey));
    for at in 0..ec.len() {
        assert!(read(&ec[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn no_flipped_bit_of_a_registration_harms() {
    let one = passkey(Kind::Es256);
    let data = one.data(PRESENT | VERIFIED | ATTESTED, &one.attested());
    let whole = one.attestation(&data);
    let client_data = one.client_data("create", &CHALLENGE);
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            let _ = registered(&client_data, &changed);
        }
        assert!(registered(&client_data, &whole[..at]).is_err());
    }
}
