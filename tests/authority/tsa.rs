//! The TSA, asked and checked by `openssl ts`.

use std::fs;
use std::sync::{Arc, Mutex};

use absah::authority::{LocalTimestamps, Role, Tsa, TsaParts};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::tsp::TimeStampToken;
use absah::keys::KeyType;
use absah::services::ports::{
    Clock as _, ClockHealth, ClockUnsure, StoreError, TimeMarks, TimestampError, Timestamps as _,
};
use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use crate::support::tools::{Said, must, run};
use crate::world::{Identity, TestClock, TestEntropy, World};

/// The test clock, sure of itself until told otherwise.
struct Sure {
    clock: Arc<TestClock>,
    unsure: Mutex<Option<ClockUnsure>>,
}

impl ClockHealth for Sure {
    fn sure_time(&self) -> Result<OffsetDateTime, ClockUnsure> {
        match &*self.unsure.lock().unwrap() {
            Some(why) => Err(why.clone()),
            None => Ok(self.clock.now()),
        }
    }
}

#[derive(Default)]
struct Marks {
    all: Mutex<Vec<(String, OffsetDateTime)>>,
    broken: Mutex<bool>,
}

#[async_trait]
impl TimeMarks for Marks {
    async fn marks(&self) -> Result<Vec<(String, OffsetDateTime)>, StoreError> {
        Ok(self.all.lock().unwrap().clone())
    }

    async fn raise(&self, instance: &str, to: OffsetDateTime) -> Result<(), StoreError> {
        if *self.broken.lock().unwrap() {
            return Err(StoreError::Unavailable("disk".into()));
        }
        self.all.lock().unwrap().push((instance.into(), to));
        Ok(())
    }
}

struct Service {
    world: World,
    identity: Identity,
    clock: Arc<Sure>,
    marks: Arc<Marks>,
    tsa: Arc<Tsa>,
}

const POLICY: &str = "1.3.6.1.4.1.32473.1.3";

impl Service {
    async fn new(kind: KeyType) -> Self {
        let world = World::new().await;
        let identity = world.issue(Role::Tsa, "tsa", kind).await;
        must(
            world.at(),
            "sh",
            &["-c", "cat tsa.pem issuing.pem > chain.pem"],
        );
        let clock = Arc::new(Sure {
            clock: world.clock.clone(),
            unsure: Mutex::new(None),
        });
        let marks = Arc::new(Marks::default());
        let tsa = start(&world, &identity, &clock, &marks, "satu");
        Self {
            world,
            identity,
            clock,
            marks,
            tsa,
        }
    }

    fn restarted(&self, instance: &str) -> Arc<Tsa> {
        start(
            &self.world,
            &self.identity,
            &self.clock,
            &self.marks,
            instance,
        )
    }

    /// Asks with `openssl ts -query` and stores the answer.
    async fn ask(&self, tsa: &Tsa, query: &[&str]) -> Said {
        fs::write(self.world.at().join("data"), "izin").unwrap();
        let make = ["ts", "-query", "-data", "data", "-out", "req.tsq"];
        must(self.world.at(), "openssl", &[&make[..], query].concat());
        let request = fs::read(self.world.at().join("req.tsq")).unwrap();
        let response = tsa.respond(&request).await;
        fs::write(self.world.at().join("resp.tsr"), response).unwrap();
        run(
            self.world.at(),
            "openssl",
            &["ts", "-reply", "-in", "resp.tsr", "-text"],
        )
    }

    fn verify(&self, root: &str, against: &[&str]) -> Said {
        let fixed = [
            "ts",
            "-verify",
            "-in",
            "resp.tsr",
            "-CAfile",
            root,
            "-untrusted",
            "chain.pem",
        ];
        run(self.world.at(), "openssl", &[&fixed[..], against].concat())
    }
}

fn start(
    world: &World,
    identity: &Identity,
    clock: &Arc<Sure>,
    marks: &Arc<Marks>,
    instance: &str,
) -> Arc<Tsa> {
    Arc::new(Tsa::new(TsaParts {
        certificate: identity.certificate.clone(),
        chain: vec![world.issuing.certificate.clone()],
        signer: Arc::new(identity.key.clone()),
        clock: clock.clone(),
        marks: marks.clone(),
        entropy: Arc::new(TestEntropy),
        instance: instance.into(),
        policy: POLICY.parse().unwrap(),
    }))
}

#[tokio::test]
async fn openssl_verifies_every_hash_and_key() {
    for kind in [KeyType::P256, KeyType::P384, KeyType::Rsa2048] {
        let service = Service::new(kind).await;
        for query in [
            &["-sha256", "-cert"][..],
            &["-sha384", "-cert"],
            &["-sha512", "-cert"],
            &["-sha256"],
        ] {
            let said = service.ask(&service.tsa, query).await;
            assert!(said.text.contains("Status: Granted."), "{}", said.text);
            assert!(
                said.text.contains(&format!("Policy OID: {POLICY}")),
                "{}",
                said.text
            );
            assert!(
                said.text.contains("Accuracy: 0x01 seconds") && said.text.contains("Ordering: no")
            );
            let said = service.verify("root.pem", &["-queryfile", "req.tsq"]);
            assert!(said.content, "{kind} {query:?}: {}", said.text);
        }
    }
}

#[tokio::test]
async fn openssl_refuses_other_data_another_nonce_and_a_foreign_root() {
    let service = Service::new(KeyType::P256).await;
    service.ask(&service.tsa, &["-sha256", "-cert"]).await;
    assert!(service.verify("root.pem", &["-data", "data"]).content);
    fs::write(service.world.at().join("other"), "izim").unwrap();
    assert!(!service.verify("root.pem", &["-data", "other"]).content);
    must(
        service.world.at(),
        "openssl",
        &[
            "ts", "-query", "-data", "data", "-sha256", "-out", "req.tsq",
        ],
    );
    assert!(
        !service
            .verify("root.pem", &["-queryfile", "req.tsq"])
            .content,
        "another nonce"
    );
    let foreign = World::new().await;
    let root = foreign.at().join("root.pem");
    assert!(
        !service
            .verify(root.to_str().unwrap(), &["-data", "data"])
            .content
    );
}

#[tokio::test]
async fn refusals_have_their_reasons() {
    let service = Service::new(KeyType::P256).await;
    let said = service.ask(&service.tsa, &["-sha1"]).await;
    assert!(
        said.text
            .contains("unrecognized or unsupported algorithm identifier"),
        "{}",
        said.text
    );
    let said = service
        .ask(&service.tsa, &["-sha256", "-tspolicy", "1.2.3.4"])
        .await;
    assert!(
        said.text
            .contains("the requested TSA policy is not supported"),
        "{}",
        said.text
    );
    for garbage in [b"x".to_vec(), vec![0x30; 9000], Vec::new()] {
        fs::write(
            service.world.at().join("resp.tsr"),
            service.tsa.respond(&garbage).await,
        )
        .unwrap();
        let said = run(
            service.world.at(),
            "openssl",
            &["ts", "-reply", "-in", "resp.tsr", "-text"],
        );
        assert!(
            said.text
                .contains("the data submitted has the wrong format"),
            "{}",
            said.text
        );
    }
}

#[tokio::test]
async fn no_sure_time_no_token() {
    let service = Service::new(KeyType::P256).await;
    *service.clock.unsure.lock().unwrap() = Some(ClockUnsure::Jumped {
        milliseconds: -3_600_000,
    });
    let said = service.ask(&service.tsa, &["-sha256"]).await;
    assert!(said.text.contains("Status: Rejected."), "{}", said.text);
    assert!(
        said.text.contains("the TSA's time source is not available"),
        "{}",
        said.text
    );
    assert!(
        !said.text.contains("3600000"),
        "nothing of the inside is told: {}",
        said.text
    );
    *service.clock.unsure.lock().unwrap() = None;
    assert!(
        service
            .ask(&service.tsa, &["-sha256"])
            .await
            .text
            .contains("Granted")
    );
}

#[tokio::test]
async fn times_never_go_back_not_even_after_a_restart() {
    let service = Service::new(KeyType::P256).await;
    let granted = async |tsa: &Tsa| {
        service
            .ask(tsa, &["-sha256"])
            .await
            .text
            .contains("Granted")
    };
    assert!(granted(&service.tsa).await);
    assert!(
        granted(&service.restarted("satu")).await,
        "the same second may be issued again"
    );
    service.world.clock.advance(-Duration::SECOND);
    assert!(!granted(&service.tsa).await);
    assert!(!granted(&service.restarted("satu")).await);
    assert!(
        granted(&service.restarted("dua")).await,
        "another instance may be a second behind"
    );
    service.world.clock.advance(-Duration::SECOND);
    assert!(!granted(&service.restarted("tiga")).await, "and not more");
    service.world.clock.advance(-Duration::HOUR);
    assert!(!granted(&service.restarted("satu")).await);
    service
        .world
        .clock
        .advance(Duration::HOUR + Duration::seconds(2));
    assert!(granted(&service.tsa).await);
}

#[tokio::test]
async fn a_time_is_durable_before_it_is_issued() {
    let service = Service::new(KeyType::P256).await;
    *service.marks.broken.lock().unwrap() = true;
    let said = service.ask(&service.tsa, &["-sha256"]).await;
    assert!(said.text.contains("system failure"), "{}", said.text);
    *service.marks.broken.lock().unwrap() = false;
    for _ in 0..3 {
        assert!(
            service
                .ask(&service.tsa, &["-sha256"])
                .await
                .text
                .contains("Granted")
        );
    }
    assert_eq!(
        service.marks.all.lock().unwrap().len(),
        1,
        "one durable write a second"
    );
}

#[tokio::test]
async fn the_certificate_bounds_the_times() {
    let service = Service::new(KeyType::P256).await;
    service.world.clock.advance(Duration::days(2193));
    let said = service.ask(&service.tsa, &["-sha256"]).await;
    assert!(said.text.contains("system failure"), "{}", said.text);
}

#[tokio::test]
async fn serial_numbers_are_unique_across_restarts_and_instances() {
    let service = Service::new(KeyType::P256).await;
    let mut seen = std::collections::BTreeSet::new();
    for instance in ["satu", "satu", "dua"] {
        let tsa = service.restarted(instance);
        let source = LocalTimestamps::new(tsa, Arc::new(TestEntropy));
        for _ in 0..50 {
            let digest = HashAlgorithm::Sha256.digest(&[b"izin"]);
            let token = source
                .timestamp(HashAlgorithm::Sha256, &digest)
                .await
                .unwrap();
            let token = TimeStampToken::parse(&token).unwrap();
            assert_eq!(token.tst.serial.len(), 20);
            assert!(seen.insert(token.tst.serial));
        }
    }
    let prefixes: std::collections::BTreeSet<_> =
        seen.iter().map(|serial| serial[..4].to_vec()).collect();
    assert_eq!(prefixes.len(), 2, "the prefix tells the instance");
}

#[tokio::test]
async fn tokens_in_process_fit_the_hole_and_refusals_stay_refusals() {
    let service = Service::new(KeyType::Rsa2048).await;
    let source = LocalTimestamps::new(service.tsa.clone(), Arc::new(TestEntropy));
    let digest = HashAlgorithm::Sha512.digest(&[b"izin"]);
    let token = source
        .timestamp(HashAlgorithm::Sha512, &digest)
        .await
        .unwrap();
    assert!(
        token.len() <= source.longest_token(),
        "{} > {}",
        token.len(),
        source.longest_token()
    );
    let weak = source
        .timestamp(HashAlgorithm::Sha1, &HashAlgorithm::Sha1.digest(&[b"izin"]))
        .await;
    assert!(matches!(weak, Err(TimestampError::Refused(_))));
    *service.clock.unsure.lock().unwrap() = Some(ClockUnsure::NotSynchronised);
    let refused = source.timestamp(HashAlgorithm::Sha512, &digest).await;
    assert!(matches!(refused, Err(TimestampError::Refused(_))));
}
