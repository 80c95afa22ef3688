//! Rounds in turn (A B C A B C …), medians, ratios.

use std::time::{Duration, Instant};

/// How long one measurement of one operation takes.
const SLICE: Duration = Duration::from_millis(120);
const ROUNDS: usize = 15;

/// An operation with its name.
pub type Operation<'a> = (&'a str, &'a mut dyn FnMut());

/// Measures.
pub struct Bench {
    rounds: usize,
    slice: Duration,
    /// Only operations with one of these in their names: for a profiler.
    only: Vec<String>,
}

impl Bench {
    /// A quick one runs every operation a few times, to see that it works.
    pub fn new(quick: bool) -> Self {
        let arguments = std::env::args().skip(1);
        let only = arguments.filter(|one| !one.starts_with("--")).collect();
        let (rounds, slice) = if quick {
            (1, Duration::from_millis(1))
        } else {
            (ROUNDS, SLICE)
        };
        Self {
            rounds,
            slice,
            only,
        }
    }

    /// Measures operations in turn and prints each beside the first.
    pub fn table(&mut self, unit: &str, operations: &mut [Operation<'_>]) {
        let wanted =
            |name: &str| self.only.is_empty() || self.only.iter().any(|one| name.contains(one));
        let mut operations: Vec<&mut Operation<'_>> =
            operations.iter_mut().filter(|one| wanted(one.0)).collect();
        if operations.is_empty() {
            return;
        }
        let mut seconds = vec![Vec::new(); operations.len()];
        for _ in 0..=self.rounds {
            for ((_, operation), seconds) in operations.iter_mut().zip(&mut seconds) {
                seconds.push(self.measure(operation));
            }
        }
        println!(
            "\n{:<42} {:>12} {:>10}   of {unit}",
            "", "per second", "ratio"
        );
        let first = median(&seconds[0]);
        for ((name, _), seconds) in operations.iter().zip(&seconds) {
            let each = median(seconds);
            println!(
                "{name:<42} {:>12.0} {:>9.1}%",
                1.0 / each,
                100.0 * first / each
            );
        }
    }

    fn measure(&self, operation: &mut dyn FnMut()) -> f64 {
        let start = Instant::now();
        let mut count = 0_u32;
        while count == 0 || start.elapsed() < self.slice {
            operation();
            count += 1;
        }
        start.elapsed().as_secs_f64() / f64::from(count)
    }
}

/// The median without the first round, which warms up.
fn median(seconds: &[f64]) -> f64 {
    let mut seconds = seconds.get(1..).unwrap_or(seconds).to_vec();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
