//! What stands beside a document's pages: facts, data, the way it has come.

use super::words::{Words, kilobytes};
use crate::domain::document::{Document, DocumentState, PermitStatus};
use crate::domain::metadata::{FieldValue, HolderKind};
use crate::domain::review::Decision;
use crate::domain::zone::date_in_words;
use crate::http::pages::view::{Fact, Tone};
use crate::services::desk::Dossier;

/// One stop on a document's way.
pub(super) struct Step {
    pub(super) tone: Tone,
    /// What it is, and whether it is done.
    pub(super) text: String,
    /// By whom, when, why.
    pub(super) more: String,
}

/// What everyone asks about a permit first.
pub(super) fn of(words: Words, dossier: &Dossier) -> Vec<Fact> {
    let document = &dossier.view.document;
    let metadata = &document.metadata;
    let kind = match metadata.holder.kind {
        HolderKind::Person => words.say("perorangan", "a person"),
        HolderKind::Business => words.say("badan usaha", "a business"),
    };
    let mut facts = vec![
        Fact::new(
            words.say("Jenis", "Type"),
            format!(
                "{} ({})",
                dossier.view.permit_type.name, metadata.permit_type
            ),
        ),
        Fact::new(words.say("Nomor", "Number"), metadata.number.clone()),
        Fact::new(
            words.say("Pemegang", "Holder"),
            format!("{} ({kind})", metadata.holder.name),
        ),
    ];
    facts.extend(dates(words, dossier));
    if metadata.version > 1 {
        facts.push(Fact::new(
            words.say("Versi", "Version"),
            metadata.version.to_string(),
        ));
    }
    facts.push(Fact::new(
        words.say("Berkas", "File"),
        kilobytes(document.submitted.size),
    ));
    facts.push(Fact::code("SHA-256", document.submitted.sha256.to_string()));
    facts
}

/// Its days, and since when and until when it waits.
fn dates(words: Words, dossier: &Dossier) -> Vec<Fact> {
    let document = &dossier.view.document;
    let metadata = &document.metadata;
    let date = |date| date_in_words(date, words.language);
    let issued_on = metadata
        .issued_on
        .map(|day| Fact::new(words.say("Tanggal izin", "Date of the permit"), date(day)));
    let until = match metadata.valid_until {
        Some(day) => date(day),
        None => words.say("tanpa batas", "without an end").to_owned(),
    };
    let waits = dossier.task.as_ref().map(|task| {
        Fact::new(
            words.say("Menunggu Anda sejak", "Waits for you since"),
            words.moment(task.since),
        )
    });
    let submitted = format!(
        "{}, {}",
        words.moment(document.submitted.at),
        dossier.client
    );
    let mut facts: Vec<Fact> = issued_on.into_iter().collect();
    facts.push(Fact::new(words.say("Berlaku sampai", "Valid until"), until));
    facts.push(Fact::new(words.say("Dikirim", "Submitted"), submitted));
    facts.extend(waits);
    facts.push(Fact::new(
        words.say("Batas layanan", "Due"),
        words.moment(dossier.deadline),
    ));
    facts
}

/// The permit type's own data, and apart from it what looks like hashes of files that the
/// applicant handed in.
pub(super) fn data(document: &Document) -> (Vec<Fact>, Vec<Fact>) {
    let fields = document.metadata.fields.iter();
    let facts = fields.map(|(name, value)| {
        let text = match value {
            FieldValue::Flag(true) => "✓".to_owned(),
            FieldValue::Flag(false) => "–".to_owned(),
            FieldValue::Number(number) => number.to_string(),
            FieldValue::Text(text) => text.clone(),
        };
        Fact {
            code: is_hash(&text),
            ..Fact::new(name.replace('_', " "), text)
        }
    });
    facts.partition(|fact| !fact.code)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The tiers and gates in their order, each with who passed it and when.
pub(super) fn steps(words: Words, dossier: &Dossier) -> Vec<Step> {
    let tiers = (0..).zip(&dossier.view.permit_type.tiers);
    let mut steps: Vec<Step> = tiers
        .map(|(place, tier)| review_step(words, dossier, place, &tier.name))
        .collect();
    steps.extend(dossier.gates.iter().map(|(name, met)| {
        match met {
            Some(met) => Step {
                tone: Tone::Good,
                text: words.fill(
                    "Prasyarat {}: terpenuhi",
                    "Precondition {}: met",
                    name.as_str(),
                ),
                more: format!("{}, {}", met.proof, words.moment(met.at)),
            },
            None => Step {
                tone: Tone::Look,
                text: words.fill(
                    "Prasyarat {}: belum terpenuhi",
                    "Precondition {}: not met",
                    name.as_str(),
                ),
                more: words
                    .say(
                        "Dilaporkan oleh sistem perizinan",
                        "Reported by the permit system",
                    )
                    .to_owned(),
            },
        }
    }));
    steps
}

fn review_step(words: Words, dossier: &Dossier, place: usize, name: &str) -> Step {
    let Some(reviewed) = dossier.reviews.get(place) else {
        return Step {
            tone: Tone::Calm,
            text: words.fill("Paraf {}: belum", "Review by {}: not yet", name),
            more: String::new(),
        };
    };
    let (tone, decision) = match reviewed.review.decision {
        Decision::Approve => (Tone::Good, words.say("setuju", "approved")),
        Decision::Return => (Tone::Look, words.say("dikembalikan", "returned")),
        Decision::Reject => (Tone::Bad, words.say("ditolak", "refused")),
    };
    let text = words.fill("Paraf {}: ", "Review by {}: ", name) + decision;
    let when = words.moment(reviewed.review.at);
    let more = match &reviewed.review.reason {
        Some(reason) => format!("{}, {when}. {reason}", reviewed.name),
        None => format!("{}, {when}", reviewed.name),
    };
    Step { tone, text, more }
}

/// How a document stands that is not this person's to decide.
pub(super) fn standing(words: Words, dossier: &Dossier) -> String {
    let said = match &dossier.view.document.state {
        DocumentState::Submitted { .. } | DocumentState::InReview { .. } => words.say(
            "Dokumen ini sedang menunggu paraf atau prasyarat; bukan giliran Anda.",
            "This document waits for a review or a precondition; it is not your turn.",
        ),
        DocumentState::Ready { .. } | DocumentState::Prepared(_) => words.say(
            "Dokumen ini menunggu penandatangannya.",
            "This document waits for its signatory.",
        ),
        DocumentState::Signed { .. } => words.say(
            "Sudah ditandatangani; stempel waktu dan pemeriksaan akhir sedang berjalan.",
            "Signed; timestamps and the final check are under way.",
        ),
        DocumentState::Returned(ended) => {
            return words.fill("Dikembalikan: {}", "Returned: {}", &ended.reason);
        }
        DocumentState::Rejected(ended) => {
            return words.fill("Ditolak: {}", "Refused: {}", &ended.reason);
        }
        DocumentState::Issued(_) => match dossier.view.permit_status {
            Some(PermitStatus::Active) | None => {
                words.say("Sudah diterbitkan dan berlaku.", "Issued and in force.")
            }
            Some(_) => words.say(
                "Sudah diterbitkan, dan tidak berlaku lagi.",
                "Issued, and no longer in force.",
            ),
        },
    };
    said.to_owned()
}
