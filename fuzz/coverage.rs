//! The counters that LLVM's SanitizerCoverage puts at every edge
//! (`-sanitizer-coverage-inline-8bit-counters`), and what of them is new.
#![allow(unsafe_code, reason = "the counters live where the compiler puts them")]

use std::sync::Mutex;

/// Where the counters are: address and length.
static COUNTERS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Called by the compiler's constructors, once for each unit of code.
///
/// # Safety
/// The compiler calls it with the bounds of one section of counters, which live as long
/// as the process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    let part = (
        start as usize,
        (stop as usize).saturating_sub(start as usize),
    );
    if let Ok(mut counters) = COUNTERS.lock()
        && part.1 > 0
        && !counters.contains(&part)
    {
        counters.push(part);
    }
}

/// What was seen so far: for each counter the set of its magnitudes.
pub struct Coverage {
    parts: Vec<(usize, usize)>,
    seen: Vec<u8>,
    /// Edges that were ever taken.
    pub edges: usize,
}

impl Coverage {
    pub fn new() -> Self {
        let parts = COUNTERS
            .lock()
            .map(|parts| parts.clone())
            .unwrap_or_default();
        let all = parts.iter().map(|(_, length)| length).sum();
        Self {
            parts,
            seen: vec![0; all],
            edges: 0,
        }
    }

    pub fn total(&self) -> usize {
        self.seen.len()
    }

    /// Sets every counter to nothing.
    pub fn clear(&self) {
        for &(start, length) in &self.parts {
            // SAFETY: the section lives as long as the process; one thread runs targets.
            unsafe { std::ptr::write_bytes(start as *mut u8, 0, length) };
        }
    }

    /// Takes what the last run did; whether any of it is new.
    pub fn take(&mut self) -> bool {
        let mut new = false;
        let mut place = 0;
        for &(start, length) in &self.parts {
            // SAFETY: as above.
            let counters = unsafe { std::slice::from_raw_parts(start as *const u8, length) };
            for (counter, seen) in counters.iter().zip(&mut self.seen[place..]) {
                if *counter == 0 {
                    continue;
                }
                // 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more.
                let magnitude = 1 << counter.ilog2();
                if *seen & magnitude == 0 {
                    self.edges += usize::from(*seen == 0);
                    *seen |= magnitude;
                    new = true;
                }
            }
            place += length;
        }
        new
    }
}
