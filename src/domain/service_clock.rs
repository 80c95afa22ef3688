//! The service-level clock: by when a permit must be issued, counted from its
//! submission (Bogor 15/2019, pasal 11(4) and 22-24).
//!
//! Three hours are three hours by the clock. Working days are Monday to Friday in the
//! office's zone, the day of submission not counted; the last one ends at midnight. Public
//! holidays, collective leave and the clock's pauses (Metro 27/2020, pasal 29) are not
//! known here: a deadline is never later than this says, and may be earlier than the law's.

use time::{Date, Duration, OffsetDateTime, Time, Weekday};

use super::permit_type::ServiceClass;
use super::zone::Zone;

const THREE_HOURS: Duration = Duration::hours(3);

/// When a permit is due, seen from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// So long still.
    Left(Duration),
    /// It was due so long ago.
    Late(Duration),
}

impl ServiceClass {
    /// The last moment that is in time.
    #[must_use]
    pub fn deadline(self, submitted: OffsetDateTime, zone: Zone) -> OffsetDateTime {
        match self {
            Self::ThreeHours => submitted.saturating_add(THREE_HOURS),
            Self::WorkingDays(days) => end_of_day(after(zone.date(submitted), days), zone),
        }
    }
}

impl Left {
    /// What is left until a deadline.
    #[must_use]
    pub fn of(deadline: OffsetDateTime, now: OffsetDateTime) -> Self {
        let left = deadline - now;
        if left.is_negative() {
            Self::Late(left.abs())
        } else {
            Self::Left(left)
        }
    }

    /// Whether the deadline has passed.
    #[must_use]
    pub fn is_late(self) -> bool {
        matches!(self, Self::Late(_))
    }
}

/// The n-th working day after a day.
fn after(day: Date, days: u16) -> Date {
    let mut at = day;
    let mut counted = 0;
    while counted < days {
        let Some(next) = at.next_day() else {
            return at;
        };
        at = next;
        if !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday) {
            counted += 1;
        }
    }
    at
}

fn end_of_day(day: Date, zone: Zone) -> OffsetDateTime {
    let next = day.next_day().unwrap_or(day);
    next.with_time(Time::MIDNIGHT)
        .assume_offset(zone.offset())
        .saturating_sub(Duration::SECOND)
        .to_offset(time::UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn three_hours_run_by_the_clock() {
        let submitted = datetime!(2026-11-20 22:30 UTC);
        let deadline = ServiceClass::ThreeHours.deadline(submitted, Zone::Wib);
        assert_eq!(deadline, datetime!(2026-11-21 01:30 UTC));
    }

    #[test]
    fn working_days_leave_out_weekends_and_end_at_the_offices_midnight() {
        let days = |days, submitted| ServiceClass::WorkingDays(days).deadline(submitted, Zone::Wit);
        // Friday 20 November, 23.30 WIT.
        let friday = datetime!(2026-11-20 14:30 UTC);
        assert_eq!(days(1, friday), datetime!(2026-11-23 14:59:59 UTC));
        assert_eq!(days(5, friday), datetime!(2026-11-27 14:59:59 UTC));
        assert_eq!(days(6, friday), datetime!(2026-11-30 14:59:59 UTC));
        // An hour later it is Saturday at the office.
        let saturday = datetime!(2026-11-20 15:30 UTC);
        assert_eq!(days(1, saturday), datetime!(2026-11-23 14:59:59 UTC));
        assert_eq!(days(0, friday), datetime!(2026-11-20 14:59:59 UTC));
    }

    #[test]
    fn the_last_moment_is_in_time() {
        let deadline = datetime!(2026-11-20 10:00 UTC);
        assert_eq!(Left::of(deadline, deadline), Left::Left(Duration::ZERO));
        let late = Left::of(deadline, deadline + Duration::SECOND);
        assert_eq!(late, Left::Late(Duration::SECOND));
        assert!(late.is_late());
    }
}
