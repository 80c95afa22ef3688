//! The search in one process: mutate, run, keep what reaches new code.
//!
//! Before each run the input is written down, so that whoever finds the process ended
//! knows why: a panic, a signal, memory refused, or the watchman after too long.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::coverage::Coverage;
use crate::mutate::mutated;
use crate::random::Random;
use crate::seeds;
use crate::targets::{TARGETS, Target};

/// What one process may have, the program itself included.
pub const MEMORY: u64 = 1 << 30;
/// What one input may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Said by the watchman.
pub const TOO_LONG: u8 = 98;
/// More is not kept: each further input costs a place in the draw.
const CORPUS: usize = 20_000;

/// Runs a target for some seconds; the folder gets the input in hand and the summary.
pub fn run(target: &str, seconds: &str, folder: &str) -> ExitCode {
    let Some(target) = TARGETS.iter().find(|one| one.name == target) else {
        eprintln!("no target {target}");
        return ExitCode::from(2);
    };
    let seconds: u64 = seconds.parse().unwrap_or(10);
    let corpus = seeds::of(target.name);
    (target.run)(&corpus[0]);
    let bound = Rlimit {
        current: Some(MEMORY),
        maximum: Some(MEMORY),
    };
    setrlimit(Resource::As, bound).expect("a bound on memory");
    let folder = Path::new(folder);
    let mut search = Search {
        target,
        current: File::create(folder.join("current")).expect("the input in hand"),
        watch: watchman(),
        coverage: Coverage::new(),
        corpus: Vec::new(),
        executions: 0,
        slowest: Duration::ZERO,
        start: Instant::now(),
    };
    for seed in corpus {
        search.execute(seed);
    }
    search.go_on(Duration::from_secs(seconds));
    fs::write(folder.join("summary"), search.summary()).expect("the summary");
    ExitCode::SUCCESS
}

/// Runs one input once, without bounds: to see what it did.
pub fn replay(target: &str, file: &str) -> ExitCode {
    let target = TARGETS.iter().find(|one| one.name == target);
    let (Some(target), Ok(bytes)) = (target, fs::read(file)) else {
        eprintln!("usage: absah-fuzz replay TARGET FILE");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    (target.run)(&bytes);
    println!("{} bytes in {:?}", bytes.len(), start.elapsed());
    ExitCode::SUCCESS
}

struct Search {
    target: &'static Target,
    current: File,
    watch: Arc<AtomicU64>,
    coverage: Coverage,
    corpus: Vec<Vec<u8>>,
    executions: u64,
    slowest: Duration,
    start: Instant,
}

impl Search {
    fn go_on(&mut self, time: Duration) {
        let seed = std::env::var("ABSAH_FUZZ_SEED").ok();
        let mut random = Random::new(seed.and_then(|seed| seed.parse().ok()).unwrap_or(1));
        while self.start.elapsed() < time {
            // The newest half gets half of the draws.
            let from = match random.below(2) {
                0 => self.corpus.len() / 2,
                _ => 0,
            };
            let place = from + random.below(self.corpus.len() - from);
            let mut input = mutated(&self.corpus, place, &mut random);
            input.truncate(self.target.longest);
            self.execute(input);
        }
    }

    fn execute(&mut self, input: Vec<u8>) {
        self.current.set_len(0).expect("room");
        self.current.write_all_at(&input, 0).expect("room");
        let start = Instant::now();
        self.watch.store(millis(self.start), Ordering::Relaxed);
        self.coverage.clear();
        let run = self.target.run;
        let survived = catch_unwind(|| run(&input)).is_ok();
        let new = self.coverage.take();
        self.watch.store(0, Ordering::Relaxed);
        if !survived {
            std::process::exit(101);
        }
        self.slowest = self.slowest.max(start.elapsed());
        self.executions += 1;
        let blind = self.coverage.total() == 0 && self.executions < 100;
        if (new || blind) && self.corpus.len() < CORPUS {
            self.corpus.push(input);
        }
    }

    fn summary(&self) -> String {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.split_whitespace().next());
        let peak: u64 = peak.and_then(|peak| peak.parse().ok()).unwrap_or(0);
        format!(
            "{:>9} runs {:>6}/s  corpus {:>5}  edges {:>6} of {}  slowest {:>5} ms  memory {:>4} MB",
            self.executions,
            self.executions * 1000
                / u64::try_from(self.start.elapsed().as_millis())
                    .unwrap_or(1)
                    .max(1),
            self.corpus.len(),
            self.coverage.edges,
            self.coverage.total(),
            self.slowest.as_millis(),
            peak >> 10,
        )
    }
}

/// Milliseconds since the start; never 0, which says that nothing runs.
fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}

/// Ends the process when one input takes too long.
fn watchman() -> Arc<AtomicU64> {
    let since = Arc::new(AtomicU64::new(0));
    let (watched, start) = (Arc::clone(&since), Instant::now());
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(250));
            let began = watched.load(Ordering::Relaxed);
            let patience = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
            if began > 0 && millis(start).saturating_sub(began) > patience {
                std::process::exit(i32::from(TOO_LONG));
            }
        }
    });
    since
}
