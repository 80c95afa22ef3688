//! The document and who signed it, as people read them.

use time::Date;

use super::super::view::{Fact, Signer};
use super::super::words::Voice;
use crate::domain::document::PermitStatus;
use crate::domain::zone::date_in_words;
use crate::kernel::pdf::appearance::Certifier;
use crate::kernel::validation::Report;
use crate::kernel::validation::report::SignatureKind;
use crate::services::verify::{Record, Signatory};

/// Type, number, holder, office, dates, status.
pub(super) fn document(voice: &Voice<'_>, record: &Record) -> Vec<Fact> {
    let date = |date: Date| date_in_words(date, voice.language);
    let issued_on = record
        .issued_on
        .unwrap_or_else(|| voice.zone.date(record.issued_at));
    let valid_until = match record.valid_until {
        Some(last) => date(last),
        None => voice
            .say("Tidak dibatasi tanggal", "No end date")
            .to_owned(),
    };
    let mut facts = vec![
        Fact::new(voice.say("Jenis izin", "Permit type"), &record.permit_type),
        Fact::new(voice.say("Nomor", "Number"), &record.number),
        Fact::new(voice.say("Pemegang", "Holder"), &record.holder),
        Fact::new(voice.say("Diterbitkan oleh", "Issued by"), &record.office),
        Fact::new(
            voice.say("Tanggal terbit", "Date of issue"),
            date(issued_on),
        ),
        Fact::new(voice.say("Berlaku sampai", "Valid until"), valid_until),
        Fact::new(
            voice.say("Status", "Status"),
            status_word(voice, record.permit_status),
        ),
    ];
    if let Some(successor) = &record.successor {
        facts.push(Fact::code(
            voice.say("Diganti dengan", "Superseded by"),
            successor,
        ));
    }
    facts
}

fn status_word(voice: &Voice<'_>, status: PermitStatus) -> &'static str {
    match status {
        PermitStatus::Active => voice.say("Berlaku", "In force"),
        PermitStatus::Suspended => voice.say("DITANGGUHKAN", "SUSPENDED"),
        PermitStatus::Superseded => voice.say("DIGANTI", "SUPERSEDED"),
        PermitStatus::Cancelled => voice.say("DIBATALKAN", "CANCELLED"),
        PermitStatus::Expired => voice.say("BERAKHIR", "EXPIRED"),
    }
}

/// Name, office held, mandate, time, who certified.
pub(super) fn signers(voice: &Voice<'_>, record: &Record) -> Vec<Signer> {
    let label = certification(voice, &record.certifier);
    let signatories = record.signatories.iter();
    signatories
        .map(|signatory| one(voice, signatory, label))
        .collect()
}

fn one(voice: &Voice<'_>, signatory: &Signatory, label: Option<&str>) -> Signer {
    let mut lines = vec![signatory.office.clone()];
    if let Some(decree) = &signatory.mandate {
        let by = voice.say("Berdasarkan keputusan nomor", "By decree number");
        lines.push(format!("{by} {decree}"));
    }
    lines.push(voice.zone.in_words(signatory.at, voice.language));
    Signer {
        name: signatory.name.clone(),
        lines,
        label: label.map(str::to_owned),
    }
}

/// What must not be overlooked about who certified the signatory's key.
fn certification(voice: &Voice<'_>, certifier: &Certifier) -> Option<&'static str> {
    match certifier {
        Certifier::Psre { .. } => None,
        Certifier::Own { .. } => Some(voice.say(
            "Tidak tersertifikasi PSrE: sertifikat diterbitkan kantor ini sendiri, bukan oleh penyelenggara sertifikasi elektronik Indonesia. Waktu tidak dari PSrE.",
            "Not certified by a PSrE: the certificate is the office's own, not an Indonesian certification provider's. The time is not from a PSrE.",
        )),
        Certifier::Demonstration { .. } => Some(voice.say(
            "Sertifikat demonstrasi, tidak tersertifikasi PSrE: tanda tangan ini tidak berkekuatan hukum. Waktu tidak dari PSrE.",
            "Demonstration certificate, not certified by a PSrE: this signature has no legal effect. The time is not from a PSrE.",
        )),
    }
}

/// Those of a file that is not ours, as its certificates name them.
pub(super) fn foreign_signers(voice: &Voice<'_>, report: &Report) -> Vec<Signer> {
    let signatures = report
        .signatures
        .iter()
        .filter(|one| one.kind == SignatureKind::Signature);
    let signers = signatures.filter_map(|signature| {
        let signer = signature.signer.as_ref()?;
        let issuer = voice.say("Sertifikat dari", "Certificate from");
        let mut lines = vec![format!("{issuer} {}", signer.issuer)];
        let at = signature.best_signature_time.or(signature.signing_time);
        lines.extend(at.map(|at| voice.zone.in_words(at, voice.language)));
        Some(Signer {
            name: signer.name.clone(),
            lines,
            label: None,
        })
    });
    signers.collect()
}
