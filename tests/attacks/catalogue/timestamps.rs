//! Time-stamp tricks (RFC 3161; EN 319 102-1, 5.4, 5.5.4): tokens that prove nothing,
//! or the wrong thing.

use absah::kernel::asn1::{oids, time as asn1_time, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::validation::report::Modification;
use absah::kernel::validation::{FindingCode as C, SubIndication as S, Verdict};
use time::{Duration, OffsetDateTime};

use crate::base::PLAIN_LTA;
use crate::case::{Catalogue, LATER, Required, WORLD, changed, failed, open, passed, unread};
use crate::cms::{Parts, Signer, attribute, embedded};
use crate::document::document;
use crate::edit::{find, hole, patched};
use crate::world::{Holder, Profile, SIGNED, World, issued, prepared, request};

const TWIN: &str = "honest/stamped";

/// A TSTInfo.
fn info(hash: HashAlgorithm, digest: &[u8], at: OffsetDateTime) -> Vec<u8> {
    let imprint = write::sequence(&[&hash.algorithm_identifier(), &write::octet_string(digest)]);
    write::sequence(&[
        &write::small(1),
        &write::oid(&"1.2.3.4".parse().expect("an OID")),
        &imprint,
        &write::small(7),
        &asn1_time::generalized(at),
    ])
}

/// What a token is made of.
struct Token {
    by: Holder,
    info: Vec<u8>,
    change: fn(Parts) -> Parts,
}

impl Token {
    /// Over a message, at a time, by the time-stamping authority.
    fn over(message: &[u8], at: OffsetDateTime) -> Self {
        let hash = HashAlgorithm::Sha256;
        Self {
            by: WORLD.tsa.clone(),
            info: info(hash, &hash.digest(&[message]), at),
            change: |parts| parts,
        }
    }

    fn der(&self) -> Vec<u8> {
        let digest = HashAlgorithm::Sha256.digest(&[&self.info]);
        let mut parts = Parts::of(vec![Signer::by(&self.by, oids::ID_CT_TST_INFO, &digest)]);
        parts.content_type = oids::ID_CT_TST_INFO;
        parts.inside = Some(self.info.clone());
        (self.change)(parts).build()
    }
}

/// A file whose signature carries these tokens, made over its value.
fn stamped(tokens: impl Fn(&[u8]) -> Vec<Token>) -> Vec<u8> {
    let file = prepared(&document(), &request(None));
    let digest = file.digest(HashAlgorithm::Sha256);
    let mut parts = Parts::of(vec![Signer::over(&digest)]);
    let value = parts.signers[0].value();
    let tokens = tokens(&value)
        .iter()
        .map(Token::der)
        .map(token_attribute)
        .collect();
    parts.signers[0].unsigned = tokens;
    embedded(file, &parts.with_values(&[value]))
}

fn token_attribute(token: Vec<u8>) -> Vec<u8> {
    attribute(oids::ID_AA_SIGNATURE_TIME_STAMP_TOKEN, &[token])
}

pub fn cases(all: &mut Catalogue) {
    honest(all);
    weak(all);
    tokens(all);
    authorities(all);
    orders(all);
    content(all);
    documents(all);
}

fn honest(all: &mut Catalogue) {
    all.honest(
        "honest/stamped",
        stamped(|value| vec![Token::over(value, SIGNED)]),
        passed(),
        "the token that the attacks below are made from",
    );
    all.honest(
        "honest/stamped-twice",
        stamped(|value| {
            vec![
                Token::over(value, SIGNED),
                Token::over(value, SIGNED + Duration::SECOND),
            ]
        }),
        passed(),
        "two tokens of one authority",
    );
    all.honest(
        "honest/one-good-token",
        stamped(|value| vec![Token::over(b"other", SIGNED), Token::over(value, SIGNED)]),
        passed().finding(C::TimestampInvalid),
        "one token holds, the other is of no use: the signature stands, with a warning",
    );
}

/// An imprint that may fit two values: the time-stamp is of no use, the signature
/// stands without it.
fn weak(all: &mut Catalogue) {
    let file = stamped(|value| {
        let hash = HashAlgorithm::Sha1;
        let info = info(hash, &hash.digest(&[value]), SIGNED);
        vec![Token {
            info,
            ..Token::over(value, SIGNED)
        }]
    });
    let said = passed().finding(C::AlgorithmWeak).finding(C::TimeNotProven);
    all.honest(
        "honest/sha-1-imprint",
        file,
        said,
        "an imprint by SHA-1 proves no time, and the signature does without",
    );
}

/// Tokens with one thing wrong.
fn tokens(all: &mut Catalogue) {
    let broken = |code| open(S::SigConstraintsFailure, code);
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("timestamps/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "showing the time of a token that proves nothing",
        );
    };
    attack(
        "imprint-of-other-data",
        stamped(|_| vec![Token::over(b"other", SIGNED)]),
        broken(C::TimestampImprint),
        "a token of another signature",
    );
    attack(
        "imprint-of-content",
        stamped(|_| vec![Token::over(&document(), SIGNED)]),
        broken(C::TimestampImprint),
        "a token over the document is no token over the signature",
    );
    let change = |change: fn(Parts) -> Parts| {
        stamped(move |value| {
            vec![Token {
                change,
                ..Token::over(value, SIGNED)
            }]
        })
    };
    attack(
        "value-flipped",
        change(|mut parts| {
            parts.signers[0].spoil = true;
            parts
        }),
        broken(C::SignatureValueInvalid),
        "a token that its authority did not sign",
    );
    attack(
        "no-signing-certificate",
        change(|mut parts| {
            parts.signers[0]
                .attributes
                .as_mut()
                .expect("attributes")
                .pop();
            parts
        }),
        broken(C::SigningCertificateAttributeMissing),
        "a token binds its certificate (RFC 3161, 2.4.2)",
    );
    attack(
        "two-signers",
        change(|mut parts| {
            let twin = parts.signers[0].clone();
            parts.signers.push(twin);
            parts
        }),
        broken(C::CmsSignerCount),
        "a token has one signer",
    );
    attack(
        "content-swapped",
        change(|mut parts| {
            let mut other = parts.inside.clone().expect("content");
            let last = other.len() - 2;
            other[last] = b'9';
            parts.inside = Some(other);
            parts
        }),
        broken(C::DigestMismatch),
        "the time in a token is covered by its signature",
    );
    attack(
        "content-type-data",
        change(|mut parts| {
            parts.content_type = oids::ID_DATA;
            parts
        }),
        broken(C::TimestampUnreadable),
        "a token's content is a TSTInfo by its type",
    );
    attack(
        "before-its-authority",
        stamped(|value| vec![Token::over(value, SIGNED - Duration::days(4000))]),
        broken(C::SignedOutsideValidity),
        "a time at which the authority's certificate did not exist",
    );
    attack(
        "from-the-future",
        stamped(|value| vec![Token::over(value, LATER + Duration::DAY)]),
        broken(C::TimestampOrder),
        "a time that has not come proves nothing",
    );
}

/// Authorities that are none.
fn authorities(all: &mut Catalogue) {
    let usages = [
        ("no-usage", None, "a certificate without the purpose"),
        (
            "usage-not-critical",
            Some((false, "timeStamping")),
            "the purpose must be critical",
        ),
        (
            "usage-among-others",
            Some((true, "timeStamping,emailProtection")),
            "the purpose must stand alone",
        ),
        (
            "usage-other",
            Some((true, "codeSigning")),
            "another purpose",
        ),
        (
            "usage-any",
            Some((true, "anyExtendedKeyUsage")),
            "any purpose is not this one",
        ),
    ];
    for (name, extended, teaches) in usages {
        let tsa = issued(
            &Profile {
                extended,
                ..Profile::tsa()
            },
            50,
            Some(&WORLD.ca),
        );
        let world = World {
            tsa,
            ..WORLD.clone()
        };
        all.attack(
            format!("timestamps/{name}"),
            TWIN,
            world.b_lt(&document(), SIGNED),
            open(S::SigConstraintsFailure, C::TimestampExtendedKeyUsage),
            teaches,
            "any certificate of a trusted authority makes times",
        );
    }
    all.attack(
        "timestamps/by-the-signer",
        TWIN,
        stamped(|value| {
            vec![Token {
                by: WORLD.signer.clone(),
                ..Token::over(value, SIGNED)
            }]
        }),
        open(S::SigConstraintsFailure, C::TimestampExtendedKeyUsage),
        "the signer states the time himself",
        "any certificate of a trusted authority makes times",
    );
    let tsa = issued(
        &Profile {
            ca: true,
            key_usage: "critical,digitalSignature,keyCertSign",
            ..Profile::tsa()
        },
        51,
        Some(&WORLD.ca),
    );
    let world = World {
        tsa,
        ..WORLD.clone()
    };
    all.attack(
        "timestamps/authority-as-tsa",
        TWIN,
        world.b_lt(&document(), SIGNED),
        open(S::SigConstraintsFailure, C::ChainConstraints),
        "a certification authority's certificate makes no times",
        "any certificate of a trusted authority makes times",
    );
}

/// Order.
fn orders(all: &mut Catalogue) {
    let late = WORLD.b_t(&document(), SIGNED + Duration::minutes(10));
    let data = WORLD.validation_data(SIGNED + Duration::SECOND);
    let file = WORLD.document_stamped(&WORLD.with_data(&late, data), SIGNED);
    all.attack(
        "timestamps/document-before-signature",
        "honest/b-lta",
        file,
        open(S::SigConstraintsFailure, C::TimestampOrder),
        "a document time-stamp covers a signature time-stamp that is later than itself",
        "taking each time by itself",
    );
    let file = WORLD.document_stamped(
        &WORLD.document_stamped(
            &WORLD.b_lt(&document(), SIGNED),
            SIGNED + Duration::minutes(20),
        ),
        SIGNED + Duration::minutes(10),
    );
    all.attack(
        "timestamps/documents-out-of-order",
        "honest/renewed",
        file,
        open(S::TimestampOrderFailure, C::TimestampOrder),
        "a newer document time-stamp is earlier than one that it covers: one of the two lies",
        "taking each time by itself",
    );
}

/// A file whose content and whose signature are stamped at these times, the content
/// with this digest if not its own.
fn stamped_twice(
    signer: &Holder,
    at: OffsetDateTime,
    stamp: OffsetDateTime,
    other: Option<Vec<u8>>,
) -> Vec<u8> {
    let file = prepared(&document(), &request(None));
    let digest = file.digest(HashAlgorithm::Sha256);
    let covered = other.unwrap_or_else(|| digest.clone());
    let token = Token {
        info: info(HashAlgorithm::Sha256, &covered, at),
        ..Token::over(b"", at)
    }
    .der();
    let signer = Signer::by(signer, oids::ID_DATA, &digest);
    let signer = signer.and(attribute(oids::ID_AA_ETS_CONTENT_TIMESTAMP, &[token]));
    let mut parts = Parts::of(vec![signer]);
    let value = parts.signers[0].value();
    parts.signers[0].unsigned = vec![token_attribute(Token::over(&value, stamp).der())];
    file.embed(&parts.with_values(&[value])).expect("room")
}

/// The same without validation data.
pub fn content_stamped(at: OffsetDateTime, stamp: OffsetDateTime) -> Vec<u8> {
    stamped_twice(&WORLD.signer, at, stamp, None)
}

/// The same by another signer.
pub fn content_stamped_by(world: &World, at: OffsetDateTime, stamp: OffsetDateTime) -> Vec<u8> {
    stamped_twice(&world.signer, at, stamp, None)
}

/// Content time-stamps (EN 319 122-1, 5.2.8), made before signing.
fn content(all: &mut Catalogue) {
    let made = |at: OffsetDateTime, stamp: OffsetDateTime, right: bool| {
        let file = stamped_twice(&WORLD.signer, at, stamp, (!right).then(|| vec![7; 32]));
        WORLD.with_data(&file, WORLD.validation_data(SIGNED + Duration::SECOND))
    };
    all.honest(
        "honest/content-stamped",
        made(SIGNED - Duration::MINUTE, SIGNED, true),
        passed(),
        "a content time-stamp before, a signature time-stamp after",
    );
    all.attack(
        "timestamps/content-after-signature",
        "honest/content-stamped",
        made(SIGNED + Duration::MINUTE, SIGNED, true),
        open(S::TimestampOrderFailure, C::TimestampOrder),
        "what was stamped before signing cannot be later than the signature",
        "taking each time by itself",
    );
    all.honest(
        "honest/content-stamp-of-other-data",
        made(SIGNED - Duration::MINUTE, SIGNED, false),
        passed().finding(C::TimestampImprint),
        "a content time-stamp of another content proves nothing and is said to; the signature stands",
    );
}

/// Document time-stamps.
fn documents(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let first = hole(file);
    let second = first.end + hole(&file[first.end..]).start;
    let used = file[second..].iter().take_while(|b| **b != b'>').count();
    let last = file[second..second + used]
        .iter()
        .rposition(|b| *b != b'0')
        .expect("a value");
    let at = second + last - 1;
    let flipped = if file[at] == b'1' { b"2" } else { b"1" };
    all.attack(
        "timestamps/document-value-flipped",
        "honest/b-lta",
        patched(file, at, flipped),
        failed(S::SigCryptoFailure, C::SignatureValueInvalid)
            .without_crypto()
            .modification(Modification::None),
        "a document time-stamp that is spoiled spoils the file",
        "ignoring what is not a signature",
    )
    .signature(1);
    let alone = WORLD.document_stamped(&document(), SIGNED);
    all.attack(
        "timestamps/document-alone",
        "honest/b-lta",
        alone,
        Required {
            indication: Some(absah::kernel::validation::Indication::Indeterminate),
            sub_indication: Some(S::CertificateChainGeneralFailure),
            crypto_valid: true,
            modification: Some(Modification::None),
            ..unread(Verdict::Unsigned, C::RevocationMissing)
        },
        "a time-stamp proves a time and no signer",
        "calling a time-stamped file signed",
    );
    let kind = find(file, b"/Type/DocTimeStamp");
    all.attack(
        "timestamps/document-type-changed",
        "honest/b-lta",
        patched(file, kind, b"/Type/DocTimeStam0"),
        changed(),
        "the dictionary's type is signed, and a token is no signature",
        "deciding by the type alone",
    );
}
