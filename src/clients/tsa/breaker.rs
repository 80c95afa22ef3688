//! A circuit breaker: after a failure a peer rests, longer each time; then one caller
//! tries it while the others still pass it by.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const FIRST_REST: Duration = Duration::from_secs(15);
const LONGEST_REST: Duration = Duration::from_secs(600);

/// The state of one peer.
#[derive(Debug)]
pub struct Breaker {
    state: Mutex<State>,
    first_rest: Duration,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Callers pass.
    Closed,
    /// Nobody passes before the moment.
    Resting { until: Instant, rest: Duration },
    /// One caller is out to see.
    Trying,
}

/// Leave to try. Settled with the outcome; dropped unsettled (a cancelled request), it
/// counts as a failure, so that a trial never stays open.
#[derive(Debug)]
pub struct Attempt<'a> {
    breaker: &'a Breaker,
    /// How long the last rest was.
    rest: Option<Duration>,
    settled: bool,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::new()
    }
}

impl Breaker {
    /// Nothing is known against the peer.
    #[must_use]
    pub fn new() -> Self {
        Self::resting_first(FIRST_REST)
    }

    fn resting_first(first_rest: Duration) -> Self {
        let state = Mutex::new(State::Closed);
        Self { state, first_rest }
    }

    /// Leave to try, if the peer is not resting.
    pub fn permit(&self) -> Option<Attempt<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = match *state {
            State::Closed => None,
            State::Resting { until, rest } if until <= Instant::now() => {
                *state = State::Trying;
                Some(rest)
            }
            State::Resting { .. } | State::Trying => return None,
        };
        Some(Attempt {
            breaker: self,
            rest,
            settled: false,
        })
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

impl Attempt<'_> {
    /// Tells how it went, and hands the result on.
    pub fn settle<T, E>(mut self, result: Result<T, E>) -> Result<T, E> {
        if result.is_ok() {
            self.settled = true;
            self.breaker.set(State::Closed);
        }
        result
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        let doubled = self
            .rest
            .map_or(self.breaker.first_rest, |rest| rest.saturating_mul(2));
        let rest = doubled.min(LONGEST_REST);
        let until = Instant::now() + rest;
        self.breaker.set(State::Resting { until, rest });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_millis(80);

    fn fails(breaker: &Breaker) -> bool {
        let attempt = breaker.permit();
        attempt.is_some_and(|attempt| attempt.settle(Err::<(), ()>(())).is_err())
    }

    #[test]
    fn rests_after_a_failure_and_longer_after_the_next() {
        let breaker = Breaker::resting_first(REST);
        assert!(fails(&breaker));
        assert!(breaker.permit().is_none());
        std::thread::sleep(REST);
        assert!(fails(&breaker), "one more trial");
        std::thread::sleep(REST);
        assert!(breaker.permit().is_none(), "twice as long");
        std::thread::sleep(REST);
        let trial = breaker.permit().unwrap();
        assert!(breaker.permit().is_none(), "one caller tries");
        trial.settle(Ok::<(), ()>(())).unwrap();
        assert!(breaker.permit().is_some());
    }

    #[test]
    fn a_cancelled_trial_does_not_block_for_ever() {
        let breaker = Breaker::resting_first(REST);
        drop(breaker.permit());
        assert!(breaker.permit().is_none());
        std::thread::sleep(REST);
        assert!(breaker.permit().is_some());
    }

    #[test]
    fn a_rest_has_a_limit() {
        let breaker = Breaker::resting_first(LONGEST_REST * 3);
        assert!(fails(&breaker));
        let State::Resting { rest, .. } = *breaker.state.lock().unwrap() else {
            panic!("it rests")
        };
        assert_eq!(rest, LONGEST_REST);
    }
}
