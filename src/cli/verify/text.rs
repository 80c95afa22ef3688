//! The answer in words: the verdict, why, and the details.

use crate::cli::terminal::{Tone, toned};
use crate::domain::language::Language;
use crate::domain::zone::Zone;
use crate::kernel::validation::report::{SignatureKind, SignatureReport, TimestampReport};
use crate::kernel::validation::{Finding, Indication, Report, Severity, Status, Verdict};

/// The whole answer.
pub(super) fn describe(report: &Report, language: Language, verbose: bool) -> String {
    let (word, sentence, tone) = verdict(report.verdict, language);
    let mut out = format!("{}  {sentence}\n", toned(tone, word));
    if !report.verdict.is_good()
        && let Some(reason) = report.reason()
    {
        out.push_str(&format!("{}\n", message(reason, language)));
    }
    for signature in &report.signatures {
        describe_signature(&mut out, signature, language, verbose);
    }
    let findings = report.findings.iter();
    findings.for_each(|finding| describe_finding(&mut out, finding, language, verbose, ""));
    if verbose {
        out.push_str(&format!("SHA-256  {}\n", report.sha256));
        out.push_str(&format!(
            "{}  {}\n",
            of(language, "Kebijakan", "Policy"),
            report.policy
        ));
    } else {
        let hint = of(language, "Rincian: --verbose", "Details: --verbose");
        out.push_str(&format!("{}\n", toned(Tone::Dim, hint)));
    }
    out
}

fn of<'t>(language: Language, indonesian: &'t str, english: &'t str) -> &'t str {
    match language {
        Language::Indonesian => indonesian,
        Language::English => english,
    }
}

/// The word, the sentence and the tone of a verdict.
fn verdict(verdict: Verdict, language: Language) -> (&'static str, &'static str, Tone) {
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
            "Berkas ini berasal dari dokumen kantor, tetapi isinya tidak lagi sama. Jangan digunakan.",
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
            "Berkas ini tidak ditandatangani, atau tanda tangannya dihapus.",
        ),
        Verdict::Indeterminate => (
            "BELUM DAPAT DIPASTIKAN",
            "Yang ada belum cukup untuk memastikan.",
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
            "This file derives from a document of the office, but is no longer the same. Do not use it.",
        ),
        Verdict::UnknownValid => (
            "SIGNATURE VALID",
            "The signature holds. Whether the office issued it is not checked here.",
        ),
        Verdict::Invalid => ("NOT VALID", "The signature on this file does not hold."),
        Verdict::Unsigned => (
            "NOT SIGNED",
            "This file is not signed, or its signature was removed.",
        ),
        Verdict::Indeterminate => (
            "CANNOT BE DECIDED YET",
            "What is at hand does not decide it.",
        ),
    }
}

fn describe_signature(
    out: &mut String,
    signature: &SignatureReport,
    language: Language,
    verbose: bool,
) {
    let what = match signature.kind {
        SignatureKind::Signature => of(language, "Tanda tangan", "Signature"),
        SignatureKind::DocumentTimestamp => {
            of(language, "Stempel waktu dokumen", "Document time-stamp")
        }
    };
    let name = signature.signer.as_ref().map_or("?", |signer| &signer.name);
    let (mark, tone) = match signature.indication {
        Indication::TotalPassed => ("✓", Tone::Green),
        Indication::TotalFailed => ("✗", Tone::Red),
        Indication::Indeterminate => ("?", Tone::Amber),
    };
    let field = signature.field.as_deref().unwrap_or("?");
    let level = signature
        .level
        .map_or(String::new(), |level| format!(", {level}"));
    out.push_str(&format!(
        "\n{} {what} {field}: {name}{level}\n",
        toned(tone, mark)
    ));
    describe_time(out, signature, language);
    let findings = signature.findings.iter();
    findings.for_each(|finding| describe_finding(out, finding, language, verbose, "    "));
    if verbose {
        describe_details(out, signature, language);
    }
}

/// When, and who says so.
fn describe_time(out: &mut String, signature: &SignatureReport, language: Language) {
    let line = match (signature.best_signature_time, signature.signing_time) {
        (Some(proven), _) => {
            let label = of(language, "terbukti ada pada", "proven to exist at");
            format!("{label} {}", Zone::Wib.in_words(proven, language))
        }
        (None, Some(claimed)) => {
            let label = of(
                language,
                "waktu menurut penandatangan:",
                "time as the signer says:",
            );
            format!("{label} {}", Zone::Wib.in_words(claimed, language))
        }
        (None, None) => return,
    };
    out.push_str(&format!("    {line}\n"));
}

fn describe_finding(
    out: &mut String,
    finding: &Finding,
    language: Language,
    verbose: bool,
    indent: &str,
) {
    if !verbose && finding.severity() == Severity::Info {
        return;
    }
    let (mark, tone) = match finding.severity() {
        Severity::Error => ("✗", Tone::Red),
        Severity::Warning => ("!", Tone::Amber),
        Severity::Info => ("·", Tone::Dim),
    };
    let text = finding.code().text();
    out.push_str(&format!(
        "{indent}{} {}\n",
        toned(tone, mark),
        message(finding, language)
    ));
    if verbose {
        let source = format!("{indent}  {} ({})", text.code, text.clause);
        out.push_str(&format!("{}\n", toned(Tone::Dim, &source)));
    }
}

fn message(finding: &Finding, language: Language) -> String {
    match language {
        Language::Indonesian => finding.indonesian(),
        Language::English => finding.english(),
    }
}

fn describe_details(out: &mut String, signature: &SignatureReport, language: Language) {
    let yes = |value| {
        of(
            language,
            if value { "ya" } else { "tidak" },
            if value { "yes" } else { "no" },
        )
    };
    let facts = [
        (of(language, "utuh", "intact"), signature.intact),
        (
            of(language, "kripto sah", "crypto valid"),
            signature.crypto_valid,
        ),
        (of(language, "tepercaya", "trusted"), signature.trusted),
        (
            of(language, "seluruh berkas", "whole file"),
            signature.covers_whole_file,
        ),
    ];
    let facts: Vec<String> = facts
        .iter()
        .map(|(name, value)| format!("{name}: {}", yes(*value)))
        .collect();
    out.push_str(&format!("    {}\n", facts.join(", ")));
    for timestamp in &signature.timestamps {
        describe_timestamp(out, timestamp, language);
    }
    for certificate in &signature.chain {
        out.push_str(&format!("    ↳ {}\n", certificate.subject));
    }
}

fn describe_timestamp(out: &mut String, timestamp: &TimestampReport, language: Language) {
    let time = timestamp
        .time
        .map_or_else(|| "?".to_owned(), |time| Zone::Wib.in_words(time, language));
    let tsa = timestamp.tsa.as_deref().unwrap_or("?");
    let mark = match timestamp.indication {
        Status::Passed => "✓",
        Status::Failed => "✗",
        Status::Indeterminate => "?",
    };
    out.push_str(&format!(
        "    {mark} {}: {time}, {tsa}\n",
        of(language, "stempel waktu", "time-stamp")
    ));
}
