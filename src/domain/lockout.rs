//! Wrong passphrases: a few are forgiven, then each costs a longer wait.
//!
//! Argon2id slows down who has stolen the sealed key; this slows down who asks the
//! service. The count is of a person, not of a caller or an address, and only the right
//! passphrase ends it.

use time::{Duration, OffsetDateTime};

/// How many wrong passphrases are forgiven.
pub const FREE_TRIES: u32 = 5;
/// The wait after the last of them; each further wrong one doubles it.
const FIRST_WAIT: Duration = Duration::minutes(1);
/// The longest wait: someone else's guessing must not end a signatory's work for good.
const LONGEST_WAIT: Duration = Duration::days(1);

/// The wrong passphrases since the last right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// How many.
    pub failures: u32,
    /// When the last one was given.
    pub at: OffsetDateTime,
}

impl Lockout {
    /// One more wrong passphrase.
    #[must_use]
    pub fn again(before: Option<Self>, at: OffsetDateTime) -> Self {
        let failures = before.map_or(0, |before| before.failures);
        Self {
            failures: failures.saturating_add(1),
            at,
        }
    }

    /// How many tries are left before the first wait.
    #[must_use]
    pub fn tries_left(&self) -> u32 {
        FREE_TRIES.saturating_sub(self.failures)
    }

    /// How long no passphrase is tried after this one.
    #[must_use]
    pub fn wait(&self) -> Duration {
        match self.failures.checked_sub(FREE_TRIES) {
            None => Duration::ZERO,
            Some(beyond) => (FIRST_WAIT * (1_i32 << beyond.min(16))).min(LONGEST_WAIT),
        }
    }

    /// How long it still is until a passphrase is tried again. Never longer than
    /// the wait itself: a clock that went back does not prolong it.
    #[must_use]
    pub fn left(&self, now: OffsetDateTime) -> Option<Duration> {
        let left = (self.at.saturating_add(self.wait()) - now).min(self.wait());
        left.is_positive().then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);

    fn after(failures: u32) -> Lockout {
        Lockout { failures, at: NOW }
    }

    #[test]
    fn five_are_forgiven_and_the_wait_doubles_up_to_a_day() {
        let minutes: Vec<i64> = (1..20).map(|n| after(n).wait().whole_minutes()).collect();
        assert_eq!(minutes[..8], [0, 0, 0, 0, 1, 2, 4, 8]);
        assert!(minutes.is_sorted());
        assert_eq!(after(u32::MAX).wait(), LONGEST_WAIT);
        let left: Vec<u32> = (0..7).map(|n| after(n).tries_left()).collect();
        assert_eq!(left, [5, 4, 3, 2, 1, 0, 0]);
    }

    #[test]
    fn a_lock_ends_by_itself_and_a_clock_that_went_back_does_not_prolong_it() {
        assert_eq!(after(4).left(NOW), None);
        assert_eq!(after(5).left(NOW), Some(FIRST_WAIT));
        assert_eq!(after(5).left(NOW + FIRST_WAIT), None);
        assert_eq!(after(5).left(NOW - Duration::DAY), Some(FIRST_WAIT));
        assert_eq!(
            after(6).left(NOW + FIRST_WAIT),
            Some(FIRST_WAIT),
            "the second wait is twice as long"
        );
    }

    #[test]
    fn each_wrong_one_counts_from_its_own_moment() {
        let later = NOW + Duration::HOUR;
        let first = Lockout::again(None, NOW);
        assert_eq!(first, after(1));
        let second = Lockout::again(Some(first), later);
        assert_eq!((second.failures, second.at), (2, later));
    }
}
