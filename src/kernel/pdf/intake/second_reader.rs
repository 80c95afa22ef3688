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

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n\
        xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n\
        0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n142\n%%EOF\n";

    fn reason(catalog: u32, pages: &[u32]) -> Option<RefusalReason> {
        let pages: Vec<_> = pages.iter().copied().map(ObjectId::new).collect();
        let limits = Limits::default();
        let agreement = check_agreement(FILE, &limits, ObjectId::new(catalog), &pages);
        agreement.err().map(|refusal| refusal.reason)
    }

    #[test]
    fn another_catalog_or_other_pages() {
        assert_eq!(reason(1, &[3]), None);
        assert_eq!(reason(2, &[3]), Some(RefusalReason::Ambiguous));
        assert_eq!(reason(1, &[3, 4]), Some(RefusalReason::Ambiguous));
        assert_eq!(reason(1, &[]), Some(RefusalReason::Ambiguous));
    }
}
