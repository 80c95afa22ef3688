//! What the desk says, in both languages: time left, duties, stops, differences.

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::domain::language::Language;
use crate::domain::mandate::SigningRight;
use crate::domain::permit_type::ServiceClass;
use crate::domain::service_clock::Left;
use crate::domain::zone::{Zone, date_in_words};
use crate::http::pages::shell::say;
use crate::http::pages::view::Tone;
use crate::services::desk::{Difference, Duty, Stop};

/// Who speaks: in which language, by which clock.
#[derive(Clone, Copy, Debug)]
pub(in crate::http::console) struct Words {
    pub(in crate::http::console) language: Language,
    pub(in crate::http::console) zone: Zone,
}

/// What is left of a document's time, with its tone.
#[derive(Clone, Debug)]
pub(in crate::http::console) struct Due {
    pub(in crate::http::console) tone: Tone,
    pub(in crate::http::console) text: String,
}

/// What was done just before a page was reached, as its address says.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct Arrived {
    done: Option<String>,
}

impl Arrived {
    /// What was done, to which no address can add words of its own.
    pub(in crate::http::console) fn in_words(&self, words: Words) -> Option<String> {
        let said = match self.done.as_deref()? {
            "read" => words.say(
                "Tercatat: dokumen sebelumnya sudah Anda baca.",
                "Recorded: you have read the document before.",
            ),
            "reviewed" => words.say(
                "Paraf Anda pada dokumen sebelumnya sudah disimpan.",
                "Your review of the document before is stored.",
            ),
            "returned" => words.say(
                "Dokumen sebelumnya sudah dikembalikan kepada pengirim.",
                "The document before was returned to who sent it.",
            ),
            "rejected" => words.say(
                "Izin pada dokumen sebelumnya sudah ditolak.",
                "The permit of the document before was refused.",
            ),
            _ => return None,
        };
        Some(said.to_owned())
    }
}

impl Due {
    /// A clock while there is time; then what the tone has.
    pub(in crate::http::console) fn icon(&self) -> &'static str {
        match self.tone {
            Tone::Calm => CLOCK,
            tone => tone.icon(),
        }
    }
}

const CLOCK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2"/></svg>"#;

impl Words {
    /// One of two texts.
    pub(in crate::http::console) fn say<'a>(
        self,
        indonesian: &'a str,
        english: &'a str,
    ) -> &'a str {
        say(self.language, indonesian, english)
    }

    /// One of two texts with its `{}` filled.
    pub(in crate::http::console) fn fill(
        self,
        indonesian: &str,
        english: &str,
        value: &str,
    ) -> String {
        self.say(indonesian, english).replacen("{}", value, 1)
    }

    /// A moment in full.
    pub(in crate::http::console) fn moment(self, at: OffsetDateTime) -> String {
        self.zone.in_words(at, self.language)
    }

    /// Since when something waits, and until when it may.
    pub(in crate::http::console) fn wait(
        self,
        since: OffsetDateTime,
        until: OffsetDateTime,
    ) -> String {
        let day = |at| self.zone.date(at);
        if day(since) != day(until) {
            let (since, until) = (self.moment(since), self.moment(until));
            return match self.language {
                Language::Indonesian => format!("Sejak {since}, batas {until}"),
                Language::English => format!("Since {since}, due {until}"),
            };
        }
        let clock = |at: OffsetDateTime| {
            let here = at.to_offset(self.zone.offset());
            let point = self.say(".", ":");
            format!("{:02}{point}{:02}", here.hour(), here.minute())
        };
        let (zone, date) = (self.zone, date_in_words(day(since), self.language));
        let (since, until) = (clock(since), clock(until));
        match self.language {
            Language::Indonesian => {
                format!("{date}, sejak pukul {since}, batas pukul {until} {zone}")
            }
            Language::English => format!("{date}, since {since}, due {until} {zone}"),
        }
    }

    /// A number of documents.
    pub(in crate::http::console) fn documents(self, count: u64) -> String {
        let noun = match count {
            1 => self.say("dokumen", "document"),
            _ => self.say("dokumen", "documents"),
        };
        format!("{count} {noun}")
    }

    /// What is left, and how it looks.
    pub(in crate::http::console) fn due(self, left: Left) -> Due {
        match left {
            Left::Late(late) => Due {
                tone: Tone::Bad,
                text: self.fill("Terlambat {}", "Late by {}", &self.span(late)),
            },
            Left::Left(left) => Due {
                tone: if left < Duration::HOUR {
                    Tone::Look
                } else {
                    Tone::Calm
                },
                text: self.fill("Sisa {}", "{} left", &self.span(left)),
            },
        }
    }

    /// A span as people say it: its two greatest units at most.
    fn span(self, span: Duration) -> String {
        let (days, hours, minutes) = (
            span.whole_days(),
            span.whole_hours() % 24,
            span.whole_minutes() % 60,
        );
        if days >= 2 {
            return self.unit(days, "hari", "day");
        }
        let hours = hours + days * 24;
        if hours >= 12 || minutes == 0 && hours > 0 {
            return self.unit(hours, "jam", "hour");
        }
        if hours > 0 {
            let (hours, minutes) = (
                self.unit(hours, "jam", "hour"),
                self.unit(minutes, "menit", "minute"),
            );
            return format!("{hours} {minutes}");
        }
        if minutes > 0 {
            return self.unit(minutes, "menit", "minute");
        }
        self.say("kurang dari 1 menit", "less than 1 minute")
            .to_owned()
    }

    fn unit(self, count: i64, indonesian: &str, english: &str) -> String {
        match (self.language, count) {
            (Language::Indonesian, _) => format!("{count} {indonesian}"),
            (Language::English, 1) => format!("{count} {english}"),
            (Language::English, _) => format!("{count} {english}s"),
        }
    }

    /// How fast a permit type must be served.
    pub(in crate::http::console) fn class(self, class: ServiceClass) -> String {
        match class {
            ServiceClass::ThreeHours => self
                .say("Layanan tiga jam", "Three-hour service")
                .to_owned(),
            ServiceClass::WorkingDays(days) => self.fill(
                "Layanan {} hari kerja",
                "Service within {} working days",
                &days.to_string(),
            ),
        }
    }

    /// What is to be done.
    pub(in crate::http::console) fn duty(self, duty: &Duty) -> String {
        match duty {
            Duty::Review { tier, name } => {
                let tier = format!("{tier}, {name}");
                self.fill("Paraf tingkat {}", "Review, tier {}", &tier)
            }
            Duty::Sign { right, office } => match right {
                SigningRight::Own => self.say("Tanda tangan", "Signature").to_owned(),
                SigningRight::Mandate(mandate) => {
                    let office = format!("{} {office}", mandate.kind.prefix());
                    self.fill("Tanda tangan sebagai {}", "Signature as {}", &office)
                }
            },
        }
    }

    /// Where documents of others wait.
    pub(in crate::http::console) fn stop(self, stop: &Stop) -> String {
        match stop {
            Stop::Review { tier, name } => {
                let tier = format!("{tier}, {name}");
                self.fill("Paraf tingkat {}", "Review, tier {}", &tier)
            }
            Stop::Gates(names) => {
                let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
                self.fill("Prasyarat: {}", "Precondition: {}", &names.join(", "))
            }
            Stop::Signature { office } => self.fill("Tanda tangan {}", "Signature of {}", office),
            Stop::Finish => self
                .say(
                    "Stempel waktu dan pemeriksaan akhir",
                    "Timestamps and the final check",
                )
                .to_owned(),
        }
    }

    /// How a document differs from the last of its type.
    pub(in crate::http::console) fn difference(self, difference: &Difference) -> String {
        match difference {
            Difference::FieldAdded(name) => self.fill("Data baru: {}", "New data: {}", name),
            Difference::FieldMissing(name) => {
                self.fill("Data tidak ada lagi: {}", "Data no longer there: {}", name)
            }
            Difference::Size(then, now) => self.change(
                ("Ukuran berkas", "Size of the file"),
                &kilobytes(*then),
                &kilobytes(*now),
            ),
            Difference::Pages(then, now) => self.change(
                ("Jumlah halaman", "Number of pages"),
                &then.to_string(),
                &now.to_string(),
            ),
            Difference::Signatory(then, now) => {
                self.change(("Penandatangan", "Signatory"), then, now)
            }
            Difference::ValidUntil(true) => self
                .say(
                    "Kali ini ada batas masa berlaku",
                    "This one has a last day of validity",
                )
                .to_owned(),
            Difference::ValidUntil(false) => self
                .say(
                    "Kali ini tidak ada batas masa berlaku",
                    "This one has no last day of validity",
                )
                .to_owned(),
        }
    }

    fn change(self, what: (&str, &str), then: &str, now: &str) -> String {
        let what = self.say(what.0, what.1);
        let (was, is) = (self.say("dahulu", "was"), self.say("kini", "now"));
        format!("{what}: {was} {then}, {is} {now}")
    }
}

/// A file's length as people say it.
pub(in crate::http::console) fn kilobytes(octets: u64) -> String {
    format!("{} KB", octets.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn words(language: Language) -> Words {
        Words {
            language,
            zone: Zone::Wib,
        }
    }

    #[test]
    fn time_left_is_said_in_two_units_at_most() {
        for (minutes, indonesian, english) in [
            (0, "Sisa kurang dari 1 menit", "less than 1 minute left"),
            (1, "Sisa 1 menit", "1 minute left"),
            (60, "Sisa 1 jam", "1 hour left"),
            (80, "Sisa 1 jam 20 menit", "1 hour 20 minutes left"),
            (26 * 60 + 5, "Sisa 26 jam", "26 hours left"),
            (3 * 24 * 60 + 5, "Sisa 3 hari", "3 days left"),
        ] {
            let left = Left::Left(Duration::minutes(minutes));
            assert_eq!(words(Language::Indonesian).due(left).text, indonesian);
            assert_eq!(words(Language::English).due(left).text, english);
        }
        let late = words(Language::Indonesian).due(Left::Late(Duration::minutes(61)));
        assert_eq!(
            (late.text.as_str(), late.tone),
            ("Terlambat 1 jam 1 menit", Tone::Bad)
        );
    }

    #[test]
    fn a_wait_within_a_day_names_the_day_once() {
        let since = datetime!(2026-11-22 11:03 UTC);
        let within = words(Language::Indonesian).wait(since, since + Duration::hours(3));
        let expected = "22 November 2026, sejak pukul 18.03, batas pukul 21.03 WIB";
        assert_eq!(within, expected);
        let across = words(Language::English).wait(since, since + Duration::DAY);
        let expected = "Since 22 November 2026 at 18:03 WIB, due 23 November 2026 at 18:03 WIB";
        assert_eq!(across, expected);
    }

    #[test]
    fn the_last_hour_looks_different() {
        let tone = |minutes| {
            let left = Left::Left(Duration::minutes(minutes));
            words(Language::Indonesian).due(left).tone
        };
        assert_eq!(tone(59), Tone::Look);
        assert_eq!(tone(60), Tone::Calm);
    }
}
