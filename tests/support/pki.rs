//! A throw-away public-key infrastructure, with every extension open to mischief.
//!
//! Certificates are put together here from the kernel's DER writer, so that a test can
//! make what no decent library would issue.

use std::sync::atomic::{AtomicU32, Ordering};

use absah::kernel::asn1::{ObjectIdentifier, Tag, oids, time as asn1_time, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use absah::kernel::x509::{Certificate, Extension};
use openssl::ec::{EcGroup, EcKey};
use openssl::md::{Md, MdRef};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::RsaPssSaltlen;
use time::OffsetDateTime;
use time::macros::datetime;

/// The beginning of everything's validity.
pub const NOT_BEFORE: OffsetDateTime = datetime!(2025-01-01 0:00 UTC);
/// The end of everything's validity.
pub const NOT_AFTER: OffsetDateTime = datetime!(2049-01-01 0:00 UTC);
/// A moment in between, at which tests take place.
pub const NOW: OffsetDateTime = datetime!(2026-06-01 8:30 UTC);

static SERIAL: AtomicU32 = AtomicU32::new(1000);

/// A private key in memory.
#[derive(Clone)]
pub struct Key {
    key: PKey<Private>,
    algorithm: SignatureAlgorithm,
}

impl Key {
    /// A new key that signs with an algorithm: RSA of 2048 bits, or P-384 with SHA-384
    /// and P-256 with the others.
    pub fn generate(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha384) => {
                Self::on_curve(Nid::SECP384R1, HashAlgorithm::Sha384)
            }
            SignatureAlgorithm::Ecdsa(hash) => Self::on_curve(Nid::X9_62_PRIME256V1, hash),
            _ => Self {
                key: PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap(),
                algorithm,
            },
        }
    }

    /// A new key on a curve, with a hash function.
    pub fn on_curve(curve: Nid, hash: HashAlgorithm) -> Self {
        let group = EcGroup::from_curve_name(curve).unwrap();
        Self {
            key: PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap(),
            algorithm: SignatureAlgorithm::Ecdsa(hash),
        }
    }

    /// A P-256 key with SHA-256.
    pub fn p256() -> Self {
        Self::generate(SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256))
    }

    /// A key that was made elsewhere.
    pub fn of(key: PKey<Private>, algorithm: SignatureAlgorithm) -> Self {
        Self { key, algorithm }
    }

    /// The key for OpenSSL.
    pub fn pkey(&self) -> PKey<Private> {
        self.key.clone()
    }

    /// The key itself, for other programs.
    pub fn pem(&self) -> Vec<u8> {
        self.key.private_key_to_pem_pkcs8().unwrap()
    }

    /// The subjectPublicKeyInfo.
    pub fn spki(&self) -> Vec<u8> {
        self.key.public_key_to_der().unwrap()
    }
}

impl Signer for Key {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        SignError::check_digest(self.algorithm, digest)?;
        let hash = message_digest(self.algorithm.hash());
        let mut context = PkeyCtx::new(&self.key).unwrap();
        context.sign_init().unwrap();
        if let SignatureAlgorithm::RsaPss(_) = self.algorithm {
            context.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            context
                .set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)
                .unwrap();
            context.set_rsa_mgf1_md(hash).unwrap();
        }
        context.set_signature_md(hash).unwrap();
        let mut signature = Vec::new();
        context.sign_to_vec(digest, &mut signature).unwrap();
        Ok(signature)
    }
}

fn message_digest(hash: HashAlgorithm) -> &'static MdRef {
    match hash {
        HashAlgorithm::Sha1 => Md::sha1(),
        HashAlgorithm::Sha224 => Md::sha224(),
        HashAlgorithm::Sha256 => Md::sha256(),
        HashAlgorithm::Sha384 => Md::sha384(),
        HashAlgorithm::Sha512 => Md::sha512(),
    }
}

/// A certificate with its key.
#[derive(Clone)]
pub struct Holder {
    pub certificate: Certificate,
    pub key: Key,
}

/// What a certificate is to say.
#[derive(Clone)]
pub struct Profile {
    pub common_name: String,
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    pub extensions: Vec<Extension>,
}

/// An extension with a DER value.
pub fn extension(oid: &str, critical: bool, value: Vec<u8>) -> Extension {
    Extension {
        oid: ObjectIdentifier::new_unwrap(oid),
        critical,
        value,
    }
}

/// keyUsage with these bits.
pub fn key_usage(bits: u32) -> Extension {
    extension("2.5.29.15", true, write::named_bits(Tag::BIT_STRING, bits))
}

/// extKeyUsage with these purposes.
pub fn purposes(critical: bool, purposes: &[ObjectIdentifier]) -> Extension {
    let list: Vec<Vec<u8>> = purposes.iter().map(write::oid).collect();
    extension("2.5.29.37", critical, write::sequence_of(&list))
}

impl Profile {
    /// A certificate without extensions.
    pub fn bare(common_name: &str) -> Self {
        Self {
            common_name: common_name.to_owned(),
            not_before: NOT_BEFORE,
            not_after: NOT_AFTER,
            extensions: Vec::new(),
        }
    }

    /// A certification authority.
    pub fn ca(common_name: &str) -> Self {
        let constraints = write::sequence(&[&write::TRUE]);
        Self::bare(common_name)
            .with(extension("2.5.29.19", true, constraints))
            .with(key_usage(0b110_0000))
    }

    /// A signatory: contentCommitment.
    pub fn signatory(common_name: &str) -> Self {
        Self::bare(common_name)
            .with(key_usage(0b10))
            .with(purposes(false, &[oids::ID_KP_DOCUMENT_SIGNING]))
    }

    /// A time-stamping authority.
    pub fn tsa(common_name: &str) -> Self {
        Self::bare(common_name)
            .with(key_usage(0b1))
            .with(purposes(true, &[oids::ID_KP_TIME_STAMPING]))
    }

    /// A delegated OCSP responder.
    pub fn ocsp(common_name: &str) -> Self {
        Self::bare(common_name)
            .with(key_usage(0b1))
            .with(purposes(false, &[oids::ID_KP_OCSP_SIGNING]))
            .with(extension(
                "1.3.6.1.5.5.7.48.1.5",
                false,
                write::NULL.to_vec(),
            ))
    }

    /// The same with another extension, in the place of one of its kind.
    #[must_use]
    pub fn with(mut self, extension: Extension) -> Self {
        self.extensions.retain(|other| other.oid != extension.oid);
        self.extensions.push(extension);
        self
    }

    /// A new key and its certificate, issued by itself.
    pub fn self_signed(&self, algorithm: SignatureAlgorithm) -> Holder {
        let key = Key::generate(algorithm);
        let name = name(&self.common_name);
        self.sign(&name, &key_id(&key.spki()), &key.clone(), key)
    }

    /// A new P-256 key and its certificate.
    pub fn issued_by(&self, issuer: &Holder) -> Holder {
        self.issued_to(Key::p256(), issuer)
    }

    /// A certificate for a key.
    pub fn issued_to(&self, key: Key, issuer: &Holder) -> Holder {
        let name = issuer.certificate.subject().der().to_vec();
        let id = issuer
            .certificate
            .subject_key_identifier()
            .unwrap_or_default();
        self.sign(&name, id, &issuer.key, key)
    }

    fn sign(&self, issuer: &[u8], issuer_id: &[u8], issuer_key: &Key, key: Key) -> Holder {
        let algorithm = issuer_key.algorithm().algorithm_identifier();
        let mut extensions = self.extensions.clone();
        extensions.push(extension(
            "2.5.29.14",
            false,
            write::octet_string(&key_id(&key.spki())),
        ));
        let authority = write::tlv(Tag::context_primitive(0), issuer_id);
        extensions.push(extension(
            "2.5.29.35",
            false,
            write::sequence(&[&authority]),
        ));
        let extensions: Vec<Vec<u8>> = extensions.iter().map(Extension::der).collect();
        let validity = [self.not_before, self.not_after].map(asn1_time::rfc5280);
        let tbs = write::sequence(&[
            &write::explicit(0, &[&write::small(2)]),
            &write::small(SERIAL.fetch_add(1, Ordering::Relaxed)),
            &algorithm,
            issuer,
            &write::sequence_of(&validity),
            &name(&self.common_name),
            &key.spki(),
            &write::explicit(3, &[&write::sequence_of(&extensions)]),
        ]);
        let signature = write::bit_string(&issuer_key.sign(&tbs).unwrap());
        let der = write::sequence(&[&tbs, &algorithm, &signature]);
        Holder {
            certificate: Certificate::parse(&der).unwrap(),
            key,
        }
    }
}

fn key_id(spki: &[u8]) -> Vec<u8> {
    HashAlgorithm::Sha1.digest(&[spki])
}

fn name(common_name: &str) -> Vec<u8> {
    let text = write::tlv(Tag::UTF8_STRING, common_name.as_bytes());
    let attribute = write::sequence(&[&write::oid(&oids::ID_AT_COMMON_NAME), &text]);
    write::sequence(&[&write::set_of(vec![attribute])])
}

/// A root, an issuing authority, and one certificate of each kind below it.
pub struct Pki {
    pub root: Holder,
    pub ca: Holder,
    pub signatory: Holder,
    pub tsa: Holder,
    pub ocsp: Holder,
}

impl Pki {
    /// A new one, on P-256.
    pub fn new() -> Self {
        let ecdsa = SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256);
        let root = Profile::ca("Test Root").self_signed(ecdsa);
        let ca = Profile::ca("Test CA").issued_by(&root);
        Self {
            signatory: Profile::signatory("Kepala Dinas").issued_by(&ca),
            tsa: Profile::tsa("Test TSA").issued_by(&ca),
            ocsp: Profile::ocsp("Test OCSP").issued_by(&ca),
            root,
            ca,
        }
    }
}
