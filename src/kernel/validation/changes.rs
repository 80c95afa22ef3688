//! What changed after each signature, and what that does to it.

use super::finding::{Finding, FindingCode};
use super::indication::SubIndication;
use super::report::Modification;
use super::signed::Signed;
use crate::kernel::pdf::difference::{
    self, Change, ChangeKind, EdgeCache, ModificationClass, Rules,
};
use crate::kernel::pdf::signing::DocMdp;
use crate::kernel::pdf::{Fault, Pdf, PdfError};

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
    let changes = compare(pdf, end, rules, cache).and_then(|mut changes| {
        if changes.iter().any(describes_a_revision) {
            changes.extend(lone_metadata(pdf, end, rules, cache)?);
        }
        Ok(changes)
    });
    match changes {
        Ok(changes) => {
            note(signed, &changes);
            Some(modification(Change::class_of(&changes)))
        }
        Err(error) if came_later(pdf, end, &error) => {
            let finding = Finding::new(FindingCode::ChangedAfterSigning).detail(error);
            signed.note(SubIndication::FormatFailure, finding);
            Some(Modification::Illegal)
        }
        Err(error) => {
            let finding = Finding::new(FindingCode::ChangesUndecided).detail(error);
            signed.note(SubIndication::SigConstraintsFailure, finding);
            None
        }
    }
}

/// Whether what cannot be read came after the signature: then the file was changed, and not
/// in a way that anything allows. What was damaged when it was signed, or is over a limit,
/// decides nothing.
fn came_later(pdf: &Pdf<'_>, end: usize, error: &PdfError) -> bool {
    if matches!(
        error.fault,
        Fault::TooComplex { .. } | Fault::TooLarge { .. }
    ) {
        return false;
    }
    let Ok(old) = Pdf::read(prefix(pdf, end), pdf.limits()) else {
        return false;
    };
    match error.object {
        Some(id) => old.object(id).is_ok(),
        None => error.offset.is_some_and(|offset| offset >= end),
    }
}

fn compare(
    pdf: &Pdf<'_>,
    end: usize,
    rules: &Rules,
    cache: &mut EdgeCache,
) -> Result<Vec<Change>, PdfError> {
    let old = Pdf::read(prefix(pdf, end), pdf.limits())?;
    difference::compare(&old, pdf, rules, cache)
}

fn prefix<'f>(pdf: &Pdf<'f>, end: usize) -> &'f [u8] {
    let bytes = pdf.bytes();
    bytes.get(..end).unwrap_or(bytes)
}

/// A date, a program or an identifier of a revision; /Extensions is part of the
/// validation data that it announces.
fn describes_a_revision(change: &Change) -> bool {
    change.kind == ChangeKind::Metadata && !change.place.starts_with("/Root/Extensions")
}

/// Metadata that changed in a revision of its own. Whether something else excuses it
/// is asked of each revision apart: validation data of another one does not.
fn lone_metadata(
    pdf: &Pdf<'_>,
    end: usize,
    rules: &Rules,
    cache: &mut EdgeCache,
) -> Result<Option<Change>, PdfError> {
    let mut before = Pdf::read(prefix(pdf, end), pdf.limits())?;
    for revision in pdf.revisions().iter().filter(|one| one.eof > end) {
        let after = Pdf::read(prefix(pdf, revision.end), pdf.limits())?;
        let changes = difference::compare(&before, &after, rules, cache)?;
        let alone = changes.iter().all(|one| one.kind == ChangeKind::Metadata);
        if alone && let Some(change) = changes.into_iter().next() {
            let kind = ChangeKind::Illegal;
            return Ok(Some(Change { kind, ..change }));
        }
        before = after;
    }
    Ok(None)
}

/// The rules in force after a signature: the strictest certification and every
/// lock of the signatures up to and including it.
pub(super) fn rules(all: &[Signed<'_>], index: usize) -> Rules {
    let end = all.get(index).and_then(Signed::covered_end);
    let up_to = all.iter().filter(|one| one.covered_end() <= end);
    let mut rules = Rules::default();
    for signed in up_to {
        let lock = signed.field.lock.as_ref();
        // A lock's own permission counts like a certification (table 236).
        let levels = [
            signed.signature.doc_mdp,
            lock.and_then(|lock| lock.permission),
        ];
        let levels = levels.into_iter().flatten();
        let strictest = levels
            .filter_map(|level| DocMdp::try_from(level).ok())
            .min();
        rules.doc_mdp = match (rules.doc_mdp, strictest) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let locks = lock.map(|lock| &lock.fields);
        let locks = signed.signature.field_mdp.iter().chain(locks);
        rules.locks.extend(locks.cloned());
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
