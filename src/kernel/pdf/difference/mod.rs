//! What changed between the revision that was signed and the file as it is
//! (ISO 32000-2, 12.8.2.2; EN 319 142-1, 5.4).
//!
//! Two readings of the same bytes, the prefix that was signed and the whole,
//! are walked side by side from the trailer. What can be reached from there
//! must be equal, token by token, except at the places where a rule of this
//! room allows a difference: the DSS, signature fields, form values. A place
//! without a rule has none. An object that is reached in two ways is checked in
//! both, so nothing is excused under one name and shown under another.
//!
//! Objects whose cross-reference entry is the same and from which no changed
//! object can be reached are equal without being looked at: the prefix is
//! identical.
//!
//! Not done here: whether signatures added later are any good, and whether a
//! change is seen by the eye.

mod annotations;
mod catalog;
mod defaults;
mod fields;
mod graph;
mod metadata;
mod pages;
mod rules;
mod strict;
mod tags;
mod walk;

pub use graph::EdgeCache;
pub use rules::{Change, ChangeKind, ModificationClass, Rules};

use super::{Pdf, PdfError};

/// Compares the signed revision with the file as it is now.
///
/// # Errors
/// The structure of either cannot be read where it must be compared.
pub fn compare(
    old: &Pdf<'_>,
    new: &Pdf<'_>,
    rules: &Rules,
    cache: &mut EdgeCache,
) -> Result<Vec<Change>, PdfError> {
    let views = graph::Views::new(old, new, cache)?;
    walk::Walk::new(&views, rules).run()
}
