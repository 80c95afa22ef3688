//! A QR code on a page, beside what the page already shows.
//!
//! The page's content streams stay as they are (ISO 32000-2, 7.8.2): one that saves
//! the graphics state goes before them, one that restores it and paints the code
//! after them, and the code's form gets a name of its own among the page's resources.
//! In a tagged file the code is an artifact (14.8.2.2).
//!
//! It does not look whether the place is free: the office chooses it.

use hayro::hayro_syntax::content::UntypedIter;

use super::{MINIMUM_SIDE, QrForm};
use crate::kernel::pdf::content::number;
use crate::kernel::pdf::placement::{self, PageGeometry, Placement, PlacementError, Rotation};
use crate::kernel::pdf::{Dictionary, Object, ObjectId, Page, Pdf, PdfError, Update, splice};

/// Distance of a code from the page's edges where no place is named: what most
/// office printers can print.
const EDGE: f64 = 17.0;

/// Why a code cannot be drawn on a page.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum QrPageError {
    /// The file cannot be read so far.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The page or the rectangle is wrong.
    #[error(transparent)]
    Placement(#[from] PlacementError),
    /// The rectangle is too small for a code that reads from a print.
    #[error(
        "a QR code of {side:.1} points does not read from a print: it needs {MINIMUM_SIDE:.1} (2.5 cm)"
    )]
    TooSmall {
        /// The shorter side of the rectangle, in points.
        side: f64,
    },
    /// The update has drawn on the page already.
    #[error("page {page} gets one QR code, not two")]
    Twice {
        /// From 1.
        page: u32,
    },
}

/// Draws a code on the page with this number (from 1): in the lower left of `rect`
/// (x, y, width, height in points from the lower left of the page as displayed), or in
/// the page's lower right corner at the least size.
pub fn draw_on_page(
    update: &mut Update<'_>,
    number: u32,
    rect: Option<[f64; 4]>,
    code: QrForm,
) -> Result<(), QrPageError> {
    let pdf = update.pdf();
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let page = pdf.page(index)?;
    let page = page.ok_or(PlacementError::NoSuchPage(number))?;
    let rect = match rect {
        Some(rect) => rect,
        None => corner(&PageGeometry::of(pdf, &page)?),
    };
    let [x, y, width, height] = rect;
    let side = width.min(height);
    if side < MINIMUM_SIDE - 0.05 {
        return Err(QrPageError::TooSmall { side });
    }
    let square = Placement::Rect {
        page: number,
        rect: [x, y, side, side],
    };
    let placed = placement::resolve(pdf, &square)?;
    let name = name_form(update, &page, code.id)?;
    let matrix = matrix(placed.rotation, placed.rect);
    let drawing = format!("q {matrix} cm/{name} Do Q");
    surround(update, &page, &drawing)
}

fn corner(geometry: &PageGeometry) -> [f64; 4] {
    let (width, _) = geometry.displayed_size();
    [
        width - EDGE - MINIMUM_SIDE,
        EDGE,
        MINIMUM_SIDE,
        MINIMUM_SIDE,
    ]
}

/// Lays the unit square upright on a rectangle of a turned page.
fn matrix(rotation: Rotation, [left, bottom, right, top]: [f64; 4]) -> String {
    let (across, up) = (right - left, top - bottom);
    let matrix = match rotation {
        Rotation::None => [across, 0.0, 0.0, up, left, bottom],
        Rotation::Clockwise90 => [0.0, up, -across, 0.0, right, bottom],
        Rotation::Half => [-across, 0.0, 0.0, -up, right, top],
        Rotation::Clockwise270 => [0.0, -up, across, 0.0, left, top],
    };
    matrix.map(number).join(" ")
}

/// Enters the form into the resources the page uses, its own or inherited, under a
/// name that nothing there has.
fn name_form(
    update: &mut Update<'_>,
    page: &Page<'_>,
    form: ObjectId,
) -> Result<String, QrPageError> {
    let pdf = update.pdf();
    let resources = match page.attribute("Resources") {
        Some(resources) => pdf.resolve(resources)?,
        None => Object::Null,
    };
    let known = match resources.as_dictionary() {
        Some(resources) => pdf.get(resources, "XObject")?,
        None => Object::Null,
    };
    let mut name = format!("AbsahQR{}", form.number);
    while known
        .as_dictionary()
        .is_some_and(|known| known.get(&name).is_some())
    {
        name.push('x');
    }
    let owner = owner_of_resources(pdf, page)?;
    let reference = form.reference();
    update.set_in(
        owner,
        &["Resources", "XObject", &name],
        reference.as_bytes(),
    )?;
    Ok(name)
}

/// The page, or the node above it that it inherits its resources from.
fn owner_of_resources(pdf: &Pdf<'_>, page: &Page<'_>) -> Result<ObjectId, PdfError> {
    if page.dictionary.get("Resources").is_some() || page.attribute("Resources").is_none() {
        return Ok(page.id);
    }
    let parent = |dictionary: &Dictionary<'_>| dictionary.get("Parent")?.as_reference();
    let mut above = parent(&page.dictionary);
    // The walk to the page bounded its depth already; /Parent may say otherwise.
    for _ in 0..pdf.limits().depth {
        let Some(id) = above else { break };
        let Object::Dictionary(node) = pdf.object(id)? else {
            break;
        };
        if node.get("Resources").is_some() {
            return Ok(id);
        }
        above = parent(&node);
    }
    Err(PdfError::structure(
        page.id,
        "/Parent does not lead up the page tree",
    ))
}

/// Puts `drawing` after the page's content, in the page's initial graphics state.
fn surround(update: &mut Update<'_>, page: &Page<'_>, drawing: &str) -> Result<(), QrPageError> {
    let pdf = update.pdf();
    let current = update.current(page.id)?.into_owned();
    let streams = content_streams(pdf, page.id, &splice::dictionary(&current)?)?;
    if streams.iter().any(|stream| stream.number >= pdf.size()) {
        let page = u32::try_from(page.number).unwrap_or(u32::MAX);
        return Err(QrPageError::Twice { page });
    }
    let mut content = Vec::new();
    for stream in &streams {
        if let Some(stream) = pdf.object(*stream)?.as_stream() {
            content.extend_from_slice(&pdf.stream_data(stream)?);
            content.push(b'\n');
        }
    }
    // With a state saved before it, a surplus Q would undo what it did not undo
    // before: the page would look otherwise. Better no code.
    let left = states_left(&content);
    let left = left.ok_or_else(|| PdfError::structure(page.id, "its content has a Q too many"))?;
    let restore = "Q ".repeat(left + 1);
    let before = update.add_stream(b"", b"q\n", false);
    let after = format!("\n{restore}/Artifact BMC {drawing} EMC\n");
    let after = update.add_stream(b"", after.as_bytes(), false);
    let mut all = vec![before];
    all.extend(streams);
    all.push(after);
    let all: Vec<String> = all.into_iter().map(ObjectId::reference).collect();
    let contents = format!("[{}]", all.join(" "));
    Ok(update.set(page.id, "Contents", contents.as_bytes())?)
}

fn content_streams(
    pdf: &Pdf<'_>,
    page: ObjectId,
    dictionary: &Dictionary<'_>,
) -> Result<Vec<ObjectId>, PdfError> {
    let Some(contents) = dictionary.get("Contents") else {
        return Ok(Vec::new());
    };
    let resolved = match contents.as_reference() {
        Some(id) => pdf.object(id)?,
        None => contents.clone(),
    };
    let streams: Option<Vec<ObjectId>> = match &resolved {
        Object::Array(array) => array.iter().map(Object::as_reference).collect(),
        Object::Null => Some(Vec::new()),
        _ => contents.as_reference().map(|id| vec![id]),
    };
    streams.ok_or_else(|| PdfError::structure(page, "/Contents are not streams"))
}

/// How many graphics states `content` saves and does not restore; `None` when it
/// restores more than it saved.
fn states_left(content: &[u8]) -> Option<usize> {
    let mut saved = 0_usize;
    let mut operations = UntypedIter::new(content);
    while let Some(operation) = operations.next() {
        match &**operation.operator {
            b"q" => saved = saved.checked_add(1)?,
            b"Q" => saved = saved.checked_sub(1)?,
            _ => {}
        }
    }
    Some(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_states_are_counted_outside_strings_and_images() {
        assert_eq!(states_left(b""), Some(0));
        assert_eq!(states_left(b"q 1 0 0 1 0 0 cm Q"), Some(0));
        assert_eq!(states_left(b"q q (Q Q) Tj Q"), Some(1));
        assert_eq!(states_left(b"0.24 0 0 -0.24 0 842 cm q"), Some(1));
        assert_eq!(states_left(b"q BI /W 1/H 1/BPC 8/CS/G ID Q EI Q"), Some(0));
        assert_eq!(states_left(b"q Q Q q"), None);
    }
}
