//! What changed after each signature, and what that does to it.

use super::finding::{Finding, FindingCode};
use super::indication::SubIndication;
use super::report::Modification;
use super::signed::Signed;
use crate::kernel::pdf::difference::{
    self, Change, ChangeKind, EdgeCache, ModificationClass, Rules,
};
use crate::kernel::pdf::signing::DocMdp;
use crate::kernel::pdf::{Pdf, PdfError};

/// How many changes are named in a report.
const NAMED: usize = 5;

/// Compares the revision that a signature covers with the file, and holds the
/// outcome against the signature.
pub(super) fn judge(
    pdf: &Pdf<'_>,
    signed: &mut Signed<'_>,
    rules: &Rules,
    cache: &mut EdgeCache,
) -> Option<Modification> {
    let end = signed.covered_end()?;
    if signed.signature.covers_whole_file(pdf) {
        return Some(Modification::None);
    }
    match compare(pdf, end, rules, cache) {
        Ok(changes) => {
            note(signed, &changes);
            Some(modification(Change::class_of(&changes)))
        }
        Err(error) => {
            let finding = Finding::new(FindingCode::ChangesUndecided).detail(error);
            signed.note(SubIndication::SigConstraintsFailure, finding);
            None
        }
    }
}

fn compare(
    pdf: &Pdf<'_>,
    end: usize,
    rules: &Rules,
    cache: &mut EdgeCache,
) -> Result<Vec<Change>, PdfError> {
    let bytes = pdf.bytes();
    let old = Pdf::read(bytes.get(..end).unwrap_or(bytes), pdf.limits())?;
    difference::compare(&old, pdf, rules, cache)
}

/// The rules in force after a signature: the strictest certification and every
/// lock of the signatures up to and including it.
pub(super) fn rules(all: &[Signed<'_>], index: usize) -> Rules {
    let end = all.get(index).and_then(Signed::covered_end);
    let up_to = all.iter().filter(|one| one.covered_end() <= end);
    let mut rules = Rules::default();
    for signed in up_to {
        let level = signed.signature.doc_mdp;
        let level = level.and_then(|level| DocMdp::try_from(level).ok());
        rules.doc_mdp = match (rules.doc_mdp, level) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let locks = [&signed.signature.field_mdp, &signed.field.lock];
        rules.locks.extend(locks.into_iter().flatten().cloned());
    }
    rules
}

const fn modification(class: ModificationClass) -> Modification {
    match class {
        ModificationClass::None => Modification::None,
        ModificationClass::Lta => Modification::Lta,
        ModificationClass::FormFilling => Modification::FormFilling,
        ModificationClass::Annotations => Modification::Annotations,
        ModificationClass::Illegal => Modification::Illegal,
    }
}

fn note(signed: &mut Signed<'_>, changes: &[Change]) {
    use FindingCode as C;
    use SubIndication::{FormatFailure, SigConstraintsFailure};
    let lone = Change::class_of(changes) == ModificationClass::Illegal;
    for change in changes.iter().filter(|one| decides(one)).take(NAMED) {
        let finding = |code| Finding::new(code).detail(change);
        match change.kind {
            ChangeKind::Forbidden => signed.note(FormatFailure, finding(C::DocMdpViolated)),
            ChangeKind::LockedField => signed.note(FormatFailure, finding(C::FieldMdpViolated)),
            ChangeKind::Annotation => {
                signed.note(SigConstraintsFailure, finding(C::AnnotationsAdded));
            }
            ChangeKind::Appearance => {
                signed.note(SigConstraintsFailure, finding(C::AppearanceChanged));
            }
            _ => signed.note(FormatFailure, finding(C::ChangedAfterSigning)),
        }
    }
    let metadata = [(ChangeKind::Metadata, C::MetadataChanged)];
    let told = [
        (ChangeKind::ValidationData, C::ValidationDataAdded),
        (ChangeKind::DocumentTimestamp, C::ValidationDataAdded),
        (ChangeKind::Signed, C::LaterSignature),
        (ChangeKind::VisibleSignature, C::LaterSignature),
        (ChangeKind::EmptyField, C::FormFilled),
        (ChangeKind::FormFilled, C::FormFilled),
    ];
    for (kind, code) in told.into_iter().chain(metadata) {
        let new = !signed.findings.iter().any(|finding| finding.code() == code);
        if new && changes.iter().any(|change| change.kind == kind) {
            signed.findings.push(code.into());
        }
    }
    // Metadata alone: nothing else has said why.
    if lone
        && changes
            .iter()
            .all(|change| change.kind == ChangeKind::Metadata)
    {
        let finding = changes
            .iter()
            .fold(Finding::new(C::ChangedAfterSigning), |f, c| f.detail(c));
        signed.note(FormatFailure, finding);
    }
}

/// Whether a change speaks against the signature.
const fn decides(change: &Change) -> bool {
    matches!(
        change.kind,
        ChangeKind::Illegal
            | ChangeKind::Forbidden
            | ChangeKind::LockedField
            | ChangeKind::Annotation
            | ChangeKind::Appearance
    )
}
