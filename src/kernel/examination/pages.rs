//! What a file's pages look like: their sizes, where a signature's block will stand, and
//! each of them as a picture. For people who read a document before they sign it.

use serde::{Deserialize, Serialize};

use crate::kernel::pdf::placement::{self, PageGeometry, Placement};
use crate::kernel::pdf::render::{Pages, View};
use crate::kernel::pdf::{Limits, Pdf};

/// Pages whose sizes are told; a permit has a handful.
const MOST_PAGES: usize = 2_000;

/// The pages of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Width and height of each page as displayed, in points.
    pub pages: Vec<(f64, f64)>,
    /// Where the block of the next signature will stand, if it is shown.
    pub block: Option<BlockPlace>,
}

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BlockPlace {
    /// The page, from 1.
    pub page: u32,
    /// x, y, width, height in points from the lower left of the page as displayed.
    pub rect: [f64; 4],
}

/// Why a file's pages cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PagesError {
    /// The file has no such page.
    #[error("the file has no such page")]
    NoSuchPage,
    /// The file cannot be read or drawn.
    #[error("the pages cannot be shown: {0}")]
    Unreadable(String),
}

/// The pages of a file, and where a placement puts a block.
///
/// # Errors
/// The file cannot be read.
pub fn outline(
    file: &[u8],
    limits: &Limits,
    placement: Option<&Placement>,
) -> Result<Outline, PagesError> {
    let pdf = Pdf::read(file, limits).map_err(unreadable)?;
    let mut pages = Vec::new();
    for page in pdf.pages().map_err(unreadable)?.iter().take(MOST_PAGES) {
        let geometry = PageGeometry::of(&pdf, page).map_err(unreadable)?;
        pages.push(geometry.displayed_size());
    }
    let placed = placement.and_then(|placement| placement::resolve(&pdf, placement).ok());
    let block = placed.filter(placement::Placed::is_visible);
    Ok(Outline {
        pages,
        block: block.map(|placed| BlockPlace {
            page: placed.page_number,
            rect: placed.displayed,
        }),
    })
}

/// A page as a PNG file of so many pixels across.
///
/// # Errors
/// There is no such page, or it cannot be drawn.
pub fn picture(file: &[u8], limits: &Limits, page: u32, width: u32) -> Result<Vec<u8>, PagesError> {
    let pdf = Pdf::read(file, limits).map_err(unreadable)?;
    let number = usize::try_from(page).unwrap_or(usize::MAX);
    let found = pdf.page(number).map_err(unreadable)?;
    let found = found.ok_or(PagesError::NoSuchPage)?;
    let (points, _) = PageGeometry::of(&pdf, &found)
        .map_err(unreadable)?
        .displayed_size();
    let view = View {
        page,
        rect: None,
        dpi: f64::from(width) * 72.0 / points.max(1.0),
    };
    let pages = Pages::open(file.to_vec()).map_err(unreadable)?;
    pages.small_png(&view).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> PagesError {
    PagesError::Unreadable(error.to_string())
}
