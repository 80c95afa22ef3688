//! Where a visible signature goes: on a page and rectangle, at a tag character in
//! the page's text, or in a field that the file already has.
//!
//! Callers think of the page as it is displayed: points (1/72 inch) from its lower
//! left corner after /Rotate, /CropBox and /UserUnit. [`resolve`] turns that into
//! default user space, which is what an annotation's /Rect is written in, and
//! says how the block must be turned to stand upright.
//!
//! Whether the signature block fits the rectangle, and the least size of its QR
//! code, is checked where it is set (`appearance`), because it depends on the text.

mod field;
mod geometry;
mod tag;
mod written;

use serde::{Deserialize, Serialize};

pub use geometry::{PageGeometry, Rotation};

use super::{ObjectId, Page, Pdf, PdfError};
use written::Written;

/// Where a signature is to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Placement {
    /// Nowhere.
    Invisible,
    /// On a page, in a rectangle.
    Rect {
        /// From 1.
        page: u32,
        /// x, y, width, height in points from the lower left of the page as displayed.
        rect: [f64; 4],
    },
    /// At a character found in the text of a page.
    Tag(Tag),
    /// In an empty signature field of the file, by its full name.
    Field(String),
}

/// A tag character and the size of what is put there, in points as displayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tag {
    /// The character to look for.
    pub character: char,
    /// Width of the block.
    pub width: f64,
    /// Height of the block.
    pub height: f64,
    /// Which point of the block stands on the character.
    pub anchor: Anchor,
    /// What happens when it occurs more than once.
    pub occurrence: Occurrence,
}

/// Which point of the block stands on the tag character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// Its middle: right for tags in a centred signature column, whatever the size.
    #[default]
    Center,
    /// Its lower left corner, on the character's origin.
    LowerLeft,
    /// Its upper left corner, on the character's.
    UpperLeft,
}

/// Which occurrence of a tag character counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occurrence {
    /// It must be the only one: a signature in the wrong place cannot be taken back.
    #[default]
    Only,
    /// The first on the last page that has one, where signatures stand in letters. For
    /// callers who cannot promise that the character is used once (the BSrE interface
    /// does not say what it does then).
    Last,
}

/// A resolved placement.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The page object.
    pub page: ObjectId,
    /// Its number, from 1.
    pub page_number: u32,
    /// Left, bottom, right, top in default user space: the annotation's /Rect. All 0
    /// when invisible.
    pub rect: [f64; 4],
    /// x, y, width, height in points from the lower left of the page as displayed.
    pub displayed: [f64; 4],
    /// How the page is turned for display.
    pub rotation: Rotation,
}

impl Placed {
    /// Whether there is anything to draw.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        let [_, _, width, height] = self.displayed;
        width > 0.0 && height > 0.0
    }

    /// Width and height of the block in points.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        let [_, _, width, height] = self.displayed;
        (width, height)
    }
}

/// Why a placement cannot be resolved.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PlacementError {
    /// The file cannot be read so far.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// There is no such page.
    #[error("the file has no page {0}")]
    NoSuchPage(u32),
    /// A page's boxes, rotation or unit make no sense.
    #[error("page {page}: {reason}")]
    Page {
        /// From 1.
        page: u32,
        /// What is wrong.
        reason: &'static str,
    },
    /// The rectangle is empty, or not made of numbers.
    #[error("a rectangle needs a width and a height above 0")]
    Empty,
    /// The rectangle is not wholly on the page.
    #[error(
        "the rectangle {x:.1},{y:.1} of {width:.1} x {height:.1} points leaves page {page}, which is displayed as {page_width:.1} x {page_height:.1} points"
    )]
    OutsidePage {
        /// From 1.
        page: u32,
        /// Left edge.
        x: f64,
        /// Lower edge.
        y: f64,
        /// Width asked for.
        width: f64,
        /// Height asked for.
        height: f64,
        /// The page's width as displayed.
        page_width: f64,
        /// The page's height as displayed.
        page_height: f64,
    },
    /// The pages' text cannot be read.
    #[error("the text of the pages cannot be read to find a tag")]
    Unreadable,
    /// The tag character is nowhere.
    #[error("the character {0:?} does not occur in the text of any page")]
    TagNotFound(char),
    /// The tag character occurs more than once.
    #[error("the character {character:?} occurs more than once: {places}")]
    TagAmbiguous {
        /// The character.
        character: char,
        /// Where, in words.
        places: String,
    },
    /// There is no such field.
    #[error("the file has no field {0:?}")]
    NoSuchField(String),
    /// The field is of another type.
    #[error("the field {0:?} is not a signature field")]
    NotASignatureField(String),
    /// The field has a value.
    #[error("the field {0:?} is signed already")]
    FieldSigned(String),
    /// The field's widgets are none, several, or on no page.
    #[error("the field {name:?} {reason}")]
    FieldWidget {
        /// The field's full name.
        name: String,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Finds the page and the rectangle of a placement.
pub fn resolve(pdf: &Pdf<'_>, placement: &Placement) -> Result<Placed, PlacementError> {
    match placement {
        Placement::Invisible => {
            let page = page(pdf, 1)?;
            Ok(Placed {
                page: page.id,
                page_number: 1,
                rect: [0.0; 4],
                displayed: [0.0; 4],
                rotation: Rotation::None,
            })
        }
        Placement::Rect { page: number, rect } => {
            let page = page(pdf, *number)?;
            let geometry = PageGeometry::of(pdf, &page)?;
            on_page(&page, &geometry, *rect)
        }
        Placement::Tag(tag) => tag::resolve(pdf, tag),
        Placement::Field(name) => field::resolve(pdf, name),
    }
}

fn page<'p>(pdf: &'p Pdf<'_>, number: u32) -> Result<Page<'p>, PlacementError> {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let page = pdf.page(index)?;
    page.ok_or(PlacementError::NoSuchPage(number))
}

/// Refuses what leaves the page; a tenth of a point is rounding.
fn on_page(
    page: &Page<'_>,
    geometry: &PageGeometry,
    rect: [f64; 4],
) -> Result<Placed, PlacementError> {
    const TOLERANCE: f64 = 0.1;
    let [x, y, width, height] = rect;
    let finite = rect.iter().all(|value| value.is_finite());
    if !(finite && width > 0.0 && height > 0.0) {
        return Err(PlacementError::Empty);
    }
    let (page_width, page_height) = geometry.displayed_size();
    let inside = x >= -TOLERANCE
        && y >= -TOLERANCE
        && x + width <= page_width + TOLERANCE
        && y + height <= page_height + TOLERANCE;
    let page_number = geometry.number();
    if !inside {
        return Err(PlacementError::OutsidePage {
            page: page_number,
            x,
            y,
            width,
            height,
            page_width,
            page_height,
        });
    }
    Ok(Placed {
        page: page.id,
        page_number,
        rect: geometry.to_user_space(rect),
        displayed: rect,
        rotation: geometry.rotation(),
    })
}
