//! A document to sign, and what is said of reports.

use absah::kernel::validation::report::SignatureReport;
use absah::kernel::validation::{FindingCode, Indication, Report, SubIndication};

/// One page with a line of text: catalog 1, pages 2, page 3, content 4, font 5.
pub fn document() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.275590551 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>",
        "<</Length 41>>stream\nBT /F1 12 Tf 72 720 Td (Izin usaha) Tj ET\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = file.len();
    let size = objects.len() + 1;
    table.push_str(&format!(
        "trailer\n<</Size {size}/Root 1 0 R/ID[<01><01>]>>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.extend_from_slice(table.as_bytes());
    file
}

/// The first signature of a report.
#[track_caller]
pub fn first(report: &Report) -> &SignatureReport {
    report
        .signatures
        .first()
        .unwrap_or_else(|| panic!("no signature: {report:#?}"))
}

#[track_caller]
pub fn passes(report: &Report) {
    let bad = report
        .signatures
        .iter()
        .find(|s| s.indication != Indication::TotalPassed);
    assert!(
        bad.is_none() && !report.signatures.is_empty(),
        "{report:#?}"
    );
}

/// The first signature does not pass, for this reason.
#[track_caller]
pub fn fails(report: &Report, reason: SubIndication, code: FindingCode) {
    let signature = first(report);
    assert_ne!(signature.indication, Indication::TotalPassed, "{report:#?}");
    assert_eq!(signature.sub_indication, Some(reason), "{report:#?}");
    assert!(report.has(code), "{report:#?}");
}
