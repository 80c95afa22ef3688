//! `cargo bench --bench issuing`: permits a second from submission to issue, durable, on
//! two threads: the real services, SQLite, a folder with fsync, the self-check. Once
//! with a time-stamping authority in the process, once with one that takes 300 ms.
//!
//! Beside it what the public-key operations of one permit alone would allow on as
//! many cores: three signatures (signatory, two time-stamps; an OCSP answer serves many)
//! and the verifications of the self-check.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

#[path = "../services/office.rs"]
#[expect(dead_code, reason = "the tests of the services use all of it")]
mod office;
mod serving;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use absah::domain::ids::DocumentId;
use absah::kernel::sign::Signer as _;
use absah::keys::{KeyType, SoftwareKey};
use absah::services::Services;
use office::Office;
use tokio::sync::mpsc;

/// Cores used.
const CORES: usize = 2;
/// Calls at the same time that submit and review.
const CALLERS: usize = 8;
/// The most documents of one approval.
const BATCH: usize = 25;
/// Public-key operations of one permit: signatures, and the self-check's verifications.
const SIGNATURES: u32 = 3;
const VERIFICATIONS: u32 = 12;

fn main() {
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let (documents, rounds) = if quick { (2, 1) } else { (400, 3) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(CORES)
        .enable_all()
        .build()
        .unwrap();
    let raw = raw_rate();
    let permit: Arc<[u8]> = office::permit().into();
    println!(
        "\n{documents} permits of {} bytes, {rounds} rounds; public-key operations alone: \
         {raw:.0} a second on {CORES} cores",
        permit.len()
    );
    println!(
        "{:<42} {:>12} {:>10} {:>14} {:>12}",
        "end to end, durable", "per second", "ratio", "CPU ms each", "cores used"
    );
    for (name, delay) in [("TSA in the process", 0), ("TSA that takes 300 ms", 300)] {
        let mut measured = Vec::new();
        for _ in 0..rounds {
            let delay = Duration::from_millis(delay);
            measured.push(runtime.block_on(run(&permit, documents, delay)));
        }
        measured.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        let Measured { rate, cpu } = measured[measured.len() / 2];
        println!(
            "{name:<42} {rate:>12.1} {:>9.1}% {:>14.2} {:>12.2}",
            100.0 * rate / raw,
            1000.0 * cpu,
            cpu * rate
        );
    }
}

/// What a round gave: documents a second, seconds of processor time a document.
#[derive(Clone, Copy)]
struct Measured {
    rate: f64,
    cpu: f64,
}

/// How many permits a second the operations alone would allow.
fn raw_rate() -> f64 {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let public = absah::kernel::sign::PublicKey::from_spki(&key.spki_der().unwrap()).unwrap();
    let value = key.sign_digest(&[7; 32]).unwrap();
    let each = |operation: &dyn Fn()| {
        let (start, count) = (Instant::now(), 2_000);
        (0..count).for_each(|_| operation());
        start.elapsed() / count
    };
    let sign = each(&|| drop(key.sign_digest(&[7; 32]).unwrap()));
    let verify = each(&|| {
        public
            .verify_digest(key.algorithm(), &[7; 32], &value)
            .unwrap();
    });
    CORES as f64 / (sign * SIGNATURES + verify * VERIFICATIONS).as_secs_f64()
}

/// Everything from the first submission to the last issue.
async fn run(permit: &Arc<[u8]>, documents: usize, delay: Duration) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let office = Arc::new(Office::open(folder.path()).await);
    let services = serving::services(&office, folder.path(), delay);
    let worker = tokio::spawn({
        let services = services.clone();
        async move { services.finish_forever().await }
    });
    let (start, before) = (Instant::now(), cpu_time());
    let (ready, waiting) = mpsc::unbounded_channel();
    let next = Arc::new(AtomicUsize::new(0));
    for _ in 0..CALLERS {
        let caller = Submitter {
            office: office.clone(),
            services: services.clone(),
            permit: permit.clone(),
            next: next.clone(),
            ready: ready.clone(),
        };
        tokio::spawn(caller.submit(documents));
    }
    drop(ready);
    approve(&office, &services, waiting).await;
    let issued = BTreeMap::from([("issued".to_owned(), documents as u64)]);
    while BTreeMap::from_iter(services.count_by_state().await.unwrap()) != issued {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let measured = Measured {
        rate: documents as f64 / start.elapsed().as_secs_f64(),
        cpu: (cpu_time() - before).as_secs_f64() / documents as f64,
    };
    worker.abort();
    measured
}

/// A permit system with its reviewer.
struct Submitter {
    office: Arc<Office>,
    services: Services,
    permit: Arc<[u8]>,
    next: Arc<AtomicUsize>,
    ready: mpsc::UnboundedSender<DocumentId>,
}

impl Submitter {
    /// Submits a permit, has it reviewed, hands it on, until there are enough.
    async fn submit(self, documents: usize) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= documents {
                return;
            }
            let metadata = office::metadata("SIPB", &number.to_string(), 1);
            let (client, file) = (&self.office.client, self.permit.to_vec());
            let submitted = self.services.submit(client, file, metadata, None).await;
            let document = submitted.unwrap().value;
            self.office.review(&document).await.unwrap();
            self.ready.send(document.id).unwrap();
        }
    }
}

/// The head of the office approves what waits, in batches.
async fn approve(
    office: &Office,
    services: &Services,
    mut waiting: mpsc::UnboundedReceiver<DocumentId>,
) {
    let secret = office::secret(office::PASSPHRASE);
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let approved = services.approve(&office.head, &batch, &secret, "bench", None);
        let refused = approved.await.unwrap().value;
        assert!(refused.iter().all(|one| one.refused.is_none()));
        batch.clear();
    }
}

/// What this process and its threads have had of the processors.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // Fields 14 and 15, in hundredths of a second; the name before them may hold spaces.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}
