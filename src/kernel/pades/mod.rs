//! PAdES baseline signatures (EN 319 142-1, clause 6): B-B, B-T, B-LT, B-LTA as
//! types that consume each other.
//!
//! ```text
//! Prepared --certificate--> ToBeSigned --signature value--> BaselineB
//!   --signature timestamp--> BaselineT --validation data--> BaselineLt
//!   --document timestamp--> BaselineLta --validation data--> BaselineLt …
//! ```
//!
//! The digest to be signed exists from [`ToBeSigned`] on and does not change any
//! more: an approval names it, and whatever comes after (timestamps, validation
//! data) never touches what was signed. The last arrow, from B-LTA back to B-LT,
//! is the renewal of archive timestamps; it repeats without end.
//!
//! No key, clock or network is used here: values and tokens are arguments, and a
//! token that does not cover what it should is refused.

mod baseline;
mod compose;
mod level;
mod long_term;
mod to_be_signed;

pub use baseline::{BaselineB, BaselineT};
pub use compose::{ComposeError, Composition, FurtherSignature};
pub use level::{Level, UnknownLevel};
pub use long_term::{BaselineLt, BaselineLta, DocumentTimestamp};
pub use to_be_signed::{RestoreError, ToBeSigned};

use crate::kernel::pdf::PdfError;
use crate::kernel::pdf::signing::{HoleTooSmall, PrepareError};
use crate::kernel::tsp::TspError;

/// Why a level cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PadesError {
    /// The value does not fit the hole that was made for it.
    #[error(transparent)]
    Hole(#[from] HoleTooSmall),
    /// The file cannot take another revision.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The file cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The timestamp token is malformed.
    #[error(transparent)]
    Token(#[from] TspError),
    /// The token is over something else.
    #[error("the timestamp token does not cover what it was asked for")]
    Imprint,
}
