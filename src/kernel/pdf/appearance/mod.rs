//! The visible signature block (ISO 32000-2, 12.7.5.5 and 12.5.5): who signed, in
//! which office, the QR code, and who certified the key.
//!
//! [`Template`] is the layout as data, [`SignatureBlock`] the content. A
//! [`BlockPrinter`] sets a block once for a size and writes it into any number of
//! files: as one form XObject with embedded font subsets, ICC-based gray only and no
//! transparency, so that a PDF/A file of any part stays one.
//!
//! It does not place the block on a page (`placement`), write the widget or the
//! signature (`pades`), or make text accessible by tags: in a PDF/A file of level A
//! the block is, like any annotation's appearance, outside the structure tree.

mod block;
mod fit;
mod prepared;
mod template;

pub use block::{Certifier, SignatureBlock};
pub use prepared::{BlockPrinter, PreparedBlock};
pub use template::{BUILT_IN_FONTS, Template};

use super::font::FontError;

/// Which layout of the template is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Arrangement {
    /// The one that suits the rectangle's shape, or another that fits.
    #[default]
    Fitting,
    /// This one, by its name in the template.
    Named(String),
}

/// Why a block cannot be drawn.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum AppearanceError {
    /// The template is wrong.
    #[error("the signature block's template is wrong: {0}")]
    Template(String),
    /// The template has no layout of this name.
    #[error("the signature block's template has no layout called {0:?}")]
    UnknownLayout(String),
    /// A font is unusable, or lacks a character.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The rectangle does not hold the text at legible sizes and the QR code at
    /// 2.5 cm.
    #[error(
        "the signature block does not fit {width:.0} x {height:.0} points: layout {layout} needs {needed_width:.0} x {needed_height:.0}"
    )]
    TooSmall {
        /// The layout that came nearest to the rectangle's shape.
        layout: String,
        /// Width given, in points.
        width: f64,
        /// Height given.
        height: f64,
        /// Width that would do.
        needed_width: f64,
        /// Height that would do at that width.
        needed_height: f64,
    },
    /// The block was prepared with a QR code and drawn without, or the reverse.
    #[error("the block was prepared for another choice of QR code")]
    QrMismatch,
}
