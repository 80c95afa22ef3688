//! The details that `--verbose` adds, in the terms of the standards.

use super::words::of;
use crate::cli::terminal::{Tone, toned};
use crate::domain::language::Language;
use crate::domain::zone::Zone;
use crate::kernel::validation::report::{CheckReport, SignatureReport, TimestampReport};
use crate::kernel::validation::{Report, Status};

/// What identifies the file and the judgement.
pub(super) fn of_file(out: &mut String, report: &Report, language: Language) {
    let policy = of(language, "Kebijakan", "Policy");
    let time = of(language, "Waktu periksa", "Checked at");
    let at = Zone::Wib.in_words(report.validation_time, language);
    out.push_str(&format!("\nSHA-256  {}\n", report.sha256));
    out.push_str(&format!("{policy}  {}\n", report.policy));
    out.push_str(&format!("{time}  {at}\n"));
}

/// The facts about one signature, its time-stamps, chain and checks.
pub(super) fn of_signature(out: &mut String, signature: &SignatureReport, language: Language) {
    if let Some(field) = &signature.field {
        let level = signature
            .level
            .map_or(String::new(), |level| format!(", {level}"));
        let label = of(language, "bidang", "field");
        out.push_str(&format!("  {label} {field}{level}\n"));
    }
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
    out.push_str(&format!("  {}\n", facts.join(", ")));
    for timestamp in &signature.timestamps {
        of_timestamp(out, timestamp, language);
    }
    for certificate in &signature.chain {
        out.push_str(&format!("  ↳ {}\n", certificate.subject));
    }
    for check in &signature.checks {
        of_check(out, check, "  ");
    }
}

fn of_timestamp(out: &mut String, timestamp: &TimestampReport, language: Language) {
    let time = timestamp
        .time
        .map_or_else(|| "?".to_owned(), |time| Zone::Wib.in_words(time, language));
    let tsa = timestamp.tsa.as_deref().unwrap_or("?");
    let mark = mark(timestamp.indication);
    let label = of(language, "stempel waktu", "time-stamp");
    out.push_str(&format!("  {mark} {label}: {time}, {tsa}\n"));
}

/// A building block, and below it what did not pass.
fn of_check(out: &mut String, check: &CheckReport, indent: &str) {
    let mark = mark(check.indication);
    let reason = check.sub_indication.and_then(|reason| {
        let name = serde_json::to_value(reason).ok()?;
        Some(format!(": {}", name.as_str()?))
    });
    let line = format!(
        "{indent}{mark} {}{} ({})",
        check.check,
        reason.unwrap_or_default(),
        check.clause
    );
    out.push_str(&format!("{}\n", toned(Tone::Dim, &line)));
    let open = check.checks.iter();
    for inner in open.filter(|one| one.indication != Status::Passed) {
        of_check(out, inner, &format!("{indent}  "));
    }
}

const fn mark(status: Status) -> &'static str {
    match status {
        Status::Passed => "✓",
        Status::Failed => "✗",
        Status::Indeterminate => "?",
    }
}
