//! The file as a whole, before any signature: can it be read, does anything
//! follow its end, does it act, does it hold the bytes of a signature that it
//! no longer shows.

use super::active;
use super::finding::{Finding, FindingCode};
use super::indication::{Indication, SubIndication};
use super::report::{SignatureKind, SignatureReport};
use crate::kernel::pdf::difference::EdgeCache;
use crate::kernel::pdf::{Fault, Limits, Pdf, PdfError, last_eof};

/// A file that could be opened, perhaps only up to the end of a revision.
pub(super) struct Opened<'f> {
    pub(super) pdf: Pdf<'f>,
    /// What speaks against the file as a whole.
    pub(super) findings: Vec<Finding>,
    /// What its objects refer to.
    pub(super) edges: EdgeCache,
}

/// A file that could not.
pub(super) struct Unreadable {
    pub(super) findings: Vec<Finding>,
    /// A report for each signature whose bytes are there.
    pub(super) signatures: Vec<SignatureReport>,
}

impl<'f> Opened<'f> {
    fn new(pdf: Pdf<'f>) -> Self {
        let mut edges = EdgeCache::default();
        let findings = active::findings(&pdf, &mut edges);
        Self {
            pdf,
            findings,
            edges,
        }
    }
}

/// Opens a file. Where something follows the last revision, the revision is
/// read and the rest is held against it: some viewers repair such a file and
/// draw what was appended.
pub(super) fn open<'f>(bytes: &'f [u8], limits: &Limits) -> Result<Opened<'f>, Unreadable> {
    let error = match Pdf::read(bytes, limits) {
        Ok(pdf) => return Ok(Opened::new(pdf)),
        Err(error) => error,
    };
    if !matches!(error.fault, Fault::NotAPdf | Fault::TooLarge { .. })
        && let Some(end) = last_eof(bytes).filter(|end| *end < bytes.len())
        && let Some((revision, rest)) = bytes.split_at_checked(end)
        && !holds_signature(rest)
        && let Ok(pdf) = Pdf::read(revision, limits)
    {
        let mut opened = Opened::new(pdf);
        let detail = format!("{} bytes", rest.len());
        let trailing = Finding::new(FindingCode::TrailingData).detail(detail);
        opened.findings.push(trailing);
        return Ok(opened);
    }
    Err(unreadable(bytes, &error))
}

/// The report on a file whose structure fails. Signatures that are in its bytes
/// fail with it: it is not unsigned.
pub(super) fn unreadable(bytes: &[u8], error: &PdfError) -> Unreadable {
    let code = match error.fault {
        Fault::NotAPdf => FindingCode::NotAPdf,
        Fault::TooLarge { .. } | Fault::TooComplex { .. } => FindingCode::LimitExceeded,
        Fault::DuplicateKey(_) | Fault::HybridConflict => FindingCode::AmbiguousStructure,
        _ => FindingCode::FileDamaged,
    };
    let finding = Finding::new(code).detail(error);
    let broken = |_| {
        let mut report = SignatureReport::empty(SignatureKind::Signature);
        report.indication = Indication::TotalFailed;
        report.sub_indication = Some(SubIndication::FormatFailure);
        report.findings.push(finding.clone());
        report
    };
    // What is too large was not looked at.
    let signed = code != FindingCode::LimitExceeded && holds_signature(bytes);
    let signatures = signed.then(|| broken(())).into_iter().collect();
    Unreadable {
        findings: vec![finding],
        signatures,
    }
}

/// Whether the bytes hold a signature dictionary's /ByteRange.
fn holds_signature(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"/ByteRange";
    bytes.windows(KEY.len()).any(|window| window == KEY)
}
