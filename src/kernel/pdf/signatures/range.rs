//! The rules of /ByteRange and the gap it leaves (ISO 32000-2, 12.8.1; EN 319
//! 142-1, 5.3): two ranges that cover one whole revision, except exactly the
//! value of this dictionary's /Contents.
//!
//! A signature that breaks one of them may leave unsigned bytes where a reader
//! looks for objects, so each is a failure of format whatever the cryptography
//! says.

use super::super::error::PdfError;
use super::super::object::Span;
use super::super::reader::Pdf;
use super::super::strings::{all_zero, is_hex};
use super::field;
use super::value::{ByteRange, Signature};

/// A rule that a signature breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeViolation {
    /// No /ByteRange, or something in it is not an integer.
    #[error("/ByteRange is missing or not an array of integers")]
    Malformed,
    /// More or fewer than two ranges.
    #[error("/ByteRange has {0} integers, not four")]
    NotTwoRanges(usize),
    /// A negative number, or one beyond what a file can have.
    #[error("/ByteRange has a negative or impossible number")]
    Impossible,
    /// The first range does not begin the file.
    #[error("the first range begins at {0}, not 0")]
    NotFromStart(usize),
    /// The second range begins before the first ends.
    #[error("the ranges overlap or leave no gap")]
    NoGap,
    /// The second range ends beyond the file.
    #[error("the ranges end at {end}, beyond the file's {size} bytes")]
    BeyondFile {
        /// Where they end.
        end: usize,
        /// The size of the file.
        size: usize,
    },
    /// The second range ends elsewhere than a revision.
    #[error("the ranges end at {0}, where no revision ends")]
    NotARevision(usize),
    /// The covered prefix is not a file by itself.
    #[error("the covered revision is not readable: {0}")]
    Unreadable(PdfError),
    /// The covered revision does not have this signature.
    #[error("the covered revision does not have this signature in a field")]
    NotInRevision,
    /// /Contents is no string.
    #[error("/Contents is missing or not a string")]
    NoContents,
    /// /Contents is a reference, or in an object stream: its bytes are not the gap.
    #[error("/Contents is not written in the signature dictionary itself")]
    ContentsElsewhere,
    /// The gap is not the bytes of /Contents.
    #[error("the gap {gap:?} is not where /Contents stands ({contents:?})")]
    GapIsNotContents {
        /// What the ranges leave out.
        gap: Span,
        /// Where /Contents stands.
        contents: Span,
    },
    /// The gap has something else than hexadecimal digits between `<` and `>`.
    #[error("the gap is not one hexadecimal string")]
    NotHexadecimal,
    /// The value is empty, or all zeros.
    #[error("/Contents is empty")]
    Empty,
    /// Something other than zeros follows the value.
    #[error("/Contents has {0} bytes after the value that are not zeros")]
    TrailingData(usize),
}

/// All rules that a signature breaks; none for a sound one.
#[must_use]
pub fn violations(pdf: &Pdf<'_>, signature: &Signature<'_>) -> Vec<RangeViolation> {
    let mut found = Vec::new();
    match ranges(&signature.byte_range) {
        Err(violation) => found.push(violation),
        Ok(spans) => {
            check_ranges(pdf, spans, &mut found);
            check_gap(pdf, signature, spans, &mut found);
            if found.is_empty() {
                found.extend(check_revision(pdf, signature, spans).err());
            }
        }
    }
    found.extend(check_value(signature).err());
    found
}

fn ranges(byte_range: &ByteRange) -> Result<[Span; 2], RangeViolation> {
    let ByteRange::Integers(values) = byte_range else {
        return Err(RangeViolation::Malformed);
    };
    if values.len() != 4 {
        return Err(RangeViolation::NotTwoRanges(values.len()));
    }
    byte_range.spans().ok_or(RangeViolation::Impossible)
}

fn check_ranges(pdf: &Pdf<'_>, [first, second]: [Span; 2], found: &mut Vec<RangeViolation>) {
    let size = pdf.bytes().len();
    if first.start != 0 {
        found.push(RangeViolation::NotFromStart(first.start));
    }
    if first.end >= second.start || first.is_empty() || second.is_empty() {
        found.push(RangeViolation::NoGap);
    }
    let end = second.end;
    if end > size {
        found.push(RangeViolation::BeyondFile { end, size });
    } else if !pdf.revisions().iter().any(|revision| revision.ends_at(end)) {
        found.push(RangeViolation::NotARevision(end));
    }
}

fn check_gap(
    pdf: &Pdf<'_>,
    signature: &Signature<'_>,
    [first, second]: [Span; 2],
    found: &mut Vec<RangeViolation>,
) {
    let Some(contents) = &signature.contents else {
        return;
    };
    let Some(contents) = contents.span else {
        found.push(RangeViolation::ContentsElsewhere);
        return;
    };
    let gap = Span {
        start: first.end,
        end: second.start,
    };
    if gap != contents {
        found.push(RangeViolation::GapIsNotContents { gap, contents });
    }
    let inner = gap.of(pdf.bytes());
    let inner = inner
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"));
    let pure = inner.is_some_and(is_hex);
    if !pure {
        found.push(RangeViolation::NotHexadecimal);
    }
}

/// Reads the covered prefix strictly and looks for the same signature in a field there.
fn check_revision(
    pdf: &Pdf<'_>,
    signature: &Signature<'_>,
    [_, second]: [Span; 2],
) -> Result<(), RangeViolation> {
    let bytes = pdf.bytes();
    let revision = bytes.get(..second.end).unwrap_or(bytes);
    let prefix = Pdf::read(revision, pdf.limits()).map_err(RangeViolation::Unreadable)?;
    let values = field::value_ids(&prefix).map_err(RangeViolation::Unreadable)?;
    // The prefix is the same bytes, so the same place is the same dictionary.
    let place = |pdf: &Pdf<'_>| pdf.entry(signature.id.number).ok();
    let same = place(&prefix) == place(pdf) && values.contains(&signature.id);
    same.then_some(()).ok_or(RangeViolation::NotInRevision)
}

/// Checks that /Contents is one DER value and zeros after it. Of a value without
/// a definite length (BER) only the reader of it knows the end.
fn check_value(signature: &Signature<'_>) -> Result<(), RangeViolation> {
    let contents = signature
        .contents
        .as_ref()
        .ok_or(RangeViolation::NoContents)?;
    if all_zero(&contents.bytes) {
        return Err(RangeViolation::Empty);
    }
    let rest = der_length(&contents.bytes).and_then(|length| contents.bytes.get(length..));
    let used = rest.filter(|rest| !all_zero(rest));
    let used = used.and_then(|rest| rest.iter().rposition(|byte| *byte != 0));
    used.map_or(Ok(()), |last| Err(RangeViolation::TrailingData(last + 1)))
}

/// The length of the DER value that some bytes begin with (X.690, 8.1.3).
fn der_length(bytes: &[u8]) -> Option<usize> {
    let [_tag, first, rest @ ..] = bytes else {
        return None;
    };
    if *first < 0x80 {
        return Some(2 + usize::from(*first));
    }
    let count = usize::from(*first & 0x7F);
    let octets = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    let length = octets
        .iter()
        .fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
    length.checked_add(2 + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        assert_eq!(der_length(&[0x30, 0x03, 1, 2, 3, 0]), Some(5));
        assert_eq!(der_length(&[0x30, 0x82, 1, 0]), Some(260));
        assert_eq!(der_length(&[0x30, 0x80, 0, 0]), None);
        assert_eq!(der_length(&[0x30]), None);
    }
}
