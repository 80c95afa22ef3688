//! Indonesia's three time zones, and times and dates as people there write them.
//! Times are kept in UTC; a zone decides only what is shown and which day it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, UtcOffset};

use super::language::Language;

/// The zone of an office (Keputusan Presiden 41/1987). None has summer time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Zone {
    /// Waktu Indonesia Barat, UTC+7.
    #[default]
    Wib,
    /// Waktu Indonesia Tengah, UTC+8.
    Wita,
    /// Waktu Indonesia Timur, UTC+9.
    Wit,
}

/// A text that names no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a zone is WIB, WITA or WIT")]
pub struct ZoneError;

impl Zone {
    /// How far it is ahead of UTC.
    #[must_use]
    pub fn offset(self) -> UtcOffset {
        let hours = match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        };
        UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC)
    }

    /// The abbreviation that is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// Which day it is here.
    #[must_use]
    pub fn date(self, at: OffsetDateTime) -> Date {
        at.to_offset(self.offset()).date()
    }

    /// A moment in full: "22 November 2026 pukul 09.14 WIB".
    #[must_use]
    pub fn in_words(self, at: OffsetDateTime, language: Language) -> String {
        let here = at.to_offset(self.offset());
        let date = date_in_words(here.date(), language);
        let (hour, minute, zone) = (here.hour(), here.minute(), self.name());
        match language {
            Language::Indonesian => format!("{date} pukul {hour:02}.{minute:02} {zone}"),
            Language::English => format!("{date} at {hour:02}:{minute:02} {zone}"),
        }
    }
}

/// A day in full: "22 November 2026".
#[must_use]
pub fn date_in_words(date: Date, language: Language) -> String {
    let month = match language {
        Language::Indonesian => indonesian(date.month()).to_owned(),
        Language::English => date.month().to_string(),
    };
    format!("{} {month} {}", date.day(), date.year())
}

fn indonesian(month: Month) -> &'static str {
    match month {
        Month::January => "Januari",
        Month::February => "Februari",
        Month::March => "Maret",
        Month::April => "April",
        Month::May => "Mei",
        Month::June => "Juni",
        Month::July => "Juli",
        Month::August => "Agustus",
        Month::September => "September",
        Month::October => "Oktober",
        Month::November => "November",
        Month::December => "Desember",
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        match text {
            "WIB" => Ok(Self::Wib),
            "WITA" => Ok(Self::Wita),
            "WIT" => Ok(Self::Wit),
            _ => Err(ZoneError),
        }
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_written_as_indonesians_write_them() {
        let at = datetime!(2026-08-22 17:30 UTC);
        let indonesian = |zone: Zone| zone.in_words(at, Language::Indonesian);
        assert_eq!(indonesian(Zone::Wib), "23 Agustus 2026 pukul 00.30 WIB");
        assert_eq!(indonesian(Zone::Wita), "23 Agustus 2026 pukul 01.30 WITA");
        assert_eq!(
            Zone::Wit.in_words(at, Language::English),
            "23 August 2026 at 02:30 WIT"
        );
    }

    #[test]
    fn only_the_three_zones_are_known() {
        for zone in [Zone::Wib, Zone::Wita, Zone::Wit] {
            assert_eq!(zone.to_string().parse(), Ok(zone));
        }
        for text in ["", "wib", "CET", "UTC"] {
            assert_eq!(text.parse::<Zone>(), Err(ZoneError), "{text}");
        }
    }
}
