//! Signature fields merged with their widget annotation (ISO 32000-2, 12.7.5.5,
//! 12.5.6.19): made new, or filled where the document has one.
//!
//! PDF/A asks that a widget prints, is not hidden, and has an appearance unless
//! its rectangle is empty (ISO 19005-2, 6.3); all of that holds here.

use crate::kernel::pdf::content::number;
use crate::kernel::pdf::field_tree::Field;
use crate::kernel::pdf::strings::write_text;
use crate::kernel::pdf::{Dictionary, Entry, ObjectId, Pdf, PdfError, Update};

/// Print and Locked (12.5.3, table 167).
const FLAGS: &str = "132";

/// Where a signature shows, and what.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// The page.
    pub page: ObjectId,
    /// Lower left and upper right corner in default user space.
    pub rect: [f64; 4],
    /// The form XObject that is drawn; needed where the rectangle is not empty.
    pub appearance: Option<ObjectId>,
}

impl Widget {
    /// A widget that shows nothing.
    #[must_use]
    pub fn invisible(page: ObjectId) -> Self {
        Self {
            page,
            rect: [0.0; 4],
            appearance: None,
        }
    }
}

/// Writes a new signature field, signed or empty, and puts it on its page.
pub(super) fn put_field(
    update: &mut Update<'_>,
    name: &str,
    widget: &Widget,
    signature: Option<ObjectId>,
) -> Result<ObjectId, PdfError> {
    let mut body = b"<</Type/Annot/Subtype/Widget/FT/Sig/T".to_vec();
    body.extend(write_text(name));
    body.extend_from_slice(format!("/F {FLAGS}/P {}", widget.page.reference()).as_bytes());
    body.extend_from_slice(format!("/Rect[{}]", widget.rect.map(number).join(" ")).as_bytes());
    if let Some(appearance) = widget.appearance {
        body.extend_from_slice(format!("/AP{}", appearances(appearance)).as_bytes());
    }
    if let Some(signature) = signature {
        body.extend_from_slice(format!("/V {}", signature.reference()).as_bytes());
    }
    body.extend_from_slice(b">>");
    let field = update.add(body);
    update.append(widget.page, "Annots", field.reference().as_bytes())?;
    Ok(field)
}

/// Fills an empty field and gives the entries of its `/Lock`.
pub(super) fn fill_field<'p>(
    update: &mut Update<'p>,
    field: &Field<'p>,
    appearance: Option<ObjectId>,
    signature: ObjectId,
) -> Result<Option<Vec<u8>>, PdfError> {
    update.set(field.id, "V", signature.reference().as_bytes())?;
    if let Some(appearance) = appearance {
        let (id, dictionary) = widget_of(field)?;
        update.set(id, "AP", appearances(appearance).as_bytes())?;
        if dictionary.get("F").is_none() {
            update.set(id, "F", FLAGS.as_bytes())?;
        }
    }
    lock_entries(update.pdf(), field)
}

/// The widget annotation: merged with the field, or its only kid.
fn widget_of<'p>(field: &Field<'p>) -> Result<(ObjectId, Dictionary<'p>), PdfError> {
    if field.dictionary.get("Rect").is_some() {
        return Ok((field.id, field.dictionary.clone()));
    }
    let kid = field.widgets.first().cloned();
    kid.ok_or_else(|| PdfError::structure(field.id, "the field has no widget"))
}

/// `/Action` and `/Fields` of the field's lock, as they go into the parameters of
/// its FieldMDP (12.8.2.4).
fn lock_entries(pdf: &Pdf<'_>, field: &Field<'_>) -> Result<Option<Vec<u8>>, PdfError> {
    let Some(lock) = field.dictionary.get("Lock") else {
        return Ok(None);
    };
    let owner = lock.as_reference().unwrap_or(field.id);
    let source = pdf.indirect(owner)?.map_or(&[][..], |found| found.source);
    let lock = pdf.resolve(lock)?;
    let lock = lock
        .as_dictionary()
        .ok_or_else(|| PdfError::structure(owner, "/Lock is not a dictionary"))?;
    let kept = |entry: &&Entry<'_>| entry.key == "Action" || entry.key == "Fields";
    let mut entries = Vec::new();
    for entry in lock.entries.iter().filter(kept) {
        entries.extend_from_slice(entry.key_span.of(source));
        entries.push(b' ');
        entries.extend_from_slice(entry.value_span.of(source));
    }
    Ok(Some(entries))
}

fn appearances(normal: ObjectId) -> String {
    format!("<</N {}>>", normal.reference())
}
