//! PDF (ISO 32000): objects, revisions, incremental update, signature fields, appearance.
//!
//! [`Pdf`] reads strictly and lazily; [`Update`] appends. What was read is never
//! serialised again: changes are spliced into copies of its bytes.
//!
//! ```
//! use absah::kernel::pdf::{Limits, Pdf, Update};
//! # let file = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
//! # 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\nxref\n0 3\n0000000000 65535 f \n\
//! # 0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n96\n%%EOF\n";
//! let pdf = Pdf::read(file, &Limits::default())?;
//! let mut update = Update::new(&pdf);
//! update.set(pdf.catalog_id()?, "Lang", b"(id)")?;
//! let updated = update.finish()?;
//! assert!(updated.starts_with(file));
//! # Ok::<(), absah::kernel::pdf::PdfError>(())
//! ```

pub mod appearance;
mod appendix;
pub mod content;
pub mod dates;
pub mod difference;
mod error;
mod field_tree;
mod filters;
pub mod font;
mod indirect;
pub mod intake;
mod lexer;
mod limits;
mod object;
mod object_stream;
mod pages;
mod parser;
pub mod placement;
pub mod qr;
mod reader;
pub mod render;
mod revisions;
pub mod sheet;
pub mod signatures;
pub mod signing;
pub mod sink;
pub mod splice;
pub mod strings;
mod update;
mod xref;

pub use appendix::{Appendix, Offsets};
pub use error::{Fault, PdfError};
pub use indirect::Indirect;
pub use limits::Limits;
pub use object::{
    Array, Dictionary, Entry, Item, Name, Object, ObjectId, PdfString, Real, Span, Stream,
};
pub use pages::Page;
pub use reader::Pdf;
pub use revisions::{Revision, last_eof};
pub use update::Update;
pub use xref::{SectionForm, XrefEntry};
