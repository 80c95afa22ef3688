//! CMS tricks (RFC 5652; EN 319 122-1; EN 319 142-1, 6.2, 6.3).

use absah::kernel::asn1::{ObjectIdentifier, oids, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::signing::Prepared;
use absah::kernel::sign::SignatureAlgorithm;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use openssl::hash::MessageDigest;

use crate::case::{Catalogue, Required, WORLD, failed, open, passed};
use crate::cms::{
    Parts, Signer, attribute, content_type, embedded, ess, ess_v1, ess_value, message_digest,
};
use crate::document::document;
use crate::edit::replaced;
use crate::world::{Holder, Profile, issued, prepared, request};

const TWIN: &str = "honest/cms";

pub fn cases(all: &mut Catalogue) {
    honest(all);
    attributes(all);
    certificates(all);
    signers(all);
    forms(all);
    algorithms(all);
    sub_filters(all);
}

fn fresh() -> (Prepared, Vec<u8>) {
    let file = prepared(&document(), &request(None));
    let digest = file.digest(HashAlgorithm::Sha256);
    (file, digest)
}

/// A file whose one signer is changed.
fn signed(change: impl Fn(Signer, &[u8]) -> Signer) -> Vec<u8> {
    let (file, digest) = fresh();
    let signer = change(Signer::over(&digest), &digest);
    embedded(file, &Parts::of(vec![signer]).build())
}

/// A file whose CMS is changed.
fn built(change: impl Fn(Parts, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let (file, digest) = fresh();
    let cms = change(Parts::of(vec![Signer::over(&digest)]), &digest);
    embedded(file, &cms)
}

/// The form of the CMS is wrong; what came after it was examined.
fn malformed(code: C) -> Required {
    failed(S::FormatFailure, code)
}

fn honest(all: &mut Catalogue) {
    all.honest(
        "honest/cms",
        signed(|s, _| s),
        passed(),
        "the parts that the attacks below are made from",
    );
    all.honest(
        "honest/unknown-signed-attribute",
        signed(|s, _| {
            s.and(attribute(
                ObjectIdentifier::new_unwrap("1.2.3.4"),
                &[write::small(1)],
            ))
        }),
        passed(),
        "attributes that nobody knows do no harm",
    );
    all.honest(
        "honest/evidence-record",
        signed(|mut s, _| {
            s.unsigned
                .push(attribute(oids::ID_AA_ER_INTERNAL, &[write::small(1)]));
            s
        }),
        passed().finding(C::EvidenceUnread),
        "an evidence record is not read: it proves nothing, and harms nothing",
    );
    all.honest(
        "honest/unsigned-attribute",
        signed(|mut s, _| {
            s.unsigned.push(attribute(
                ObjectIdentifier::new_unwrap("1.2.3.5"),
                &[write::small(1)],
            ));
            s
        }),
        passed(),
        "unsigned attributes that nobody knows do no harm",
    );
    all.honest(
        "honest/signing-time-attribute",
        signed(|s, _| {
            let time = absah::kernel::asn1::time::rfc5280(crate::world::SIGNED);
            s.and(attribute(oids::ID_SIGNING_TIME, &[time]))
        }),
        passed(),
        "other producers state a signing time in the CMS",
    );
    all.honest(
        "honest/both-signing-certificate-attributes",
        signed(|s, _| s.and(ess_v1(&WORLD.signer.certificate))),
        passed(),
        "old and new attribute side by side, both of the same certificate",
    );
}

/// Signed attributes missing, doubled, wrong.
fn attributes(all: &mut Catalogue) {
    let own = || WORLD.signer.certificate.clone();
    let kind = || content_type(oids::ID_DATA);
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("cms/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "taking the first attribute that fits, or none, as enough",
        );
    };
    let none = |content: bool| {
        signed(move |mut s, digest| {
            s.attributes = None;
            s.content = if content { digest.to_vec() } else { Vec::new() };
            s
        })
    };
    attack(
        "no-signed-attributes",
        none(false),
        open(S::SigConstraintsFailure, C::SignedAttributesMissing).without_crypto(),
        "without signed attributes nothing binds certificate and content",
    );
    attack(
        "no-content-type",
        signed(|s, d| s.attributes(vec![message_digest(d), ess(&own())])),
        open(S::SigConstraintsFailure, C::ContentTypeInvalid),
        "content-type is required where attributes are",
    );
    attack(
        "content-type-of-token",
        signed(|s, d| {
            s.attributes(vec![
                content_type(oids::ID_CT_TST_INFO),
                message_digest(d),
                ess(&own()),
            ])
        }),
        open(S::SigConstraintsFailure, C::ContentTypeInvalid),
        "a signature over another kind of content",
    );
    attack(
        "content-type-twice",
        signed(|s, _| s.and(content_type(oids::ID_CT_TST_INFO))),
        open(S::SigConstraintsFailure, C::ContentTypeInvalid),
        "of two content types readers take either",
    );
    attack(
        "no-message-digest",
        signed(|s, _| s.attributes(vec![kind(), ess(&own())])),
        malformed(C::MessageDigestInvalid).without_crypto(),
        "without message-digest the content is not signed",
    );
    attack(
        "message-digest-twice",
        signed(|s, _| s.and(message_digest(&[7; 32]))),
        malformed(C::MessageDigestInvalid).without_crypto(),
        "of two digests one may be of another content",
    );
    attack(
        "message-digest-two-values",
        signed(|s, d| {
            let both = attribute(
                oids::ID_MESSAGE_DIGEST,
                &[write::octet_string(d), write::octet_string(&[7; 32])],
            );
            s.attributes(vec![kind(), both, ess(&own())])
        }),
        malformed(C::MessageDigestInvalid).without_crypto(),
        "one attribute, two digests",
    );
    attack(
        "message-digest-empty",
        signed(|s, _| {
            s.attributes(vec![
                kind(),
                attribute(oids::ID_MESSAGE_DIGEST, &[]),
                ess(&own()),
            ])
        }),
        malformed(C::MessageDigestInvalid).without_crypto(),
        "an attribute without a value",
    );
    attack(
        "message-digest-wrong",
        signed(|s, _| s.attributes(vec![kind(), message_digest(&[7; 32]), ess(&own())])),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "a value over attributes that name another content",
    );
    attack(
        "message-digest-truncated",
        signed(|s, d| s.attributes(vec![kind(), message_digest(&d[..16]), ess(&own())])),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "a digest cut short must not match by its beginning",
    );
    attack(
        "message-digest-unsigned",
        signed(|mut s, d| {
            s.unsigned.push(message_digest(d));
            s.attributes(vec![kind(), message_digest(&[7; 32]), ess(&own())])
        }),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "an unsigned attribute says what a signed one should",
    );
    attack(
        "attributes-not-sorted",
        signed(|mut s, _| {
            s.sorted = false;
            s
        }),
        malformed(C::SignedAttributesNotDer),
        "signed attributes are hashed as DER; another order is another message to some readers",
    );
    attack(
        "algorithm-protection-broken",
        signed(|s, _| {
            let lie = write::sequence(&[&HashAlgorithm::Sha512.algorithm_identifier()]);
            s.and(attribute(oids::ID_AA_CMS_ALGORITHM_PROTECTION, &[lie]))
        }),
        open(S::SigConstraintsFailure, C::AlgorithmProtectionBroken),
        "algorithm protection names the algorithms that are used, or it is broken",
    );
}

/// The certificate: bound, named, carried.
fn certificates(all: &mut Catalogue) {
    let own = || WORLD.signer.certificate.clone();
    let other = issued(
        &Profile {
            name: "Other",
            ..Profile::signer()
        },
        40,
        Some(&WORLD.ca),
    );
    let kind = || content_type(oids::ID_DATA);
    let base = |d: &[u8]| vec![kind(), message_digest(d)];
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("cms/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "taking any certificate whose key fits for the signer's",
        );
    };
    attack(
        "no-signing-certificate",
        signed(|s, d| s.attributes(base(d))),
        open(
            S::SigConstraintsFailure,
            C::SigningCertificateAttributeMissing,
        ),
        "PAdES binds the certificate; without it another one for the same key may be put there",
    );
    attack(
        "signing-certificate-twice",
        signed(|s, _| {
            let again = ess_value(&[&own(), &WORLD.ca.certificate]);
            s.and(attribute(oids::ID_AA_SIGNING_CERTIFICATE_V2, &[again]))
        }),
        open(
            S::SigConstraintsFailure,
            C::SigningCertificateAttributeRepeated,
        ),
        "the attribute stands once",
    );
    attack(
        "signing-certificate-of-other",
        signed(|s, d| {
            let mut list = base(d);
            list.push(ess(&other.certificate));
            s.attributes(list)
        }),
        open(S::NoSigningCertificateFound, C::SigningCertificateMismatch),
        "the signer bound another certificate",
    );
    attack(
        "signing-certificate-second-of-list",
        signed(|s, d| {
            let value = ess_value(&[&other.certificate, &own()]);
            let mut list = base(d);
            list.push(attribute(oids::ID_AA_SIGNING_CERTIFICATE_V2, &[value]));
            s.attributes(list)
        }),
        open(S::NoSigningCertificateFound, C::SigningCertificateMismatch),
        "the first identifier is the signer's",
    );
    attack(
        "signing-certificate-empty",
        signed(|s, d| {
            let mut list = base(d);
            list.push(attribute(
                oids::ID_AA_SIGNING_CERTIFICATE_V2,
                &[ess_value(&[])],
            ));
            s.attributes(list)
        }),
        open(
            S::SigConstraintsFailure,
            C::SigningCertificateAttributeRepeated,
        ),
        "an attribute that names nobody binds nobody",
    );
    let twin = same_key();
    attack(
        "certificate-substituted",
        built(|mut parts, _| {
            parts.certificates = vec![
                WORLD.ca.certificate.der().to_vec(),
                twin.certificate.der().to_vec(),
            ];
            parts.signers[0].named = twin.certificate.clone();
            parts.build()
        }),
        open(S::NoSigningCertificateFound, C::SigningCertificateMismatch),
        "the same key in another certificate, with another name",
    );
    attack(
        "certificate-absent",
        {
            let (file, digest) = fresh();
            let stranger = issued(
                &Profile {
                    name: "Stranger",
                    ..Profile::signer()
                },
                41,
                Some(&WORLD.ca),
            );
            let mut parts = Parts::of(vec![Signer::by(&stranger, oids::ID_DATA, &digest)]);
            parts.certificates.clear();
            embedded(file, &parts.build())
        },
        open(S::NoSigningCertificateFound, C::SigningCertificateNotFound).without_crypto(),
        "a signature that carries no certificate names nobody",
    );
    attack(
        "value-by-another-key",
        built(|mut parts, _| {
            parts.signers[0].by = other.clone();
            parts.certificates.push(own().der().to_vec());
            parts.build()
        }),
        failed(S::SigCryptoFailure, C::SignatureValueInvalid).without_crypto(),
        "the named certificate's key did not make the value",
    );
    attack(
        "value-flipped",
        signed(|mut s, _| {
            s.spoil = true;
            s
        }),
        failed(S::SigCryptoFailure, C::SignatureValueInvalid).without_crypto(),
        "one bit of the value",
    );
}

/// The signer's key in another certificate.
fn same_key() -> Holder {
    crate::catalogue::chains::reissued("Atas Nama Lain", &WORLD.signer, &WORLD.ca)
}

/// How many signers, and where the content is.
fn signers(all: &mut Catalogue) {
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("cms/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "verifying the first signer and calling the file signed",
        );
    };
    attack(
        "two-signers",
        {
            let (file, digest) = fresh();
            let mut spoiled = Signer::over(&digest);
            spoiled.spoil = true;
            embedded(
                file,
                &Parts::of(vec![Signer::over(&digest), spoiled]).build(),
            )
        },
        malformed(C::CmsSignerCount).without_crypto(),
        "one dictionary, one signer",
    );
    attack(
        "no-signer",
        built(|mut parts, _| {
            parts.signers.clear();
            parts.build()
        }),
        malformed(C::CmsSignerCount).without_crypto(),
        "a SignedData without signers signs nothing",
    );
    attack(
        "content-inside",
        built(|mut parts, _| {
            parts.inside = Some(b"content".to_vec());
            parts.build()
        }),
        malformed(C::CmsContentPresent),
        "content inside is verified by some readers in the place of the file",
    );
    attack(
        "signed-content-inside",
        {
            let (file, _) = fresh();
            let content = b"content".to_vec();
            let digest = HashAlgorithm::Sha256.digest(&[&content]);
            let mut parts = Parts::of(vec![Signer::over(&digest)]);
            parts.inside = Some(content);
            embedded(file, &parts.build())
        },
        malformed(C::CmsContentPresent).without_crypto(),
        "a sound signature over its own content says nothing of the file",
    );
}

/// DER and what is not.
fn forms(all: &mut Catalogue) {
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("cms/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "a tolerant parser whose tolerance is not reported",
        );
    };
    attack(
        "indefinite-length",
        built(|parts, _| parts.indefinite()),
        malformed(C::CmsNotDer),
        "a value without a length: only its reader knows where it ends",
    );
    attack(
        "random",
        {
            let (file, _) = fresh();
            embedded(file, &[0x30, 3, 2, 1, 1])
        },
        malformed(C::CmsUnreadable).without_crypto(),
        "a DER value that is no CMS",
    );
    attack(
        "bare-certificate",
        {
            let (file, _) = fresh();
            embedded(file, WORLD.signer.certificate.der())
        },
        malformed(C::CmsUnreadable).without_crypto(),
        "a certificate in the place of a signature",
    );
    attack(
        "cut",
        built(|parts, _| {
            let cms = parts.build();
            cms[..cms.len() - 20].to_vec()
        }),
        failed(S::SigCryptoFailure, C::SignatureValueInvalid).without_crypto(),
        "a value cut short, with the hole's zeros in its place",
    );
}

/// Algorithms that are weak, or that do not agree.
fn algorithms(all: &mut Catalogue) {
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("cms/{name}"),
            TWIN,
            file,
            required,
            teaches,
            "asking whether a value verifies and not how strong it is",
        );
    };
    let ecdsa = |hash| SignatureAlgorithm::Ecdsa(hash).algorithm_identifier();
    attack(
        "sha-1",
        {
            let file = prepared(&document(), &request(None));
            let digest = file.digest(HashAlgorithm::Sha1);
            let mut signer = Signer::over(&digest);
            signer.digest_algorithm = HashAlgorithm::Sha1;
            signer.algorithm = ecdsa(HashAlgorithm::Sha1);
            signer.hash = MessageDigest::sha1();
            embedded(file, &Parts::of(vec![signer]).build())
        },
        open(S::CryptoConstraintsFailureNoPoe, C::AlgorithmWeak),
        "SHA-1 ended in 2012, and nothing proves that the value is older",
    );
    attack(
        "digest-mismatch",
        signed(|mut s, _| {
            s.algorithm = ecdsa(HashAlgorithm::Sha384);
            s.hash = MessageDigest::sha384();
            s
        }),
        open(S::CryptoConstraintsFailure, C::AlgorithmWeak),
        "digest and signature name different hash functions",
    );
    attack(
        "sha-1-signature-sha-256-digest",
        signed(|mut s, _| {
            s.algorithm = ecdsa(HashAlgorithm::Sha1);
            s.hash = MessageDigest::sha1();
            s
        }),
        open(S::CryptoConstraintsFailure, C::AlgorithmWeak),
        "a strong digest under a weak signature",
    );
    attack(
        "unknown-algorithm",
        signed(|mut s, _| {
            s.algorithm = write::sequence(&[&write::oid(&ObjectIdentifier::new_unwrap("1.2.3.4"))]);
            s
        }),
        open(S::CryptoConstraintsFailure, C::AlgorithmWeak).without_crypto(),
        "an algorithm that nobody knows proves nothing",
    );
    attack(
        "algorithm-of-another-key",
        signed(|mut s, _| {
            s.algorithm =
                SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256).algorithm_identifier();
            s
        }),
        failed(S::SigCryptoFailure, C::SignatureValueInvalid).without_crypto(),
        "RSA is named, the key is elliptic",
    );
    rsa_1024(all);
}

/// A short key, in a chain that is sound otherwise.
fn rsa_1024(all: &mut Catalogue) {
    let key = openssl::rsa::Rsa::generate(1024)
        .and_then(openssl::pkey::PKey::from_rsa)
        .expect("a key");
    let holder = crate::catalogue::chains::certified_key("Kunci Pendek", &key, &WORLD.ca);
    let (file, digest) = fresh();
    let mut signer = Signer::by(&holder, oids::ID_DATA, &digest);
    signer.algorithm = SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256).algorithm_identifier();
    all.attack(
        "cms/rsa-1024",
        TWIN,
        embedded(file, &Parts::of(vec![signer]).build()),
        open(S::CryptoConstraintsFailure, C::KeyWeak),
        "a key of 1024 bits can be computed by others",
        "asking whether a value verifies and not how strong it is",
    );
}

/// The form that the dictionary claims.
fn sub_filters(all: &mut Catalogue) {
    let file = WORLD.b_lt(&document(), crate::world::SIGNED);
    for (name, sub_filter) in [
        ("sub-filter-sha1", "/adbe.pkcs7.sha1    "),
        ("sub-filter-rsa", "/adbe.x509.rsa_sha1 "),
        ("sub-filter-unknown", "/Other.CAdES.unknown"),
        ("sub-filter-timestamp", "/ETSI.RFC3161       "),
    ] {
        all.attack(
            format!("cms/{name}"),
            "honest/b-lt",
            replaced(&file, b"/ETSI.CAdES.detached", sub_filter.as_bytes()),
            open(S::SigConstraintsFailure, C::SubFilterUnsupported).without_crypto(),
            "the sub-filter says what is signed and how; another one is another signature",
            "verifying every value as detached CMS",
        );
    }
}
