//! What was fetched, kept for a while: many files name the same certificates.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::kernel::hash::Sha256;
use crate::kernel::validation::Standing;
use crate::services::ports::RevocationEvidence;

/// How many certificates are known, and how many bytes all that was said of them has.
const MOST: usize = 1024;
const MOST_BYTES: usize = 64 << 20;

/// An answer is not used for longer, however long it says that it may be.
const LONGEST: Duration = Duration::HOUR;
/// Who said nothing that counts is left in peace for so long.
const PAUSE: Duration = Duration::MINUTE;

/// What was said of one certificate.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub evidence: RevocationEvidence,
    pub standing: Standing,
}

impl Answer {
    /// The same, if it says that the certificate stands, by something not older than
    /// `fresh_since`; and `thisUpdate` of that.
    pub(super) fn good(self, fresh_since: OffsetDateTime) -> Option<(Self, OffsetDateTime)> {
        match self.standing {
            Standing::Good { this_update, .. } if this_update >= fresh_since => {
                Some((self, this_update))
            }
            _ => None,
        }
    }

    fn serves_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        match self.standing {
            Standing::Good { fresh_until, .. } => fresh_until.min(now + LONGEST),
            Standing::Revoked { .. } => now + LONGEST,
            Standing::Open => now + PAUSE,
        }
    }
}

/// Answers by the fingerprint of the certificate, each with its end.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    bytes: usize,
    known: HashMap<Sha256, (Answer, OffsetDateTime)>,
}

impl Kept {
    pub(super) fn answer(&self, of: &Sha256, now: OffsetDateTime) -> Option<Answer> {
        let answers = self.answers();
        let (answer, until) = answers.known.get(of)?;
        (now <= *until).then(|| answer.clone())
    }

    pub(super) fn keep(&self, of: Sha256, answer: &Answer, now: OffsetDateTime) {
        let length = answer.evidence.length();
        let mut answers = self.answers();
        if answers.known.len() >= MOST || answers.bytes.saturating_add(length) > MOST_BYTES {
            *answers = Answers::default();
        }
        if length > MOST_BYTES {
            return;
        }
        let until = answer.serves_until(now);
        let former = answers.known.insert(of, (answer.clone(), until));
        let former = former.map_or(0, |(former, _)| former.evidence.length());
        answers.bytes = answers.bytes.saturating_add(length).saturating_sub(former);
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(length: usize, standing: Standing) -> Answer {
        let evidence = RevocationEvidence {
            ocsps: Vec::new(),
            crls: vec![vec![0; length]],
        };
        Answer { evidence, standing }
    }

    #[test]
    fn an_answer_serves_for_its_time_and_no_longer() {
        let (kept, now) = (Kept::default(), OffsetDateTime::UNIX_EPOCH);
        let minutes = |fresh: i64| Standing::Good {
            this_update: now,
            fresh_until: now + Duration::minutes(fresh),
        };
        let cases = [(minutes(10), 10), (minutes(600), 60), (Standing::Open, 1)];
        for (name, (standing, serves)) in cases.into_iter().enumerate() {
            let of = Sha256::of(&[name as u8]);
            kept.keep(of, &answer(1, standing), now);
            let last = now + Duration::minutes(serves);
            assert!(kept.answer(&of, last).is_some(), "{standing:?}");
            assert!(kept.answer(&of, last + Duration::SECOND).is_none());
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (kept, now) = (Kept::default(), OffsetDateTime::UNIX_EPOCH);
        let names = [1_u8, 2, 3].map(|name| Sha256::of(&[name]));
        for name in names {
            kept.keep(name, &answer(MOST_BYTES / 2, Standing::Open), now);
            kept.keep(name, &answer(MOST_BYTES / 2, Standing::Open), now);
        }
        let held = names.iter().filter(|name| kept.answer(name, now).is_some());
        assert!(held.count() <= 2);
        kept.keep(names[0], &answer(MOST_BYTES + 1, Standing::Open), now);
        assert!(kept.answer(&names[0], now).is_none());
    }
}
