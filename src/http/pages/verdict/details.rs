//! The folded part: what experts ask for.

use super::super::view::{Details, Fact};
use super::super::words::Voice;
use crate::domain::language::Language;
use crate::kernel::validation::{Finding, Report, SignatureReport};
use crate::services::verify::Record;

/// Of a code: the code and the hash of the original.
pub(super) fn of_record(voice: &Voice<'_>, record: &Record) -> Vec<Details> {
    let original = voice.say("SHA-256 berkas asli", "SHA-256 of the original");
    vec![Details {
        heading: voice.say("Dokumen", "Document").to_owned(),
        facts: vec![
            Fact::code(voice.say("Kode", "Code"), &record.code),
            Fact::code(original, &record.sha256),
        ],
        notes: Vec::new(),
    }]
}

/// Of a file: its hash, and every signature.
pub(super) fn of_report(voice: &Voice<'_>, report: &Report) -> Vec<Details> {
    let mut details = vec![Details {
        heading: voice.say("Berkas", "File").to_owned(),
        facts: vec![Fact::code("SHA-256", &report.sha256)],
        notes: report
            .findings
            .iter()
            .map(|finding| sentence(voice, finding))
            .collect(),
    }];
    details.extend(report.signatures.iter().map(|one| signature(voice, one)));
    details
}

fn signature(voice: &Voice<'_>, signature: &SignatureReport) -> Details {
    let mut facts = vec![Fact::new(
        voice.say("Hasil", "Indication"),
        written(&signature.indication),
    )];
    if let Some(level) = &signature.level {
        facts.push(Fact::new("PAdES", written(level)));
    }
    if let Some(signer) = &signature.signer {
        facts.push(Fact::new(voice.say("Subjek", "Subject"), &signer.subject));
        facts.push(Fact::new(voice.say("Penerbit", "Issuer"), &signer.issuer));
        facts.push(Fact::code(
            voice.say("Nomor seri", "Serial number"),
            &signer.serial,
        ));
    }
    for stamp in &signature.timestamps {
        let label = voice.say("Stempel waktu", "Timestamp");
        let time = stamp.time.map(|at| voice.zone.in_words(at, voice.language));
        let tsa = stamp.tsa.clone().unwrap_or_default();
        facts.push(Fact::new(
            label,
            format!("{} · {tsa}", time.unwrap_or_default()),
        ));
    }
    Details {
        heading: signature
            .field
            .clone()
            .unwrap_or_else(|| written(&signature.kind)),
        facts,
        notes: signature
            .findings
            .iter()
            .map(|finding| sentence(voice, finding))
            .collect(),
    }
}

/// A finding in the reader's language.
pub(super) fn sentence(voice: &Voice<'_>, finding: &Finding) -> String {
    let text = finding.code().text();
    let sentence = match voice.language {
        Language::Indonesian => text.indonesian,
        Language::English => text.english,
    };
    sentence.to_owned()
}

/// A value as the JSON report writes it.
fn written(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
