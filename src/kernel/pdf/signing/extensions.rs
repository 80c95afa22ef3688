//! The developer extension that EN 319 142-1, 5.6 asks for: `/ESIC` in the
//! catalog's `/Extensions` (ISO 32000-2, 7.12).

use crate::kernel::pdf::{PdfError, Update};

/// Declares the extension where the catalog does not yet.
pub(super) fn declare_esic(update: &mut Update<'_>) -> Result<(), PdfError> {
    let pdf = update.pdf();
    let extensions = pdf.get(&pdf.catalog()?, "Extensions")?;
    let declared = extensions
        .as_dictionary()
        .is_some_and(|extensions| extensions.get("ESIC").is_some());
    if declared {
        return Ok(());
    }
    let value = b"<</BaseVersion/1.7/ExtensionLevel 1>>";
    update.set_in(pdf.catalog_id()?, &["Extensions", "ESIC"], value)
}
