//! What the verdicts say, in both languages: a heading of one to four words and one
//! sentence without jargon. The only place where verdicts get words.

use time::OffsetDateTime;

use super::shell::say;
use super::view::{Banner, Tone};
use crate::domain::document::PermitStatus;
use crate::domain::language::Language;
use crate::domain::zone::Zone;
use crate::kernel::validation::Verdict;

/// Who speaks, to whom.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// The reader's language.
    pub language: Language,
    /// The office that answers.
    pub office: &'a str,
    /// The zone its times are shown in.
    pub zone: Zone,
}

/// What was asked about, and the answer.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// A code or a hash alone: the record says how the permit stands.
    Registered(Standing<'a>),
    /// A code whose document is on its way.
    NotIssued,
    /// A code whose document was returned or refused.
    NeverIssued,
    /// A code that was never given out.
    UnknownCode,
    /// A file.
    File {
        /// The verdict.
        verdict: Verdict,
        /// How the permit stands, where it is ours.
        standing: Standing<'a>,
        /// Why the verdict is not better, in the reader's words.
        reason: Option<&'a str>,
    },
}

/// How a permit stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// In force or not.
    pub status: PermitStatus,
    /// Since when.
    pub since: Option<OffsetDateTime>,
    /// Why.
    pub reason: Option<&'a str>,
}

impl Voice<'_> {
    /// The banner of an answer.
    #[must_use]
    pub fn banner(&self, answer: &Answer<'_>) -> Banner {
        match answer {
            Answer::Registered(standing) if standing.status == PermitStatus::Active => {
                self.registered()
            }
            Answer::Registered(standing) => self.not_in_force(
                (
                    "Terdaftar, tetapi tidak berlaku",
                    "Registered, but not in force",
                ),
                standing,
            ),
            Answer::NotIssued => self.not_issued(),
            Answer::NeverIssued => self.never_issued(),
            Answer::UnknownCode => self.unknown_code(),
            Answer::File {
                verdict,
                standing,
                reason,
            } => self.file(*verdict, standing, *reason),
        }
    }

    /// One of two texts.
    #[must_use]
    pub fn say<'t>(&self, indonesian: &'t str, english: &'t str) -> &'t str {
        say(self.language, indonesian, english)
    }

    fn plain(&self, tone: Tone, heading: (&str, &str), sentence: (&str, &str)) -> Banner {
        let sentence = self.say(sentence.0, sentence.1);
        Banner {
            tone,
            heading: self.say(heading.0, heading.1).to_owned(),
            sentence: sentence.replace("{office}", self.office),
            next_step: None,
        }
    }

    fn registered(&self) -> Banner {
        self.plain(
            Tone::Good,
            ("Terdaftar dan berlaku", "Registered and in force"),
            (
                "Kode ini milik dokumen yang diterbitkan {office}. Cocokkan isinya dengan cetakan Anda.",
                "This code belongs to a document issued by {office}. Compare it with your copy.",
            ),
        )
    }

    fn not_issued(&self) -> Banner {
        self.plain(
            Tone::Calm,
            ("Belum diterbitkan", "Not issued yet"),
            (
                "Kode ini sudah dipesan, tetapi dokumennya belum ditandatangani.",
                "This code is reserved, but its document has not been signed.",
            ),
        )
    }

    fn never_issued(&self) -> Banner {
        self.plain(
            Tone::Bad,
            ("Tidak diterbitkan", "Never issued"),
            (
                "Kode ini pernah dipesan, tetapi dokumennya tidak pernah ditandatangani. Jangan digunakan.",
                "This code was once reserved, but its document was never signed. Do not use it.",
            ),
        )
    }

    fn unknown_code(&self) -> Banner {
        let mut banner = self.plain(
            Tone::Bad,
            ("Kode tidak dikenal", "Unknown code"),
            (
                "{office} tidak pernah memberikan kode ini pada dokumen apa pun.",
                "{office} has never given this code to any document.",
            ),
        );
        let next_step = self.say(
            "Bila kode QR pada dokumen membawa Anda ke sini, dokumen itu bukan dari kami. Bila Anda mengetiknya, periksa lagi ketikannya.",
            "If a QR code on a document brought you here, that document is not ours. If you typed the code, check it once more.",
        );
        banner.next_step = Some(next_step.to_owned());
        banner
    }

    fn file(&self, verdict: Verdict, standing: &Standing<'_>, reason: Option<&str>) -> Banner {
        match verdict {
            Verdict::Authentic => self.plain(
                Tone::Good,
                ("Asli dan berlaku", "Authentic and in force"),
                (
                    "Dokumen ini sama persis dengan yang diterbitkan {office}, dan izinnya masih berlaku.",
                    "This document is exactly what {office} issued, and the permit is in force.",
                ),
            ),
            Verdict::AuthenticNotInForce => self.not_in_force(
                ("Asli, tetapi tidak berlaku", "Authentic, but not in force"),
                standing,
            ),
            Verdict::Altered => self.plain(
                Tone::Bad,
                ("Telah diubah", "Altered"),
                (
                    "Berkas ini berasal dari dokumen kami, tetapi isinya tidak lagi sama. Jangan digunakan.",
                    "This file comes from a document of ours, but it is no longer the same. Do not use it.",
                ),
            ),
            Verdict::UnknownValid => self.plain(
                Tone::Look,
                ("Bukan dari kami", "Not ours"),
                (
                    "Tanda tangannya sah, tetapi dokumen ini tidak tercatat di {office}.",
                    "Its signature is valid, but {office} has no record of this document.",
                ),
            ),
            Verdict::Unsigned => self.plain(
                Tone::Look,
                ("Tanpa tanda tangan elektronik", "Not signed"),
                (
                    "Berkas ini tidak ditandatangani, atau tanda tangannya dihapus.",
                    "This file bears no electronic signature, or it was removed.",
                ),
            ),
            Verdict::Invalid => self.invalid(reason),
            Verdict::Indeterminate => self.indeterminate(reason),
        }
    }

    fn invalid(&self, reason: Option<&str>) -> Banner {
        let mut banner = self.plain(Tone::Bad, ("Tidak sah", "Not valid"), ("", ""));
        let reason = reason
            .map(|reason| format!(": {}", lower_first(reason)))
            .unwrap_or_default();
        let sentence = self.say(
            "Tanda tangan pada berkas ini tidak dapat dipertanggungjawabkan",
            "The signature on this file cannot be relied on",
        );
        banner.sentence = format!("{sentence}{reason}.");
        banner
    }

    fn indeterminate(&self, reason: Option<&str>) -> Banner {
        let missing = reason
            .unwrap_or_else(|| self.say("Ada keterangan yang kurang", "Something is missing"));
        let then = self.say(
            "Coba lagi nanti atau hubungi {office}.",
            "Try again later, or ask {office}.",
        );
        let mut banner = self.plain(
            Tone::Calm,
            ("Belum dapat dipastikan", "Cannot be decided yet"),
            ("", ""),
        );
        banner.sentence = format!("{missing}. {}", then.replace("{office}", self.office));
        banner
    }

    fn not_in_force(&self, heading: (&str, &str), standing: &Standing<'_>) -> Banner {
        let happened = match standing.status {
            // Said of a permit that stands only if its status changed under way.
            PermitStatus::Active => ("tidak berlaku", "was not in force"),
            PermitStatus::Suspended => ("ditangguhkan", "was suspended"),
            PermitStatus::Superseded => (
                "diganti dengan dokumen lain",
                "was superseded by another document",
            ),
            PermitStatus::Cancelled => ("dibatalkan", "was cancelled"),
            PermitStatus::Expired => ("berakhir", "expired"),
        };
        let mut banner = self.plain(Tone::Look, heading, ("", ""));
        let mut sentence = format!(
            "{} {}",
            self.say("Izin ini", "This permit"),
            self.say(happened.0, happened.1)
        );
        if let Some(since) = standing.since {
            let date = crate::domain::zone::date_in_words(self.zone.date(since), self.language);
            sentence.push_str(&format!(" {} {date}", self.say("pada", "on")));
        }
        if let Some(reason) = standing.reason {
            sentence.push_str(&format!(": {}", reason.trim_end_matches('.')));
        }
        banner.sentence = format!("{sentence}.");
        banner
    }
}

/// A finding's sentence inside another one; names keep their capitals.
fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const ACTIVE: Standing<'_> = Standing {
        status: PermitStatus::Active,
        since: None,
        reason: None,
    };

    fn voice(language: Language) -> Voice<'static> {
        Voice {
            language,
            office: "DPMPTSP Contoh",
            zone: Zone::Wib,
        }
    }

    fn both(answer: &Answer<'_>) -> [Banner; 2] {
        [Language::Indonesian, Language::English].map(|language| voice(language).banner(answer))
    }

    #[test]
    fn a_cancelled_permit_says_when_and_why() {
        let standing = Standing {
            status: PermitStatus::Cancelled,
            since: Some(datetime!(2026-11-22 17:30 UTC)),
            reason: Some("data pemohon tidak benar."),
        };
        let [indonesian, english] = both(&Answer::Registered(standing));
        assert_eq!(
            indonesian.sentence,
            "Izin ini dibatalkan pada 23 November 2026: data pemohon tidak benar."
        );
        assert!(
            english
                .sentence
                .starts_with("This permit was cancelled on 23 November 2026")
        );
        assert_eq!(indonesian.tone, Tone::Look);
    }

    #[test]
    fn a_reason_becomes_part_of_the_sentence() {
        let answer = Answer::File {
            verdict: Verdict::Invalid,
            standing: ACTIVE,
            reason: Some("The signed bytes were changed"),
        };
        let [_, english] = both(&answer);
        assert_eq!(
            english.sentence,
            "The signature on this file cannot be relied on: the signed bytes were changed."
        );
        assert_eq!(lower_first("CMS tidak terbaca"), "CMS tidak terbaca");
    }

    #[test]
    fn only_what_is_in_force_is_green() {
        for verdict in [
            Verdict::AuthenticNotInForce,
            Verdict::Altered,
            Verdict::UnknownValid,
            Verdict::Invalid,
            Verdict::Unsigned,
            Verdict::Indeterminate,
        ] {
            let answer = Answer::File {
                verdict,
                standing: ACTIVE,
                reason: None,
            };
            for banner in both(&answer) {
                assert_ne!(banner.tone, Tone::Good, "{verdict:?}");
                assert!(!banner.sentence.contains('{') && banner.sentence.ends_with('.'));
            }
        }
        for answer in [Answer::NotIssued, Answer::NeverIssued, Answer::UnknownCode] {
            assert!(both(&answer).iter().all(|banner| banner.tone != Tone::Good));
        }
        assert_eq!(both(&Answer::Registered(ACTIVE))[0].tone, Tone::Good);
    }
}
