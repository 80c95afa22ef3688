//! Revocation data fetched from where certificates say, by `clients::revocation`: an
//! honest and a hostile responder over loopback, and what must never be asked.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration as Patience;

use absah::clients::revocation::{Asking, HostPolicy, Lookup, OnlineRevocation};
use absah::kernel::asn1::{Tag, oids, write};
use absah::kernel::validation::{Anchors, MissingStatus, Policy};
use absah::kernel::x509::crl::{CrlBuilder, Revocation};
use absah::kernel::x509::ocsp::{CertStatus, OcspRequest, ResponseBuilder, SingleAnswer};
use absah::kernel::x509::{Certificate, RevocationReason};
use absah::services::ports::{Clock, RevocationData as _, RevocationDataError, RevocationEvidence};
use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use crate::support::pki::{Holder, NOW, Pki, Profile, extension};

struct FixedClock(OffsetDateTime);

impl Clock for FixedClock {
    fn now(&self) -> OffsetDateTime {
        self.0
    }
}

/// How the source behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Honest,
    Revoked,
    Stale,
    ForeignResponder,
    Garbage,
    Status500,
    Redirects,
    Endless,
    Hangs,
}

/// A signatory's chain whose certificates name the source, and the source.
struct World {
    pki: Pki,
    mood: Mood,
    stranger: Holder,
    base: String,
    port: u16,
    asked: AtomicUsize,
}

impl World {
    fn new(mood: Mood) -> Arc<Self> {
        Self::named(mood, None)
    }

    /// The same, called by a name in the certificates, whose port is the scheme's.
    fn named(mood: Mood, name: Option<&str>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let base = match name {
            Some(name) => format!("http://{name}"),
            None => format!("http://127.0.0.1:{port}"),
        };
        let mut pki = Pki::new();
        pki.ca = Profile::ca("CA")
            .with(points(&base, "root.crl"))
            .issued_by(&pki.root);
        pki.ocsp = Profile::ocsp("OCSP").issued_by(&pki.ca);
        let signatory = Profile::signatory("Kepala Dinas").with(responder(&base));
        pki.signatory = signatory.with(points(&base, "ca.crl")).issued_by(&pki.ca);
        let world = Arc::new(Self {
            pki,
            mood,
            stranger: Pki::new().ocsp,
            base,
            port,
            asked: AtomicUsize::new(0),
        });
        let served = world.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let served = served.clone();
                std::thread::spawn(move || served.answer(stream.unwrap()));
            }
        });
        world
    }

    fn chain(&self) -> [Certificate; 3] {
        [&self.pki.signatory, &self.pki.ca, &self.pki.root].map(|one| one.certificate.clone())
    }

    fn client(&self, policy: HostPolicy) -> OnlineRevocation {
        let anchors = vec![self.pki.root.certificate.clone()];
        OnlineRevocation::new(anchors, asking(policy), Arc::new(FixedClock(NOW))).unwrap()
    }

    async fn collect(&self) -> Result<RevocationEvidence, RevocationDataError> {
        self.client(loopback())
            .collect(&self.chain(), NOW - Duration::MINUTE)
            .await
    }

    fn answer(&self, mut stream: TcpStream) {
        let (path, body) = request(&mut stream);
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (status, body) = match self.mood {
            Mood::Status500 => ("500 Internal Server Error", Vec::new()),
            Mood::Redirects => ("302 Found", Vec::new()),
            Mood::Garbage => ("200 OK", b"<html>".to_vec()),
            Mood::Endless => ("200 OK", vec![0x30; 17 * 1024 * 1024]),
            Mood::Hangs => return std::thread::sleep(Patience::from_secs(2)),
            _ if path == "/ocsp" => ("200 OK", self.ocsp(&body)),
            _ => ("200 OK", self.crl(&path)),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nLocation: {}/elsewhere\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.base,
            body.len()
        );
        let _ = stream.write_all(&[head.into_bytes(), body].concat());
    }

    fn updated(&self) -> OffsetDateTime {
        match self.mood {
            Mood::Stale => NOW - Duration::days(30),
            _ => NOW,
        }
    }

    fn ocsp(&self, request: &[u8]) -> Vec<u8> {
        let request = OcspRequest::parse(request).unwrap();
        let revoked = CertStatus::Revoked {
            at: NOW - Duration::HOUR,
            reason: Some(RevocationReason::CessationOfOperation),
        };
        let answer = SingleAnswer {
            cert_id: request.cert_ids[0].clone(),
            status: if self.mood == Mood::Revoked {
                revoked
            } else {
                CertStatus::Good
            },
            this_update: self.updated(),
            next_update: Some(self.updated() + Duration::DAY),
            extensions: Vec::new(),
        };
        let responder = match self.mood {
            Mood::ForeignResponder => &self.stranger,
            _ => &self.pki.ocsp,
        };
        let builder = ResponseBuilder {
            responder: &responder.certificate,
            certificates: std::slice::from_ref(&responder.certificate),
            produced_at: NOW,
            answers: &[answer],
            nonce: None,
        };
        builder.sign(&responder.key).unwrap()
    }

    fn crl(&self, path: &str) -> Vec<u8> {
        let issuer = if path == "/root.crl" {
            &self.pki.root
        } else {
            &self.pki.ca
        };
        let revocations = [Revocation {
            serial: self.pki.signatory.certificate.serial().to_vec(),
            at: NOW - Duration::HOUR,
            reason: RevocationReason::Superseded,
            invalidity_date: None,
        }];
        let revoked = self.mood == Mood::Revoked && path == "/ca.crl";
        let builder = CrlBuilder {
            issuer: &issuer.certificate,
            number: &[1],
            this_update: self.updated(),
            next_update: self.updated() + Duration::DAY,
            revocations: if revoked { &revocations } else { &[] },
            lists_expired_since: None,
        };
        builder.sign(&issuer.key).unwrap()
    }
}

/// Path and body of a request.
fn request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut seen = Vec::new();
    let mut octet = [0];
    while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut octet).unwrap() == 1 {
        seen.push(octet[0]);
    }
    let head = String::from_utf8(seen).unwrap().to_lowercase();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let length = head.split("content-length: ").nth(1);
    let length = length
        .and_then(|rest| rest.lines().next()?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (path, body)
}

fn uri(address: &str) -> Vec<u8> {
    write::tlv(Tag::context_primitive(6), address.as_bytes())
}

fn points(base: &str, file: &str) -> absah::kernel::x509::Extension {
    let names = write::explicit(0, &[&uri(&format!("{base}/{file}"))]);
    let point = write::sequence(&[&write::explicit(0, &[&names])]);
    extension("2.5.29.31", false, write::sequence(&[&point]))
}

fn responder(base: &str) -> absah::kernel::x509::Extension {
    let access = write::sequence(&[
        &write::oid(&oids::ID_AD_OCSP),
        &uri(&format!("{base}/ocsp")),
    ]);
    extension("1.3.6.1.5.5.7.1.1", false, write::sequence(&[&access]))
}

fn asking(hosts: HostPolicy) -> Asking {
    let rules = Arc::new(Policy::strict().unwrap());
    Asking::new(hosts, Patience::from_millis(700), rules)
}

fn loopback() -> HostPolicy {
    HostPolicy {
        allowed: Vec::new(),
        private: vec!["127.0.0.1".to_owned()],
    }
}

#[tokio::test]
async fn an_honest_source_proves_the_chain_once() {
    let world = World::new(Mood::Honest);
    let client = world.client(loopback());
    for _ in 0..3 {
        let evidence = client
            .collect(&world.chain(), NOW - Duration::MINUTE)
            .await
            .unwrap();
        assert_eq!((evidence.ocsps.len(), evidence.crls.len()), (1, 1));
    }
    assert_eq!(
        world.asked.load(Ordering::SeqCst),
        2,
        "the rest came from what was kept"
    );
    // Data older than the signature's time-stamp does not serve.
    let later = client.collect(&world.chain(), NOW + Duration::SECOND).await;
    assert!(
        matches!(later, Err(RevocationDataError::Unavailable(_))),
        "{later:?}"
    );
}

#[tokio::test]
async fn a_revocation_is_reported_with_its_reason() {
    let world = World::new(Mood::Revoked);
    let said = world.collect().await.unwrap_err();
    assert!(
        matches!(&said, RevocationDataError::Revoked { reason, .. } if reason == "cessationOfOperation"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_foreign_responder_is_passed_over_for_the_crl() {
    let world = World::new(Mood::ForeignResponder);
    let evidence = world.collect().await.unwrap();
    assert_eq!((evidence.ocsps.len(), evidence.crls.len()), (0, 2));
}

#[tokio::test]
async fn every_failure_is_the_same_error() {
    let moods = [
        Mood::Stale,
        Mood::Garbage,
        Mood::Status500,
        Mood::Redirects,
        Mood::Endless,
        Mood::Hangs,
    ];
    for mood in moods {
        let world = World::new(mood);
        let said = world.collect().await.unwrap_err();
        let expected = "nothing current and fresh about CN=Kepala Dinas";
        assert_eq!(
            said,
            RevocationDataError::Unavailable(expected.to_owned()),
            "{mood:?}"
        );
        // The responder and the CRL, once each: no redirect was followed.
        assert_eq!(world.asked.load(Ordering::SeqCst), 2, "{mood:?}");
    }
}

#[tokio::test]
async fn what_is_not_allowed_is_never_asked() {
    let world = World::new(Mood::Honest);
    let chain = world.chain();
    let named = HostPolicy {
        allowed: vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
        private: Vec::new(),
    };
    for policy in [HostPolicy::default(), named] {
        assert!(world.client(policy).collect(&chain, NOW).await.is_err());
    }
    // A chain that leads to no configured anchor.
    let stranger = World::new(Mood::Honest);
    assert!(
        stranger
            .client(loopback())
            .collect(&chain, NOW)
            .await
            .is_err()
    );
    assert_eq!(world.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_certificate_that_names_no_source_has_none() {
    let world = World::new(Mood::Honest);
    let bare = Profile::signatory("x").issued_by(&world.pki.ca);
    let chain = [
        bare.certificate,
        world.pki.ca.certificate.clone(),
        world.pki.root.certificate.clone(),
    ];
    let said = world.client(loopback()).collect(&chain, NOW).await;
    assert!(
        matches!(said, Err(RevocationDataError::NoSource { .. })),
        "{said:?}"
    );
}

/// A resolver that answers each question as its script says, the last line for ever.
#[derive(Debug)]
struct Resolver {
    script: Vec<Vec<SocketAddr>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Lookup for Resolver {
    async fn lookup(&self, _name: &str) -> std::io::Result<Vec<SocketAddr>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.script[asked.min(self.script.len() - 1)].clone())
    }
}

async fn resolved(
    world: &World,
    hosts: HostPolicy,
    script: Vec<Vec<SocketAddr>>,
) -> Result<RevocationEvidence, RevocationDataError> {
    let lookup = Arc::new(Resolver {
        script,
        asked: AtomicUsize::new(0),
    });
    let asking = Asking {
        lookup,
        ..asking(hosts)
    };
    let anchors = vec![world.pki.root.certificate.clone()];
    let client = OnlineRevocation::new(anchors, asking, Arc::new(FixedClock(NOW))).unwrap();
    client.collect(&world.chain(), NOW - Duration::MINUTE).await
}

/// A name says nothing of where it leads: the address decides, each time it is looked up.
/// The address that is public here, 3ffe::1, is one that nobody has any more.
#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_asked() {
    let name = "ocsp.example.id";
    let world = World::named(Mood::Honest, Some(name));
    let port = world.port;
    let at = |address: &str| SocketAddr::new(address.parse().unwrap(), port);
    let (own, public) = (at("127.0.0.1"), at("3ffe::1"));
    let scripts = [
        vec![vec![own]],
        vec![vec![at("::ffff:127.0.0.1")]],
        vec![vec![at("::1")], vec![at("0.0.0.0")]],
        vec![vec![
            at("10.0.0.1"),
            at("169.254.169.254"),
            at("100.64.0.1"),
        ]],
        // One that is public among them, before and after.
        vec![vec![public, own]],
        vec![vec![own, public]],
        // Another answer the second time.
        vec![vec![public], vec![own]],
        vec![vec![]],
    ];
    let named = HostPolicy {
        allowed: vec![name.to_owned()],
        private: Vec::new(),
    };
    for script in scripts {
        for hosts in [HostPolicy::default(), named.clone()] {
            let said = resolved(&world, hosts, script.clone()).await;
            assert!(matches!(said, Err(RevocationDataError::Unavailable(_))));
            assert_eq!(world.asked.load(Ordering::SeqCst), 0, "{script:?}");
        }
    }
    // The same name, where the operator says that it may be private.
    let private = HostPolicy {
        allowed: Vec::new(),
        private: vec![name.to_owned()],
    };
    resolved(&world, private, vec![vec![own]]).await.unwrap();
    assert_eq!(world.asked.load(Ordering::SeqCst), 2);
}

/// What another process says is missing is asked for only where its path leads to an
/// anchor of ours.
#[tokio::test]
async fn a_path_of_a_stranger_is_no_path() {
    let world = World::new(Mood::Honest);
    let client = world.client(loopback());
    let anchors = Anchors::for_all(vec![world.pki.root.certificate.clone()]);
    let stranger = World::new(Mood::Honest);
    let grafted = [
        stranger.pki.signatory.certificate.clone(),
        world.pki.ca.certificate.clone(),
        world.pki.root.certificate.clone(),
    ];
    let nothing: [Certificate; 0] = [];
    let root = [world.pki.root.certificate.clone()];
    for chain in [&stranger.chain()[..], &grafted, &nothing, &root] {
        assert_eq!(MissingStatus::verified(chain, &anchors), None);
    }
    let missing = MissingStatus::verified(&world.chain(), &anchors).unwrap();
    for _ in 0..2 {
        let found = client.statuses(std::slice::from_ref(&missing)).await;
        assert_eq!((found.ocsps.len(), found.crls.len()), (1, 0));
    }
    assert_eq!(world.asked.load(Ordering::SeqCst), 1, "kept");
}
