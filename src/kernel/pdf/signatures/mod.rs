//! Signatures as a file carries them (ISO 32000-2, 12.7.5.5 and 12.8): what a
//! validator needs, unjudged. [`range`] holds the rules of /ByteRange and its gap.
//!
//! Nothing here verifies cryptography, and a value is what the file says: a
//! reason or a name is a claim.

mod field;
mod orphans;
pub mod range;
pub(super) mod transforms;
mod value;

pub use field::{SignatureField, SignatureWidget};
pub use orphans::orphan_byte_ranges;
pub use range::RangeViolation;
pub use transforms::{FieldLock, FieldMdp};
pub use value::{ByteRange, Contents, Signature, SignatureKind};

use super::error::{Fault, PdfError};
use super::reader::Pdf;

/// All signature fields in the order of the form, signed and empty.
pub fn signature_fields<'p>(pdf: &'p Pdf<'p>) -> Result<Vec<SignatureField<'p>>, PdfError> {
    let fields = field::read_all(pdf)?;
    let limit = pdf.limits().signatures;
    if fields.len() > limit {
        let what = "signature fields";
        return Err(Fault::TooComplex { what, limit }.into());
    }
    Ok(fields)
}

/// The signed fields alone, in the order they were signed: by the end of what
/// they cover, then as the form has them.
pub fn signatures<'p>(pdf: &'p Pdf<'p>) -> Result<Vec<SignatureField<'p>>, PdfError> {
    let mut fields = signature_fields(pdf)?;
    fields.retain(|field| field.signature.is_some());
    fields.sort_by_key(|field| {
        let signature = field.signature.as_ref();
        signature.and_then(|signature| signature.byte_range.end())
    });
    Ok(fields)
}
