//! Sessions of the console: opened by a passkey, ended by time, by their owner, or with
//! his access.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::credentials::CredentialId;
use super::ids::{PersonId, SessionId};

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id; the secret that proves it is another thing.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// The passkey that opened it.
    pub credential: CredentialId,
    /// When it was opened.
    #[serde(with = "time::serde::rfc3339")]
    pub opened: OffsetDateTime,
    /// When it was last used, to the minute.
    #[serde(with = "time::serde::rfc3339")]
    pub seen: OffsetDateTime,
    /// When its owner last proved himself: at first by opening it.
    #[serde(with = "time::serde::rfc3339")]
    pub proven: OffsetDateTime,
    /// When it was ended before its time.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended: Option<OffsetDateTime>,
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without being used.
    pub idle: Duration,
    /// However much it is used.
    pub absolute: Duration,
    /// How long a proof of oneself serves for sensitive acts.
    pub proof: Duration,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: Duration::minutes(15),
            absolute: Duration::hours(8),
            proof: Duration::minutes(5),
        }
    }
}

impl Session {
    /// Whether it is open. A clock that went back by more than a limit ends it too: a time
    /// from a wrong clock binds nobody.
    #[must_use]
    pub fn stands(&self, limits: &SessionLimits, now: OffsetDateTime) -> bool {
        self.ended.is_none()
            && within(self.seen, limits.idle, now)
            && within(self.opened, limits.absolute, now)
    }

    /// Whether its owner proved himself so lately that a sensitive act needs no other proof.
    #[must_use]
    pub fn is_proven(&self, limits: &SessionLimits, now: OffsetDateTime) -> bool {
        self.stands(limits, now) && within(self.proven, limits.proof, now)
    }
}

fn within(since: OffsetDateTime, limit: Duration, now: OffsetDateTime) -> bool {
    (now - since).abs() < limit
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);
    const LIMITS: SessionLimits = SessionLimits {
        idle: Duration::minutes(15),
        absolute: Duration::hours(8),
        proof: Duration::minutes(5),
    };

    fn session() -> Session {
        Session {
            id: SessionId::new(NOW, [1; 10]),
            person: PersonId::new(NOW, [2; 10]),
            credential: CredentialId::new(&[3]).unwrap(),
            opened: NOW,
            seen: NOW,
            proven: NOW,
            ended: None,
        }
    }

    #[test]
    fn idleness_ends_a_session_and_use_prolongs_it() {
        let idle = NOW + LIMITS.idle;
        assert!(session().stands(&LIMITS, idle - Duration::NANOSECOND));
        assert!(!session().stands(&LIMITS, idle));
        let used = Session {
            seen: NOW + Duration::minutes(14),
            ..session()
        };
        assert!(used.stands(&LIMITS, idle));
    }

    #[test]
    fn no_use_prolongs_it_beyond_the_day() {
        let late = NOW + LIMITS.absolute;
        let busy = Session {
            seen: late - Duration::SECOND,
            ..session()
        };
        assert!(busy.stands(&LIMITS, late - Duration::SECOND));
        assert!(!busy.stands(&LIMITS, late));
    }

    #[test]
    fn an_ended_session_and_one_of_a_clock_that_was_ahead_are_none() {
        let ended = Session {
            ended: Some(NOW),
            ..session()
        };
        assert!(!ended.stands(&LIMITS, NOW));
        assert!(!session().stands(&LIMITS, NOW - LIMITS.idle));
    }

    #[test]
    fn a_proof_serves_for_minutes() {
        assert!(session().is_proven(&LIMITS, NOW + Duration::minutes(4)));
        assert!(!session().is_proven(&LIMITS, NOW + LIMITS.proof));
    }
}
