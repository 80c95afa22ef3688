//! UTCTime and GeneralizedTime as RFC 5280 4.1.2.5 and RFC 3161 2.4.2 restrict them:
//! seconds always present, `Z` always last; a fraction in GeneralizedTime is read.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{Asn1Error, Tag, write};

/// `YYMMDDHHMMSSZ`; years 50 to 99 are of the last century (RFC 5280 4.1.2.5.1).
pub fn parse_utc(content: &[u8]) -> Result<OffsetDateTime, Asn1Error> {
    let (year, rest) = content.split_at_checked(2).ok_or(INVALID)?;
    let year = number(year)?;
    let century = if year >= 50 { 1900 } else { 2000 };
    let (instant, rest) = month_to_second(century + year, rest)?;
    ends_in_z(rest)?;
    Ok(instant)
}

/// `YYYYMMDDHHMMSS[.f+]Z`; digits beyond nanoseconds are dropped.
pub fn parse_generalized(content: &[u8]) -> Result<OffsetDateTime, Asn1Error> {
    let (year, rest) = content.split_at_checked(4).ok_or(INVALID)?;
    let (instant, rest) = month_to_second(number(year)?, rest)?;
    let (nanoseconds, rest) = fraction(rest)?;
    ends_in_z(rest)?;
    instant.replace_nanosecond(nanoseconds).map_err(|_| INVALID)
}

/// A GeneralizedTime in DER; a fraction is kept, to the millisecond, without trailing zeros.
pub fn generalized(instant: OffsetDateTime) -> Vec<u8> {
    let at = instant.to_offset(UtcOffset::UTC);
    let mut text = format!("{:04}{}", at.year(), month_to_second_text(at));
    if at.millisecond() != 0 {
        let fraction = format!(".{:03}", at.millisecond());
        text.push_str(fraction.trim_end_matches('0'));
    }
    text.push('Z');
    write::tlv(Tag::GENERALIZED_TIME, text.as_bytes())
}

/// A `Time` of RFC 5280: UTCTime until 2049, GeneralizedTime from 2050, whole seconds.
pub fn rfc5280(instant: OffsetDateTime) -> Vec<u8> {
    let at = instant.to_offset(UtcOffset::UTC);
    let tail = month_to_second_text(at);
    if (1950..2050).contains(&at.year()) {
        let text = format!("{:02}{tail}Z", at.year().rem_euclid(100));
        write::tlv(Tag::UTC_TIME, text.as_bytes())
    } else {
        write::tlv(
            Tag::GENERALIZED_TIME,
            format!("{:04}{tail}Z", at.year()).as_bytes(),
        )
    }
}

const INVALID: Asn1Error = Asn1Error::Value("time");

fn month_to_second_text(at: OffsetDateTime) -> String {
    format!(
        "{:02}{:02}{:02}{:02}{:02}",
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn month_to_second(year: u16, content: &[u8]) -> Result<(OffsetDateTime, &[u8]), Asn1Error> {
    let (month, rest) = two_digits(content)?;
    let (day, rest) = two_digits(rest)?;
    let (hour, rest) = two_digits(rest)?;
    let (minute, rest) = two_digits(rest)?;
    let (second, rest) = two_digits(rest)?;
    let month = Month::try_from(month).map_err(|_| INVALID)?;
    let date = Date::from_calendar_date(i32::from(year), month, day).map_err(|_| INVALID)?;
    let time = Time::from_hms(hour, minute, second).map_err(|_| INVALID)?;
    Ok((PrimitiveDateTime::new(date, time).assume_utc(), rest))
}

fn two_digits(content: &[u8]) -> Result<(u8, &[u8]), Asn1Error> {
    let (digits, rest) = content.split_at_checked(2).ok_or(INVALID)?;
    let value = u8::try_from(number(digits)?).map_err(|_| INVALID)?;
    Ok((value, rest))
}

/// At most four digits.
fn number(digits: &[u8]) -> Result<u16, Asn1Error> {
    digits.iter().try_fold(0u16, |value, digit| {
        if !digit.is_ascii_digit() {
            return Err(INVALID);
        }
        value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u16::from(digit - b'0')))
            .ok_or(INVALID)
    })
}

fn fraction(content: &[u8]) -> Result<(u32, &[u8]), Asn1Error> {
    let Some((b'.', rest)) = content.split_first() else {
        return Ok((0, content));
    };
    let count = rest
        .iter()
        .take_while(|octet| octet.is_ascii_digit())
        .count();
    let (digits, rest) = rest.split_at_checked(count).ok_or(INVALID)?;
    if digits.is_empty() {
        return Err(INVALID);
    }
    let padded = digits
        .iter()
        .copied()
        .chain(std::iter::repeat(b'0'))
        .take(9);
    let nanoseconds = padded.fold(0u32, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(u32::from(digit - b'0'))
    });
    Ok((nanoseconds, rest))
}

fn ends_in_z(rest: &[u8]) -> Result<(), Asn1Error> {
    if rest == b"Z" { Ok(()) } else { Err(INVALID) }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn reads_both_forms_and_fractions() {
        assert_eq!(
            parse_utc(b"500101000000Z"),
            Ok(datetime!(1950-01-01 0:00 UTC))
        );
        assert_eq!(
            parse_utc(b"491231235959Z"),
            Ok(datetime!(2049-12-31 23:59:59 UTC))
        );
        assert_eq!(
            parse_generalized(b"20261122034900.25Z"),
            Ok(datetime!(2026-11-22 3:49:00.25 UTC))
        );
        assert_eq!(
            parse_generalized(b"20261122034900.12345678999Z"),
            Ok(datetime!(2026-11-22 3:49:00.123456789 UTC))
        );
    }

    #[test]
    fn refuses_other_forms() {
        for text in [
            "2026112203490Z",
            "20261122034900",
            "20261122034900+0700",
            "20261322034900Z",
            "20261122034900.Z",
            "2026112203490aZ",
            "",
        ] {
            assert!(parse_generalized(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse_utc(b"2611220349Z").is_err());
    }

    #[test]
    fn writes_der_that_reads_back() {
        let at = datetime!(2026-11-22 3:49:07.120 UTC);
        assert_eq!(generalized(at), b"\x18\x1220261122034907.12Z");
        assert_eq!(rfc5280(at), b"\x17\x0d261122034907Z");
        assert_eq!(
            rfc5280(datetime!(2050-01-01 0:00 UTC)),
            b"\x18\x0f20500101000000Z"
        );
        assert_eq!(
            generalized(datetime!(2026-11-22 10:49 +7)),
            b"\x18\x0f20261122034900Z"
        );
    }
}
