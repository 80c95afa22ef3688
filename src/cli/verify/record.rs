//! The register's record of a permit, in words.

use crate::domain::document::PermitStatus;
use crate::domain::language::Language;
use crate::domain::zone::date_in_words;
use crate::kernel::pdf::appearance::Certifier;
use crate::services::verify::Record;

use super::text::words::of;

/// One line for each thing that is known, indented under the verdict.
pub(super) fn describe(record: &Record, language: Language) -> String {
    let say = |indonesian, english| of(language, indonesian, english);
    let mut lines = vec![
        format!("{} {}", record.permit_type, record.number),
        format!("{}: {}", say("Pemegang", "Holder"), record.holder),
        format!(
            "{}: {}",
            say("Diterbitkan oleh", "Issued by"),
            record.office
        ),
        format!("Status: {}", status(record.permit_status, language)),
    ];
    if let Some(last) = record.valid_until {
        let date = date_in_words(last, language);
        lines.push(format!("{}: {date}", say("Berlaku sampai", "Valid until")));
    }
    if let Some(reason) = &record.status_reason {
        lines.push(format!("{}: {reason}", say("Alasan", "Reason")));
    }
    if let Some(successor) = &record.successor {
        lines.push(format!(
            "{}: {successor}",
            say("Diganti dengan", "Superseded by")
        ));
    }
    lines.extend(certification(&record.certifier, language).map(str::to_owned));
    lines.iter().map(|line| format!("    {line}\n")).collect()
}

fn status(status: PermitStatus, language: Language) -> &'static str {
    let (indonesian, english) = match status {
        PermitStatus::Active => ("berlaku", "in force"),
        PermitStatus::Suspended => ("DITANGGUHKAN", "SUSPENDED"),
        PermitStatus::Superseded => ("DIGANTI", "SUPERSEDED"),
        PermitStatus::Cancelled => ("DIBATALKAN", "CANCELLED"),
        PermitStatus::Expired => ("BERAKHIR", "EXPIRED"),
    };
    of(language, indonesian, english)
}

/// What must not be overlooked about who certified the signatory's key.
fn certification(certifier: &Certifier, language: Language) -> Option<&'static str> {
    match certifier {
        Certifier::Psre { .. } => None,
        Certifier::Own { .. } => Some(of(
            language,
            "Tidak tersertifikasi PSrE",
            "Not certified by a PSrE",
        )),
        Certifier::Demonstration { .. } => Some(of(
            language,
            "Sertifikat demonstrasi, tidak tersertifikasi PSrE: tidak berkekuatan hukum",
            "Demonstration certificate, not certified by a PSrE: without legal effect",
        )),
    }
}
