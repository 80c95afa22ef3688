//! What the signatures of a document allow a further one to do
//! (ISO 32000-2, 12.8.2.2 and 12.8.6).

use crate::kernel::pdf::{Dictionary, Pdf, PdfError};

use super::dictionary::DocMdp;
use super::form::Field;
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
        .any(|field| field.is_signature && field.dictionary.get("V").is_some());
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
    let references = pdf.get(signature, "Reference")?;
    for reference in references.as_array().iter().flat_map(|array| array.iter()) {
        let reference = pdf.resolve(reference)?;
        let dictionary = reference.as_dictionary();
        if let Some(found) = dictionary.filter(|entry| entry.has_name("TransformMethod", "DocMDP"))
        {
            return level(pdf, found).map(Some);
        }
    }
    Ok(None)
}

fn level(pdf: &Pdf<'_>, reference: &Dictionary<'_>) -> Result<DocMdp, PdfError> {
    let parameters = pdf.get(reference, "TransformParams")?;
    let level = parameters
        .as_dictionary()
        .and_then(|parameters| parameters.get("P")?.as_integer());
    let level = level.map_or(Ok(2), u8::try_from);
    // What is not 1, 2 or 3 permits nothing.
    Ok(level
        .ok()
        .and_then(|level| DocMdp::try_from(level).ok())
        .unwrap_or(DocMdp::NoChanges))
}
