//! Dates (ISO 32000-2, 7.9.4): `D:YYYYMMDDHHmmSSOHH'mm`.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads a date. Every part after the year may be missing; without a zone it is
/// taken for UTC. `None` where a part is out of range or something follows.
#[must_use]
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    let mut rest = text.strip_prefix("D:").unwrap_or(text);
    let year = digits(&mut rest, 4)??;
    let month = digits(&mut rest, 2)?.unwrap_or(1);
    let day = digits(&mut rest, 2)?.unwrap_or(1);
    let hour = digits(&mut rest, 2)?.unwrap_or(0);
    let minute = digits(&mut rest, 2)?.unwrap_or(0);
    let second = digits(&mut rest, 2)?.unwrap_or(0);
    let narrow = |value: i32| u8::try_from(value).ok();
    let month = Month::try_from(narrow(month)?).ok()?;
    let date = Date::from_calendar_date(year, month, narrow(day)?).ok()?;
    let time = Time::from_hms(narrow(hour)?, narrow(minute)?, narrow(second)?).ok()?;
    let local = PrimitiveDateTime::new(date, time).assume_offset(offset(rest)?);
    Some(local.to_offset(UtcOffset::UTC))
}

/// Takes `count` digits: `None` where they are malformed, `Some(None)` where the
/// date has ended or the zone begins.
fn digits(rest: &mut &str, count: usize) -> Option<Option<i32>> {
    if rest.is_empty() || rest.starts_with(['+', '-', 'Z']) {
        return Some(None);
    }
    let (digits, tail) = rest.split_at_checked(count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = tail;
    digits.parse().ok().map(Some)
}

/// Reads `Z`, `+HH'mm`, `-HH'mm'` or nothing.
fn offset(text: &str) -> Option<UtcOffset> {
    let (sign, rest) = match text.split_at_checked(1) {
        None => return Some(UtcOffset::UTC),
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(("Z", "" | "00'00'" | "00'00")) => return Some(UtcOffset::UTC),
        Some(_) => return None,
    };
    let figures = rest.replace('\'', "");
    let mut rest = figures.as_str();
    let hours = i8::try_from(digits(&mut rest, 2)??).ok()?;
    let minutes = i8::try_from(digits(&mut rest, 2)?.unwrap_or(0)).ok()?;
    let whole = rest.is_empty() && minutes < 60;
    UtcOffset::from_hms(sign * hours, sign * minutes, 0)
        .ok()
        .filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn forms_of_dates() {
        let noon = datetime!(2026-11-22 12:00:00 UTC);
        for text in [
            "D:20261122120000Z",
            "D:20261122120000+00'00'",
            "D:20261122200000+08'00",
            "D:20261122070000-05'00'",
            "20261122120000",
            "D:2026112212",
        ] {
            assert_eq!(parse(text), Some(noon), "{text}");
        }
        assert_eq!(parse("D:2026"), Some(datetime!(2026-01-01 00:00 UTC)));
        for bad in [
            "",
            "D:",
            "D:202",
            "D:20261301",
            "D:20261122120000+9",
            "D:20261122120000X",
            "D:2026é",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
