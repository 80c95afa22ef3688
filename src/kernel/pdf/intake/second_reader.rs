//! A second opinion: another reader must see the same document.
//!
//! What two readers understand differently could be signed as one document and
//! shown as another. lopdf, strict and bounded, is asked for the catalog and the
//! pages; it never writes anything.

use super::super::limits::Limits;
use super::super::object::ObjectId;
use super::refusal::{Refusal, RefusalReason};
use lopdf::{Document, LoadOptions};

/// Refuses a file in which lopdf sees another catalog or other pages.
pub(super) fn check_agreement(
    bytes: &[u8],
    limits: &Limits,
    catalog: ObjectId,
    pages: &[ObjectId],
) -> Result<(), Refusal> {
    let options = LoadOptions {
        strict: true,
        max_decompressed_size: Some(limits.inflated),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| {
        let detail = format!("a second reader does not read the file: {error}");
        Refusal::new(RefusalReason::Ambiguous, None, detail)
    })?;
    let root = document
        .trailer
        .get(b"Root")
        .and_then(lopdf::Object::as_reference);
    if root.ok() != Some((catalog.number, catalog.generation)) {
        let detail = "a second reader finds another catalog";
        return Err(Refusal::new(
            RefusalReason::Ambiguous,
            Some(catalog),
            detail,
        ));
    }
    let seen = document.page_iter();
    let ours = pages.iter().map(|page| (page.number, page.generation));
    if !seen.eq(ours) {
        let detail = "a second reader finds other pages";
        return Err(Refusal::new(RefusalReason::Ambiguous, None, detail));
    }
    Ok(())
}
