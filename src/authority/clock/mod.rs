//! A clock that says when it cannot be relied on (ETSI EN 319 421 clause 7.7.1: stop when
//! outside the declared accuracy).
//!
//! Two independent checks: the wall clock is compared with the monotonic clock since the
//! start (a step by hand, by a hypervisor or by a bad server shows), and, where asked
//! for, the kernel's own verdict on whether anything disciplines it ([`Discipline`]).
//! It does not ask other servers for the time: that is the NTP daemon's work.

mod discipline;

use std::sync::{Arc, Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

pub use discipline::{Discipline, KernelDiscipline, Synchronisation};

use crate::services::ports::{Clock, ClockHealth, ClockUnsure};

/// The most the wall clock may move against the monotonic clock, and the most
/// error the kernel may estimate.
const TOLERANCE: Duration = Duration::SECOND;

/// Time that only goes forward and counts through suspension.
pub trait Monotonic: Send + Sync {
    /// Since some moment before the start.
    fn elapsed(&self) -> Duration;
}

/// CLOCK_BOOTTIME.
#[derive(Debug, Clone, Copy, Default)]
pub struct SinceBoot;

impl Monotonic for SinceBoot {
    fn elapsed(&self) -> Duration {
        let read = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let nanoseconds = i32::try_from(read.tv_nsec).unwrap_or_default();
        Duration::new(read.tv_sec, nanoseconds)
    }
}

/// A clock that is watched.
pub struct WatchedClock {
    clock: Arc<dyn Clock>,
    monotonic: Arc<dyn Monotonic>,
    discipline: Option<Arc<dyn Discipline>>,
    /// Wall minus monotonic time since when the clock is believed. Without a
    /// [`Discipline`] that is the start; with one, since it last began to vouch: a step
    /// by which an NTP daemon mends a wrong clock comes with a time in which it does not.
    offset: Mutex<Option<OffsetDateTime>>,
}

impl WatchedClock {
    /// Watches a clock from now on. With a [`Discipline`], nothing is sure that it does
    /// not call synchronised.
    #[must_use]
    pub fn new(
        clock: Arc<dyn Clock>,
        monotonic: Arc<dyn Monotonic>,
        discipline: Option<Arc<dyn Discipline>>,
    ) -> Self {
        let start = discipline
            .is_none()
            .then(|| clock.now() - monotonic.elapsed());
        Self {
            clock,
            monotonic,
            discipline,
            offset: Mutex::new(start),
        }
    }

    fn check_discipline(&self) -> Result<(), ClockUnsure> {
        let Some(discipline) = &self.discipline else {
            return Ok(());
        };
        match discipline.state()? {
            Synchronisation {
                synchronised: false,
                ..
            } => Err(ClockUnsure::NotSynchronised),
            Synchronisation { largest_error, .. } if largest_error > TOLERANCE => {
                Err(ClockUnsure::ErrorTooLarge {
                    milliseconds: milliseconds(largest_error),
                })
            }
            Synchronisation { .. } => Ok(()),
        }
    }
}

impl ClockHealth for WatchedClock {
    fn sure_time(&self) -> Result<OffsetDateTime, ClockUnsure> {
        let mut believed = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_discipline().inspect_err(|_| *believed = None)?;
        // A thread held up between the two readings would look like a jump: read
        // the monotonic clock on both sides and use the middle.
        let before = self.monotonic.elapsed();
        let now = self.clock.now();
        let between = before + (self.monotonic.elapsed() - before) / 2;
        let offset = now - between;
        let jump: Duration = offset - *believed.get_or_insert(offset);
        if jump.abs() <= TOLERANCE {
            return Ok(now);
        }
        Err(ClockUnsure::Jumped {
            milliseconds: milliseconds(jump),
        })
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.whole_milliseconds()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hand(Mutex<OffsetDateTime>);
    impl Clock for Hand {
        fn now(&self) -> OffsetDateTime {
            *self.0.lock().unwrap()
        }
    }
    struct Still(Mutex<Duration>);
    impl Monotonic for Still {
        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }
    struct Says(Mutex<Result<Synchronisation, ClockUnsure>>);
    impl Discipline for Says {
        fn state(&self) -> Result<Synchronisation, ClockUnsure> {
            self.0.lock().unwrap().clone()
        }
    }

    fn watched(discipline: Option<Arc<Says>>) -> (Arc<Hand>, Arc<Still>, WatchedClock) {
        let hand = Arc::new(Hand(Mutex::new(OffsetDateTime::UNIX_EPOCH)));
        let still = Arc::new(Still(Mutex::new(Duration::HOUR)));
        let discipline = discipline.map(|says| says as Arc<dyn Discipline>);
        let watched = WatchedClock::new(hand.clone(), still.clone(), discipline);
        (hand, still, watched)
    }

    #[test]
    fn a_step_beyond_a_second_is_noticed_either_way_and_forgiven_when_undone() {
        for step in [
            Duration::milliseconds(1001),
            -Duration::milliseconds(1001),
            -Duration::HOUR,
        ] {
            let (hand, still, watched) = watched(None);
            *still.0.lock().unwrap() += Duration::MINUTE;
            *hand.0.lock().unwrap() += Duration::MINUTE;
            assert!(watched.sure_time().is_ok());
            *hand.0.lock().unwrap() += step;
            assert!(
                matches!(watched.sure_time(), Err(ClockUnsure::Jumped { .. })),
                "{step}"
            );
            *hand.0.lock().unwrap() -= step - Duration::milliseconds(999);
            assert!(watched.sure_time().is_ok());
        }
    }

    fn says(synchronised: bool, milliseconds: i64) -> Result<Synchronisation, ClockUnsure> {
        let largest_error = Duration::milliseconds(milliseconds);
        Ok(Synchronisation {
            synchronised,
            largest_error,
        })
    }

    #[test]
    fn a_clock_that_nothing_disciplines_is_not_sure() {
        let sure = |state| {
            watched(Some(Arc::new(Says(Mutex::new(state)))))
                .2
                .sure_time()
        };
        assert!(sure(says(true, 1000)).is_ok());
        assert_eq!(
            sure(says(true, 1001)),
            Err(ClockUnsure::ErrorTooLarge { milliseconds: 1001 })
        );
        assert_eq!(sure(says(false, 0)), Err(ClockUnsure::NotSynchronised));
        let unreadable = ClockUnsure::Unreadable("x".into());
        assert_eq!(sure(Err(unreadable.clone())), Err(unreadable));
    }

    #[test]
    fn a_step_is_believed_only_after_the_daemon_let_go_and_took_hold_again() {
        let daemon = Arc::new(Says(Mutex::new(says(true, 1))));
        let (hand, _, watched) = watched(Some(daemon.clone()));
        assert!(watched.sure_time().is_ok());
        *hand.0.lock().unwrap() += Duration::HOUR;
        assert!(matches!(
            watched.sure_time(),
            Err(ClockUnsure::Jumped { .. })
        ));
        *daemon.0.lock().unwrap() = says(false, 1);
        assert_eq!(watched.sure_time(), Err(ClockUnsure::NotSynchronised));
        *daemon.0.lock().unwrap() = says(true, 1);
        assert!(watched.sure_time().is_ok());
    }

    #[test]
    fn the_machine_answers() {
        assert!(SinceBoot.elapsed() > Duration::ZERO);
        // Whether it is synchronised depends on the machine; that it can be asked does not.
        let state = KernelDiscipline.state();
        assert!(matches!(state, Ok(_) | Err(ClockUnsure::Unreadable(_))));
    }
}
