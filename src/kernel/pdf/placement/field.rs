//! Finds an empty signature field by its full name (ISO 32000-2, 12.7.4.2) and the
//! page its widget is on.

use std::collections::BTreeSet;

use super::geometry::corners;
use super::{PageGeometry, Placed, PlacementError, Rotation, on_page};
use crate::kernel::pdf::{Dictionary, Object, ObjectId, Page, Pdf, PdfError};

/// Depth of the field tree that is searched.
const MAXIMUM_DEPTH: usize = 32;

/// The place of the field called `name`.
pub(super) fn resolve(pdf: &Pdf<'_>, name: &str) -> Result<Placed, PlacementError> {
    let found = search(pdf, name)?;
    let found = found.ok_or_else(|| PlacementError::NoSuchField(name.to_owned()))?;
    if !found.is_signature {
        return Err(PlacementError::NotASignatureField(name.to_owned()));
    }
    if found.has_value {
        return Err(PlacementError::FieldSigned(name.to_owned()));
    }
    let wrong = |reason| PlacementError::FieldWidget {
        name: name.to_owned(),
        reason,
    };
    let Object::Dictionary(field) = pdf.object(found.id)? else {
        return Err(PlacementError::NoSuchField(name.to_owned()));
    };
    let widget = match kids(pdf, &field)?.as_slice() {
        [] => found.id,
        [widget] => *widget,
        _ => return Err(wrong("has several widgets")),
    };
    let Object::Dictionary(annotation) = pdf.object(widget)? else {
        return Err(wrong("has no widget"));
    };
    let rect = corners(pdf, &pdf.get(&annotation, "Rect")?)?;
    let rect = rect.ok_or(wrong("has no /Rect"))?;
    let page = page_of(pdf, &annotation, widget)?.ok_or(wrong("is on no page"))?;
    place(pdf, &page, rect)
}

/// A field with an empty rectangle is an invisible one (12.7.5.5).
fn place(pdf: &Pdf<'_>, page: &Page<'_>, rect: [f64; 4]) -> Result<Placed, PlacementError> {
    let [left, bottom, right, top] = rect;
    if left == right || bottom == top {
        return Ok(Placed {
            page: page.id,
            page_number: u32::try_from(page.number).unwrap_or(u32::MAX),
            rect,
            displayed: [0.0; 4],
            rotation: Rotation::None,
        });
    }
    let geometry = PageGeometry::of(pdf, page)?;
    let mut placed = on_page(page, &geometry, geometry.to_displayed(rect))?;
    placed.rect = rect;
    Ok(placed)
}

struct Found {
    id: ObjectId,
    is_signature: bool,
    has_value: bool,
}

/// A node of the field tree still to be looked at.
struct Pending {
    id: ObjectId,
    depth: usize,
    /// The full name of the node above, with a full stop at its end.
    prefix: String,
    is_signature: bool,
}

fn search(pdf: &Pdf<'_>, name: &str) -> Result<Option<Found>, PlacementError> {
    let catalog = pdf.catalog()?;
    let form = pdf.get(&catalog, "AcroForm")?;
    let Some(form) = form.as_dictionary() else {
        return Ok(None);
    };
    let fields = references(&pdf.get(form, "Fields")?);
    let root = |id: &ObjectId| Pending {
        id: *id,
        depth: 0,
        prefix: String::new(),
        is_signature: false,
    };
    let mut pending: Vec<Pending> = fields.iter().rev().map(root).collect();
    let mut seen = BTreeSet::new();
    while let Some(node) = pending.pop() {
        if node.depth > MAXIMUM_DEPTH || !seen.insert(node.id) {
            continue;
        }
        let Object::Dictionary(field) = pdf.object(node.id)? else {
            continue;
        };
        let is_signature = match pdf.get(&field, "FT")?.as_name() {
            Some(kind) => *kind == "Sig",
            None => node.is_signature,
        };
        let partial = pdf.get(&field, "T")?;
        let full = match partial.as_string() {
            Some(partial) => format!("{}{}", node.prefix, partial.text()),
            None => continue,
        };
        if full == name {
            return Ok(Some(Found {
                id: node.id,
                is_signature,
                has_value: !pdf.get(&field, "V")?.is_null(),
            }));
        }
        if name.starts_with(&full) {
            let below = references(&pdf.get(&field, "Kids")?);
            pending.extend(below.iter().rev().map(|id| Pending {
                id: *id,
                depth: node.depth + 1,
                prefix: format!("{full}."),
                is_signature,
            }));
        }
    }
    Ok(None)
}

fn kids(pdf: &Pdf<'_>, field: &Dictionary<'_>) -> Result<Vec<ObjectId>, PdfError> {
    Ok(match field.get("Kids") {
        Some(kids) => references(&pdf.resolve(kids)?),
        None => Vec::new(),
    })
}

fn references(array: &Object<'_>) -> Vec<ObjectId> {
    let items = array.as_array().map(|array| array.iter());
    items
        .into_iter()
        .flatten()
        .filter_map(Object::as_reference)
        .collect()
}

/// The page whose /Annots hold the widget: the one that /P names if it does, else
/// the first that does.
fn page_of<'p>(
    pdf: &'p Pdf<'_>,
    annotation: &Dictionary<'_>,
    widget: ObjectId,
) -> Result<Option<Page<'p>>, PdfError> {
    let named = annotation.get("P").and_then(Object::as_reference);
    let mut holder = None;
    for page in pdf.pages()? {
        let annotations = pdf.get(&page.dictionary, "Annots")?;
        if !references(&annotations).contains(&widget) {
            continue;
        }
        if named == Some(page.id) {
            return Ok(Some(page));
        }
        holder = holder.or(Some(page));
    }
    Ok(holder)
}
