//! The verdicts in words, and what a person can do next.

use crate::cli::terminal::Tone;
use crate::domain::language::Language;
use crate::kernel::validation::{FindingCode, Report, Verdict};

/// The text of a language.
pub(in crate::cli::verify) fn of<'t>(
    language: Language,
    indonesian: &'t str,
    english: &'t str,
) -> &'t str {
    match language {
        Language::Indonesian => indonesian,
        Language::English => english,
    }
}

/// The word, the sentence and the tone of a verdict.
pub(super) fn verdict(verdict: Verdict, language: Language) -> (&'static str, &'static str, Tone) {
    let tone = match verdict {
        Verdict::Authentic | Verdict::UnknownValid => Tone::Green,
        Verdict::Altered | Verdict::Invalid => Tone::Red,
        _ => Tone::Amber,
    };
    let (word, sentence) = match language {
        Language::Indonesian => in_indonesian(verdict),
        Language::English => in_english(verdict),
    };
    (word, sentence, tone)
}

const fn in_indonesian(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Authentic => (
            "ASLI DAN BERLAKU",
            "Berkas ini sama persis dengan yang diterbitkan, dan izinnya masih berlaku.",
        ),
        Verdict::AuthenticNotInForce => (
            "ASLI, TIDAK BERLAKU",
            "Berkas ini asli, tetapi izinnya tidak berlaku.",
        ),
        Verdict::Altered => (
            "TELAH DIUBAH",
            "Berkas ini berasal dari dokumen kantor, tetapi isinya tidak lagi sama.",
        ),
        Verdict::UnknownValid => (
            "TANDA TANGAN SAH",
            "Tanda tangannya sah. Apakah kantor menerbitkannya tidak diperiksa di sini.",
        ),
        Verdict::Invalid => (
            "TIDAK SAH",
            "Tanda tangan pada berkas ini tidak dapat dipertanggungjawabkan.",
        ),
        Verdict::Unsigned => (
            "TANPA TANDA TANGAN",
            "Berkas ini tidak memuat tanda tangan elektronik.",
        ),
        Verdict::Indeterminate => (
            "BELUM DAPAT DIPASTIKAN",
            "Berkas ini belum dapat dinyatakan sah atau tidak sah.",
        ),
    }
}

const fn in_english(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Authentic => (
            "AUTHENTIC AND IN FORCE",
            "This file is exactly what was issued, and the permit is in force.",
        ),
        Verdict::AuthenticNotInForce => (
            "AUTHENTIC, NOT IN FORCE",
            "This file is authentic, but the permit is not in force.",
        ),
        Verdict::Altered => (
            "ALTERED",
            "This file derives from a document of the office, but is no longer the same.",
        ),
        Verdict::UnknownValid => (
            "SIGNATURE VALID",
            "The signature holds. Whether the office issued it is not checked here.",
        ),
        Verdict::Invalid => ("NOT VALID", "The signature on this file does not hold."),
        Verdict::Unsigned => ("NOT SIGNED", "This file carries no electronic signature."),
        Verdict::Indeterminate => (
            "CANNOT BE DECIDED YET",
            "This file cannot be called valid or not valid yet.",
        ),
    }
}

/// What to do with a file that is not simply good.
pub(super) fn advice(report: &Report, language: Language) -> Option<&'static str> {
    use FindingCode as C;
    let (indonesian, english) = match report.verdict {
        Verdict::Authentic => return None,
        Verdict::UnknownValid => (
            "Untuk memastikan izinnya, pindai kode QR-nya atau tanyakan kepada kantor penerbit.",
            "To be sure of the permit, scan its QR code or ask the office that issued it.",
        ),
        Verdict::AuthenticNotInForce => (
            "Tanyakan keadaan izin ini kepada kantor penerbit.",
            "Ask the office how the permit stands.",
        ),
        Verdict::Altered | Verdict::Invalid => (
            "Jangan gunakan berkas ini. Mintalah berkas aslinya dari penerbit.",
            "Do not use this file. Ask the issuer for the original.",
        ),
        Verdict::Unsigned => (
            "Jika seharusnya bertanda tangan, mintalah berkas aslinya dari penerbit.",
            "If it should be signed, ask the issuer for the original.",
        ),
        Verdict::Indeterminate if report.has(C::ChainNotFound) => (
            "Penerbit sertifikatnya belum dikenal di sini. Jika Anda mempercayainya, \
             berikan sertifikatnya dengan --trust.",
            "The issuer of the certificate is not known here. If you trust it, give its \
             certificate with --trust.",
        ),
        Verdict::Indeterminate
            if report.has(C::RevocationMissing) || report.has(C::RevocationStale) =>
        {
            (
                "Berikan keterangan pencabutan yang baru dengan --crl atau --ocsp, atau \
                 coba lagi nanti.",
                "Give newer revocation information with --crl or --ocsp, or try again later.",
            )
        }
        Verdict::Indeterminate => (
            "Mintalah berkas aslinya dari penerbit, lalu periksa lagi.",
            "Ask the issuer for the original, then check again.",
        ),
    };
    Some(of(language, indonesian, english))
}
