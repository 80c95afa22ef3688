//! Hybrid-reference files (ISO 32000-2, 7.5.8.4): a table for old readers and a
//! stream, named by /XRefStm, that speaks also of objects hidden from them.
//!
//! Microsoft Office writes them: an empty newest table whose stream repeats and
//! completes the table before it. A file is accepted where every object that
//! both views have in use is the same in both. The stream may add objects; it
//! may not move, replace or free one.

use super::super::error::{Fault, PdfError};
use super::super::object::ObjectId;
use super::{Section, XrefEntry};

/// Compares the two views at a section, given the sections older than it.
pub(super) fn check(section: &Section<'_>, older: &[Section<'_>]) -> Result<(), PdfError> {
    let Some(stream) = &section.hybrid else {
        return Ok(());
    };
    for (first, count) in stream.ranges() {
        for number in first..first.saturating_add(count) {
            let modern = stream.entry(number).unwrap_or(XrefEntry::Free);
            if conflicts(section, older, number, modern)? {
                let error = PdfError::at(section.offset, Fault::HybridConflict);
                return Err(error.within(ObjectId::new(number)));
            }
        }
    }
    Ok(())
}

fn conflicts(
    section: &Section<'_>,
    older: &[Section<'_>],
    number: u32,
    modern: XrefEntry,
) -> Result<bool, PdfError> {
    // Both entries in one section: readers differ on which counts.
    if let Some(own) = section.own_entry(number)? {
        return Ok(own != modern);
    }
    let mut classic = XrefEntry::Free;
    for section in older {
        if let Some(entry) = section.own_entry(number)? {
            classic = entry;
            break;
        }
    }
    Ok(classic != XrefEntry::Free && classic != modern)
}
