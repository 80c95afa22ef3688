//! CMS put together from parts that need not belong together: what no decent builder
//! would write.

use absah::kernel::asn1::{ObjectIdentifier, Tag, oids, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::signing::Prepared;
use absah::kernel::x509::Certificate;
use openssl::hash::MessageDigest;

use super::case::WORLD;
use super::world::Holder;

/// An attribute with any number of values.
pub fn attribute(oid: ObjectIdentifier, values: &[Vec<u8>]) -> Vec<u8> {
    write::sequence(&[&write::oid(&oid), &write::set_of(values.to_vec())])
}

pub fn content_type(kind: ObjectIdentifier) -> Vec<u8> {
    attribute(oids::ID_CONTENT_TYPE, &[write::oid(&kind)])
}

pub fn message_digest(digest: &[u8]) -> Vec<u8> {
    attribute(oids::ID_MESSAGE_DIGEST, &[write::octet_string(digest)])
}

/// signing-certificate-v2 over a certificate's SHA-256.
pub fn ess(certificate: &Certificate) -> Vec<u8> {
    attribute(
        oids::ID_AA_SIGNING_CERTIFICATE_V2,
        &[ess_value(&[certificate])],
    )
}

pub fn ess_value(certificates: &[&Certificate]) -> Vec<u8> {
    let ids: Vec<Vec<u8>> = certificates
        .iter()
        .map(|one| {
            write::sequence(&[&write::octet_string(
                &HashAlgorithm::Sha256.digest(&[one.der()]),
            )])
        })
        .collect();
    write::sequence(&[&write::sequence_of(&ids)])
}

/// The attribute of version 1, over SHA-1.
pub fn ess_v1(certificate: &Certificate) -> Vec<u8> {
    let id = write::sequence(&[&write::octet_string(
        &HashAlgorithm::Sha1.digest(&[certificate.der()]),
    )]);
    let value = write::sequence(&[&write::sequence(&[&id])]);
    attribute(oids::ID_AA_SIGNING_CERTIFICATE, &[value])
}

/// A SignedData in parts.
#[derive(Clone)]
pub struct Parts {
    pub content_type: ObjectIdentifier,
    pub inside: Option<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub signers: Vec<Signer>,
}

/// A SignerInfo in parts.
#[derive(Clone)]
pub struct Signer {
    pub by: Holder,
    pub named: Certificate,
    pub digest_algorithm: HashAlgorithm,
    /// The identifier of the signature's algorithm.
    pub algorithm: Vec<u8>,
    /// With which hash the value is really made.
    pub hash: MessageDigest,
    /// The signed attributes; none at all where it is nothing.
    pub attributes: Option<Vec<Vec<u8>>>,
    /// Whether the attributes are sorted as DER asks.
    pub sorted: bool,
    /// What is signed where there are no attributes.
    pub content: Vec<u8>,
    pub unsigned: Vec<Vec<u8>>,
    /// A flaw in the value.
    pub spoil: bool,
}

impl Signer {
    /// As it should be: over a digest, by the signer of the world.
    pub fn over(digest: &[u8]) -> Self {
        Self::by(&WORLD.signer, oids::ID_DATA, digest)
    }

    pub fn by(holder: &Holder, kind: ObjectIdentifier, digest: &[u8]) -> Self {
        use absah::kernel::sign::Signer as _;
        let certificate = &holder.certificate;
        Self {
            by: holder.clone(),
            named: certificate.clone(),
            digest_algorithm: HashAlgorithm::Sha256,
            algorithm: holder.key.algorithm().algorithm_identifier(),
            hash: MessageDigest::sha256(),
            attributes: Some(vec![
                content_type(kind),
                message_digest(digest),
                ess(certificate),
            ]),
            sorted: true,
            content: Vec::new(),
            unsigned: Vec::new(),
            spoil: false,
        }
    }

    /// The same with other attributes.
    pub fn attributes(mut self, attributes: Vec<Vec<u8>>) -> Self {
        self.attributes = Some(attributes);
        self
    }

    /// The same with one more.
    pub fn and(mut self, attribute: Vec<u8>) -> Self {
        self.attributes
            .as_mut()
            .expect("attributes")
            .push(attribute);
        self
    }

    fn set(&self) -> Option<Vec<u8>> {
        let mut attributes = self.attributes.clone()?;
        if self.sorted {
            return Some(write::set_of(attributes));
        }
        // The other way round than DER has them.
        attributes.sort();
        attributes.reverse();
        Some(write::tlv(Tag::SET, &attributes.concat()))
    }

    /// The signature value.
    pub fn value(&self) -> Vec<u8> {
        let message = self.set().unwrap_or_else(|| self.content.clone());
        let mut signer = openssl::sign::Signer::new(self.hash, &self.by.pkey).expect("a signer");
        signer.update(&message).expect("a message");
        let mut value = signer.sign_to_vec().expect("a value");
        if self.spoil {
            let last = value.len() - 1;
            value[last] ^= 1;
        }
        value
    }

    fn der(&self, value: &[u8]) -> Vec<u8> {
        let identifier = write::sequence(&[
            self.named.issuer().der(),
            &write::integer_verbatim(self.named.serial()),
        ]);
        let attributes = self.set().map_or_else(Vec::new, |mut set| {
            set[0] = Tag::context(0).0;
            set
        });
        let unsigned = match self.unsigned.is_empty() {
            true => Vec::new(),
            false => write::implicit_set_of(Tag::context(1), self.unsigned.clone()),
        };
        write::sequence(&[
            &write::small(1),
            &identifier,
            &self.digest_algorithm.algorithm_identifier(),
            &attributes,
            &self.algorithm,
            &write::octet_string(value),
            &unsigned,
        ])
    }
}

impl Parts {
    /// Detached, with the chain, by these signers.
    pub fn of(signers: Vec<Signer>) -> Self {
        let mut certificates = vec![WORLD.ca.certificate.der().to_vec()];
        certificates.extend(signers.iter().map(|one| one.by.certificate.der().to_vec()));
        Self {
            content_type: oids::ID_DATA,
            inside: None,
            certificates,
            signers,
        }
    }

    pub fn build(&self) -> Vec<u8> {
        let values: Vec<Vec<u8>> = self.signers.iter().map(Signer::value).collect();
        self.with_values(&values)
    }

    /// With these values in the place of the signers' own.
    pub fn with_values(&self, values: &[Vec<u8>]) -> Vec<u8> {
        let signed_data = write::sequence(&self.members(values).each_ref().map(Vec::as_slice));
        write::sequence(&[
            &write::oid(&oids::ID_SIGNED_DATA),
            &write::explicit(0, &[&signed_data]),
        ])
    }

    /// The same with an indefinite length outside, as BER allows.
    pub fn indefinite(&self) -> Vec<u8> {
        let der = self.build();
        let inner = &der[content_start(&der)..];
        [&[0x30, 0x80][..], inner, &[0, 0]].concat()
    }

    fn members(&self, values: &[Vec<u8>]) -> [Vec<u8>; 5] {
        let kind = write::oid(&self.content_type);
        let content = match &self.inside {
            Some(content) => {
                write::sequence(&[&kind, &write::explicit(0, &[&write::octet_string(content)])])
            }
            None => write::sequence(&[&kind]),
        };
        let infos = self.signers.iter().zip(values);
        let infos = infos.map(|(signer, value)| signer.der(value)).collect();
        let algorithms = self
            .signers
            .iter()
            .map(|one| one.digest_algorithm.algorithm_identifier());
        [
            write::small(if self.content_type == oids::ID_DATA {
                1
            } else {
                3
            }),
            write::set_of(algorithms.collect()),
            content,
            write::implicit_set_of(Tag::context(0), self.certificates.clone()),
            write::set_of(infos),
        ]
    }
}

/// Where the content of a DER value begins.
fn content_start(der: &[u8]) -> usize {
    match der[1] {
        short if short < 0x80 => 2,
        long => 2 + usize::from(long & 0x7F),
    }
}

/// The prepared file with this CMS in its hole, and validation data after it.
pub fn embedded(prepared: Prepared, cms: &[u8]) -> Vec<u8> {
    let file = prepared.embed(cms).expect("room");
    let at = super::world::SIGNED.saturating_add(time::Duration::SECOND);
    WORLD.with_data(&file, WORLD.validation_data(at))
}
