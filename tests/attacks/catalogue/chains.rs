//! Chain tricks (RFC 5280, 6.1; EN 319 102-1, 5.2.6): paths that look like paths.

use absah::kernel::asn1::{ObjectIdentifier, Tag, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::signing::ValidationData;
use absah::kernel::sign::{SignatureAlgorithm, Signer as _};
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use absah::kernel::x509::ocsp::{CertStatus, archive_cutoff};
use absah::kernel::x509::{Certificate, Extension};
use openssl::pkey::{PKey, Private};
use time::{Duration, macros::datetime};

use crate::case::{Catalogue, Required, WORLD, failed, open, passed};
use crate::document::document;
use crate::pki::{self, Key, extension, key_usage};
use crate::world::{Holder, Profile, SIGNED, World, issued};

const TWIN: &str = "honest/b-lta";

fn lent(holder: &Holder) -> pki::Holder {
    pki::Holder {
        certificate: holder.certificate.clone(),
        key: Key::of(holder.pkey.clone(), holder.key.algorithm()),
    }
}

fn taken(holder: &pki::Holder) -> Holder {
    Holder::of(holder.certificate.clone(), holder.key.pkey())
}

/// A certificate of a profile below an issuer.
fn below(profile: &pki::Profile, issuer: &Holder) -> Holder {
    taken(&profile.issued_by(&lent(issuer)))
}

/// The key of a holder in another signatory's certificate.
pub fn reissued(name: &str, holder: &Holder, issuer: &Holder) -> Holder {
    taken(&pki::Profile::signatory(name).issued_to(lent(holder).key, &lent(issuer)))
}

/// A signatory's certificate for an RSA key.
pub fn certified_key(name: &str, key: &PKey<Private>, issuer: &Holder) -> Holder {
    let key = Key::of(
        key.clone(),
        SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256),
    );
    taken(&pki::Profile::signatory(name).issued_to(key, &lent(issuer)))
}

/// The world with another signer.
fn by(signer: Holder) -> World {
    World {
        signer,
        ..WORLD.clone()
    }
}

/// The world below another issuing authority.
fn under(ca: Holder) -> World {
    World {
        signer: issued(&Profile::signer(), 70, Some(&ca)),
        tsa: issued(&Profile::tsa(), 71, Some(&ca)),
        responder: issued(&Profile::responder(), 72, Some(&ca)),
        root: WORLD.root.clone(),
        ca,
    }
}

pub fn cases(all: &mut Catalogue) {
    leaves(all);
    validity(all);
    authorities(all);
    longer(all);
    strangers(all);
}

/// The signer's certificate.
fn leaves(all: &mut Catalogue) {
    let unfit = || open(S::ChainConstraintsFailure, C::ChainConstraints);
    let usages = [
        (
            "key-usage-encryption",
            Profile {
                key_usage: "critical,keyEncipherment",
                ..Profile::signer()
            },
            "a key for encryption signs nothing",
        ),
        (
            "key-usage-crl",
            Profile {
                key_usage: "critical,cRLSign",
                ..Profile::signer()
            },
            "a key for lists signs no documents",
        ),
        (
            "purpose-server",
            Profile {
                extended: Some((false, "serverAuth")),
                ..Profile::signer()
            },
            "a web server's certificate",
        ),
        (
            "purpose-code",
            Profile {
                extended: Some((true, "codeSigning")),
                ..Profile::signer()
            },
            "a certificate for programs",
        ),
        (
            "purpose-times",
            Profile {
                extended: Some((true, "timeStamping")),
                ..Profile::signer()
            },
            "a certificate for times",
        ),
        (
            "purpose-ocsp",
            Profile {
                extended: Some((false, "OCSPSigning")),
                ..Profile::signer()
            },
            "a responder's certificate",
        ),
        (
            "authority-as-signer",
            Profile {
                ca: true,
                key_usage: "critical,digitalSignature,keyCertSign",
                ..Profile::signer()
            },
            "an authority's certificate signs no documents",
        ),
    ];
    for (name, profile, teaches) in usages {
        let signer = issued(&profile, 73, Some(&WORLD.ca));
        all.attack(
            format!("chains/{name}"),
            "honest/purpose-mail",
            by(signer).b_lta(&document(), SIGNED),
            unfit(),
            teaches,
            "asking for a path and not what it is for",
        );
    }
    let mail = Profile {
        extended: Some((false, "emailProtection")),
        ..Profile::signer()
    };
    all.honest(
        "honest/purpose-mail",
        by(issued(&mail, 74, Some(&WORLD.ca))).b_lta(&document(), SIGNED),
        passed(),
        "certificates of PSrE are for mail and documents",
    );
    let odd = |oid: &str, value: Vec<u8>| {
        below(
            &pki::Profile::signatory("Kepala").with(extension(oid, true, value)),
            &WORLD.ca,
        )
    };
    all.attack(
        "chains/unknown-critical",
        "honest/unknown-extension",
        by(odd("1.2.3.4.5", write::NULL.to_vec())).b_lta(&document(), SIGNED),
        open(S::CertificateChainGeneralFailure, C::ChainInvalid),
        "a critical extension that nobody knows forbids the use of the certificate",
        "ignoring extensions that are not known",
    );
    let plain =
        pki::Profile::signatory("Kepala").with(extension("1.2.3.4.5", false, write::NULL.to_vec()));
    all.honest(
        "honest/unknown-extension",
        by(below(&plain, &WORLD.ca)).b_lta(&document(), SIGNED),
        passed(),
        "an extension that is not critical may be unknown",
    );
    all.attack(
        "chains/self-signed",
        TWIN,
        by(issued(&Profile::signer(), 75, None)).b_lta(&document(), SIGNED),
        open(S::NoCertificateChainFound, C::ChainNotFound),
        "a certificate that vouches for itself",
        "offering to trust whatever the file brings",
    );
    all.attack(
        "chains/flipped",
        TWIN,
        by(spoiled(&WORLD.signer)).b_lta(&document(), SIGNED),
        open(S::CertificateChainGeneralFailure, C::ChainInvalid),
        "a certificate whose signature does not verify",
        "building paths by names",
    );
}

/// A certificate with one bit of its signature flipped.
fn spoiled(holder: &Holder) -> Holder {
    let mut der = holder.certificate.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    Holder::of(
        Certificate::parse(&der).expect("a certificate"),
        holder.pkey.clone(),
    )
}

/// Time.
fn validity(all: &mut Catalogue) {
    let expired = datetime!(2028-06-01 00:00 UTC);
    let forgetful = |file: &[u8]| WORLD.with_data(file, WORLD.validation_data(expired));
    // A responder that still tells of what has ended (RFC 6960, 4.4.4).
    let with = |file: &[u8]| {
        let mut data = WORLD.validation_data(expired);
        let since = archive_cutoff(datetime!(2026-01-01 00:00 UTC));
        let signer = &WORLD.signer.certificate;
        data.ocsps[0] = WORLD.ocsp_with(signer, CertStatus::Good, expired, vec![since]);
        WORLD.with_data(file, data)
    };
    all.attack(
        "chains/expired-and-forgotten",
        "honest/expired-stamped",
        forgetful(&WORLD.b_t(&document(), SIGNED)),
        open(S::CertificateChainGeneralFailure, C::RevocationMissing),
        "\"good\" after the certificate's end may be said of what was revoked and forgotten",
        "taking any newer statement for a better one",
    )
    .at(expired);
    all.attack(
        "chains/expired-unstamped",
        "honest/expired-stamped",
        with(&WORLD.b_b(&document())),
        open(S::OutOfBoundsNotRevoked, C::CertificateOutsideValidity),
        "expired, and nothing proves that the signature is older",
        "believing the time that the signer claims",
    )
    .at(expired);
    all.attack(
        "chains/expired-stamped-after",
        "honest/expired-stamped",
        with(&WORLD.b_t(&document(), datetime!(2028-02-01 00:00 UTC))),
        open(S::OutOfBoundsNotRevoked, C::CertificateOutsideValidity),
        "the time-stamp is later than the certificate's end",
        "taking any time-stamp for proof",
    )
    .at(expired);
    all.honest(
        "honest/expired-stamped",
        with(&WORLD.b_t(&document(), SIGNED)),
        passed().finding(C::CertificateExpiredSince),
        "expired since; the time-stamp proves that the signature is older",
    )
    .at(expired);
    let young = Profile {
        from: SIGNED + Duration::DAY,
        ..Profile::signer()
    };
    let world = by(issued(&young, 76, Some(&WORLD.ca)));
    let at = SIGNED + Duration::days(2);
    all.attack(
        "chains/stamped-before-valid",
        "honest/b-lta",
        world.with_data(&world.b_t(&document(), SIGNED), world.validation_data(at)),
        failed(S::NotYetValid, C::SignedOutsideValidity),
        "a signature that is proven to be older than its certificate was made by something else",
        "looking at the end of the validity alone",
    )
    .at(at);
    all.attack(
        "chains/not-yet-valid",
        "honest/b-lta",
        world.b_lt(&document(), SIGNED),
        failed(S::NotYetValid, C::SignedOutsideValidity),
        "a certificate that is not valid yet",
        "looking at the end of the validity alone",
    );
    let short = Profile {
        to: SIGNED + Duration::MINUTE,
        ..Profile::signer()
    };
    let world = by(issued(&short, 77, Some(&WORLD.ca)));
    let file = super::timestamps::content_stamped_by(
        &world,
        SIGNED + Duration::minutes(5),
        SIGNED + Duration::minutes(6),
    );
    all.attack(
        "chains/made-after-expiry",
        "honest/content-stamped",
        world.with_data(&file, world.validation_data(SIGNED + Duration::SECOND)),
        failed(S::Expired, C::SignedOutsideValidity),
        "a content time-stamp proves that the signature was made after the certificate's end: it fails for good",
        "leaving open what is proven",
    );
    archive(all);
}

/// Years later.
fn archive(all: &mut Catalogue) {
    let at_2029 = datetime!(2029-06-01 00:00 UTC);
    let alone = WORLD.b_lta(&document(), SIGNED);
    all.attack(
        "chains/archive-not-renewed",
        "honest/archive-renewed",
        alone.clone(),
        open(S::OutOfBoundsNoPoe, C::CertificateOutsideValidity),
        "an archive that nobody renewed says nothing when its revocation data is over",
        "taking the word LTA for eternity",
    )
    .at(at_2029);
    let mut file = alone;
    for days in [360, 720] {
        file = WORLD.refreshed(&file, SIGNED + Duration::days(days));
    }
    let renewed = WORLD.refreshed(&file, at_2029 - Duration::HOUR);
    all.honest(
        "honest/archive-renewed",
        renewed.clone(),
        passed(),
        "renewed each year, an archive outlives its certificates",
    )
    .at(at_2029);
    all.attack(
        "chains/archive-renewed-and-altered",
        "honest/archive-renewed",
        crate::edit::replaced(&renewed, b"(Izin", b"(Jzin"),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "renewal proves bytes, and a byte was changed",
        "checking the newest time-stamp alone",
    )
    .at(at_2029);
}

/// The issuing authority.
fn authorities(all: &mut Catalogue) {
    let invalid = || open(S::CertificateChainGeneralFailure, C::ChainInvalid);
    let ca = |profile: pki::Profile| below(&profile, &WORLD.root);
    let of = |name| pki::Profile::ca(name);
    let constraints = |value: Vec<u8>| extension("2.5.29.19", true, value);
    let mut excluded = Vec::new();
    excluded.push(name_constraints("Signer"));
    let weak = openssl::rsa::Rsa::generate(1024)
        .and_then(PKey::from_rsa)
        .expect("a key");
    let weak = pki::Profile::ca("Weak CA").issued_to(
        Key::of(weak, SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256)),
        &lent(&WORLD.root),
    );
    let cases: [(&str, Holder, Required, &str); 6] = [
        (
            "issuer-no-authority",
            ca(of("Not a CA").with(constraints(write::sequence(&[])))),
            invalid(),
            "an end entity issues certificates",
        ),
        (
            "issuer-without-constraints",
            ca(pki::Profile::bare("No constraints").with(key_usage(0b110_0000))),
            invalid(),
            "a certificate that does not say that it is an authority's",
        ),
        (
            "issuer-key-usage",
            ca(of("No usage").with(key_usage(0b1))),
            invalid(),
            "an authority whose key may not sign certificates",
        ),
        (
            "issuer-unknown-critical",
            ca(of("Odd CA").with(extension("1.2.3.4.6", true, write::NULL.to_vec()))),
            invalid(),
            "a critical extension of an authority that nobody knows",
        ),
        (
            "name-constraints",
            ca(of("Constrained CA").with(excluded.remove(0))),
            invalid(),
            "an authority that may not issue under this name",
        ),
        (
            "issuer-weak-key",
            taken(&weak),
            open(S::CryptoConstraintsFailure, C::AlgorithmWeak),
            "an authority whose key can be computed by others",
        ),
    ];
    for (name, ca, required, teaches) in cases {
        all.attack(
            format!("chains/{name}"),
            "honest/other-authority",
            under(ca).b_lta(&document(), SIGNED),
            required,
            teaches,
            "following issuers up to a root without asking what each may do",
        );
    }
    all.honest(
        "honest/other-authority",
        under(ca(of("Other CA"))).b_lta(&document(), SIGNED),
        passed(),
        "another issuing authority of the same root",
    );
    let gone = issued(
        &Profile {
            to: SIGNED + Duration::minutes(20),
            ..Profile::authority("Expired CA")
        },
        78,
        Some(&WORLD.root),
    );
    all.attack(
        "chains/issuer-expired",
        "honest/other-authority",
        under(gone).b_lt(&document(), SIGNED),
        open(S::OutOfBoundsNotRevoked, C::CertificateOutsideValidity),
        "the authority has expired since, and nothing proves that its statements are older",
        "asking about the signer's validity alone",
    );
}

/// Excludes a common name below any directory name.
fn name_constraints(common_name: &str) -> Extension {
    let text = write::tlv(Tag::UTF8_STRING, common_name.as_bytes());
    let oid = ObjectIdentifier::new_unwrap("2.5.4.3");
    let attribute = write::sequence(&[&write::oid(&oid), &text]);
    let name = write::sequence(&[&write::set_of(vec![attribute])]);
    let subtree = write::sequence(&[&write::explicit(4, &[&name])]);
    let excluded = write::tlv(Tag::context(1), &subtree);
    extension("2.5.29.30", true, write::sequence(&[&excluded]))
}

/// An authority below the issuing authority.
fn longer(all: &mut Catalogue) {
    let zero = write::sequence(&[&write::TRUE, &write::small(0)]);
    for (name, constraints, id) in [
        ("path-length", Some(zero), None),
        ("", None, Some("honest/two-authorities")),
    ] {
        let mut profile = pki::Profile::ca("Middle CA");
        if let Some(constraints) = constraints {
            profile = profile.with(extension("2.5.29.19", true, constraints));
        }
        let middle = below(&profile, &WORLD.root);
        let inner = below(&pki::Profile::ca("Inner CA"), &middle);
        let world = under(inner);
        let data = ValidationData {
            certificates: vec![middle.certificate.der().to_vec()],
            crls: vec![WORLD.crl(&middle, &[], SIGNED)],
            ..ValidationData::default()
        };
        let file = world.with_data(&world.b_lta(&document(), SIGNED), data);
        match id {
            Some(id) => {
                all.honest(id, file, passed(), "a path over two authorities");
            }
            None => {
                all.attack(
                    format!("chains/{name}"),
                    "honest/two-authorities",
                    file,
                    open(S::CertificateChainGeneralFailure, C::ChainInvalid),
                    "an authority that may have no authority below it has one",
                    "ignoring path length constraints",
                );
            }
        }
    }
    // The signer's own certificate as an authority.
    let inner = issued(
        &Profile::authority("Child of the signer"),
        79,
        Some(&WORLD.signer),
    );
    let world = under(inner);
    let data = ValidationData {
        certificates: vec![WORLD.signer.certificate.der().to_vec()],
        crls: vec![WORLD.crl(&WORLD.signer, &[], SIGNED)],
        ocsps: WORLD.validation_data(SIGNED).ocsps,
    };
    all.attack(
        "chains/signer-as-authority",
        "honest/two-authorities",
        world.with_data(&world.b_lta(&document(), SIGNED), data),
        not_found(),
        "any holder of a certificate issues further ones with it",
        "following issuers up to a root without asking what each may do",
    );
}

fn not_found() -> Required {
    open(S::NoCertificateChainFound, C::ChainNotFound)
}

/// Authorities of the attacker.
fn strangers(all: &mut Catalogue) {
    let stranger = World::new();
    all.attack(
        "chains/root-of-the-same-name",
        TWIN,
        stranger.b_lta(&document(), SIGNED),
        not_found(),
        "an attacker's root with the name of ours",
        "comparing anchors by name",
    );
    let mixed = World {
        signer: issued(&Profile::signer(), 10, Some(&stranger.ca)),
        ..WORLD.clone()
    };
    all.attack(
        "chains/issuer-of-the-same-name",
        TWIN,
        mixed.b_lta(&document(), SIGNED),
        not_found(),
        "a certificate by an attacker's authority, and ours of the same name beside it",
        "building paths by names",
    );
}
