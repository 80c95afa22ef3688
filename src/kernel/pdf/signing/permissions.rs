//! What the signatures of a document allow a further one to do
//! (ISO 32000-2, 12.8.2.2 and 12.8.6).

use crate::kernel::pdf::field_tree::Field;
use crate::kernel::pdf::signatures::transforms;
use crate::kernel::pdf::{Pdf, PdfError};

use super::dictionary::DocMdp;
use super::prepare::PrepareError;

/// A signature that the document carries forbids another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It is certified with P=1.
    #[error("the document is certified against any change (DocMDP P=1)")]
    NoChanges,
    /// Only the first signature can certify.
    #[error("the document is signed already, so it cannot be certified")]
    CertifyAfterSignature,
}

/// Fails where the document may not take the signature.
pub(super) fn check(
    pdf: &Pdf<'_>,
    fields: &[Field<'_>],
    certify: Option<DocMdp>,
) -> Result<(), PrepareError> {
    if doc_mdp(pdf)? == Some(DocMdp::NoChanges) {
        return Err(Forbidden::NoChanges.into());
    }
    let is_signed = fields
        .iter()
        .any(|field| field.is_signature && field.value.is_some());
    if certify.is_some() && is_signed {
        return Err(Forbidden::CertifyAfterSignature.into());
    }
    Ok(())
}

/// The level at which a document is certified. Without `/P` it is 2 (table 257).
pub fn doc_mdp(pdf: &Pdf<'_>) -> Result<Option<DocMdp>, PdfError> {
    let perms = pdf.get(&pdf.catalog()?, "Perms")?;
    let Some(perms) = perms.as_dictionary() else {
        return Ok(None);
    };
    let signature = pdf.get(perms, "DocMDP")?;
    let Some(signature) = signature.as_dictionary() else {
        return Ok(None);
    };
    let level = transforms::read(pdf, signature)?.doc_mdp;
    Ok(level.map(|level| DocMdp::try_from(level).unwrap_or(DocMdp::NoChanges)))
}
