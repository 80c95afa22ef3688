//! An authenticator and the browser before it, in software: what they give a relying party, and
//! every part of it open to a test that wants it wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
pub const ATTESTED: u8 = 0x40;
pub const EXTENSIONS: u8 = 0x80;

/// The kinds of keys that authenticators make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Es256,
    EdDsa,
    Rs256,
}

/// One passkey, and how it behaves.
pub struct Passkey {
    pub id: Vec<u8>,
    pub key: PKey<Private>,
    pub kind: Kind,
    pub rp_id: String,
    pub origin: String,
    /// Whose it is, once it was told.
    pub user: Vec<u8>,
    /// Presence, verification, backup.
    pub flags: u8,
    pub sign_count: u32,
    /// Seeds the PRF; none, no PRF.
    pub seed: Option<[u8; 32]>,
}

impl Passkey {
    /// A new one for a site.
    pub fn new(kind: Kind, rp_id: &str, origin: &str) -> Self {
        let mut random = [0; 64];
        openssl::rand::rand_bytes(&mut random).unwrap();
        let key = match kind {
            Kind::Es256 => {
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
                PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
            }
            Kind::EdDsa => PKey::generate_ed25519().unwrap(),
            Kind::Rs256 => PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap(),
        };
        Self {
            id: random[..32].to_vec(),
            key,
            kind,
            rp_id: rp_id.to_owned(),
            origin: origin.to_owned(),
            user: Vec::new(),
            flags: PRESENT | VERIFIED,
            sign_count: 0,
            seed: Some(random[32..].try_into().unwrap()),
        }
    }

    /// What the browser says.
    pub fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let origin = &self.origin;
        format!(
            r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        )
        .into_bytes()
    }

    /// What the authenticator says, under these flags, with what follows the counter.
    pub fn data(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let rp = Sha256::digest(self.rp_id.as_bytes());
        [
            rp.as_slice(),
            &[flags],
            &self.sign_count.to_be_bytes(),
            rest,
        ]
        .concat()
    }

    pub fn sign(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let message = [data, Sha256::digest(client_data).as_slice()].concat();
        let mut signer = match self.kind {
            Kind::EdDsa => Signer::new_without_digest(&self.key).unwrap(),
            _ => Signer::new(MessageDigest::sha256(), &self.key).unwrap(),
        };
        signer.sign_oneshot_to_vec(&message).unwrap()
    }

    /// The attested credential data.
    pub fn attested(&self) -> Vec<u8> {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        [&[0; 16][..], &length, &self.id, &self.cose_key()].concat()
    }

    /// The public key as COSE_Key.
    pub fn cose_key(&self) -> Vec<u8> {
        match self.kind {
            Kind::Es256 => {
                let key = self.key.ec_key().unwrap();
                let mut context = openssl::bn::BigNumContext::new().unwrap();
                let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
                let point = key.public_key().to_bytes(key.group(), form, &mut context);
                let point = point.unwrap();
                let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21];
                [
                    &head[..],
                    &bytes(&point[1..33]),
                    &[0x22],
                    &bytes(&point[33..]),
                ]
                .concat()
            }
            Kind::EdDsa => {
                let x = self.key.raw_public_key().unwrap();
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21][..], &bytes(&x)].concat()
            }
            Kind::Rs256 => {
                let rsa = self.key.rsa().unwrap();
                let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20];
                let (n, e) = (bytes(&rsa.n().to_vec()), bytes(&rsa.e().to_vec()));
                [&head[..], &n, &[0x21], &e].concat()
            }
        }
    }

    /// `{"fmt": "none", "attStmt": {}, "authData": …}`
    pub fn attestation(&self, data: &[u8]) -> Vec<u8> {
        let head = [
            &[0xa3][..],
            &text("fmt"),
            &text("none"),
            &text("attStmt"),
            &[0xa0],
        ]
        .concat();
        [head, text("authData"), bytes(data)].concat()
    }

    /// Answers the options of a creation as the page sends it.
    pub fn create(&mut self, options: &Value) -> Value {
        let challenge = decode(&options["challenge"]);
        self.user = decode(&options["user"]["id"]);
        let client_data = self.client_data("create", &challenge);
        let data = self.data(self.flags | ATTESTED, &self.attested());
        json!({
            "id": encode(&self.id),
            "client_data": encode(&client_data),
            "attestation": encode(&self.attestation(&data)),
        })
    }

    /// Answers the options of a use, as the page sends it.
    pub fn answer(&mut self, options: &Value) -> Value {
        let challenge = decode(&options["challenge"]);
        self.answer_to(&challenge)
    }

    /// Answers a challenge.
    pub fn answer_to(&mut self, challenge: &[u8]) -> Value {
        self.sign_count += 1;
        let client_data = self.client_data("get", challenge);
        let data = self.data(self.flags, &[]);
        json!({
            "id": encode(&self.id),
            "client_data": encode(&client_data),
            "authenticator_data": encode(&data),
            "signature": encode(&self.sign(&data, &client_data)),
            "user": encode(&self.user),
        })
    }

    /// The PRF output for a salt.
    pub fn prf(&self, salt: &[u8]) -> Option<[u8; 32]> {
        let seed = self.seed?;
        Some(Sha256::digest([&seed[..], salt].concat()).into())
    }
}

pub fn encode(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

pub fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

/// A byte string in CBOR.
pub fn bytes(octets: &[u8]) -> Vec<u8> {
    [head(0x40, octets.len()), octets.to_vec()].concat()
}

/// A text string in CBOR.
pub fn text(text: &str) -> Vec<u8> {
    [head(0x60, text.len()), text.as_bytes().to_vec()].concat()
}

fn head(major: u8, length: usize) -> Vec<u8> {
    match length {
        0..24 => vec![major | u8::try_from(length).unwrap()],
        24..256 => vec![major | 24, u8::try_from(length).unwrap()],
        _ => {
            let length = u16::try_from(length).unwrap().to_be_bytes();
            vec![major | 25, length[0], length[1]]
        }
    }
}
