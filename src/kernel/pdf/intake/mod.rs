//! What may be signed: the inspection of a submitted file.
//!
//! A file is admitted when it reads strictly, when a second reader sees the same
//! pages in it, and when nothing in it can change what it shows: no scripts or
//! automatic actions, no layers to switch, no data from elsewhere. Every refusal
//! names its reason and the object. Links that open a web address, and jumps
//! inside the document, are no reason to refuse.

mod active;
mod metadata;
mod refusal;
mod second_reader;
mod walk;

pub use metadata::PdfA;
pub use refusal::{Refusal, RefusalReason};

use super::limits::Limits;
use super::object::{Dictionary, ObjectId};
use super::reader::Pdf;
use super::signatures::{SignatureField, signature_fields};

/// A file that may be signed, with what an office wants to know of it.
#[derive(Debug)]
pub struct Intake<'a> {
    /// The file.
    pub pdf: Pdf<'a>,
    /// The number of pages.
    pub pages: usize,
    /// The part and level of PDF/A that it claims.
    pub pdf_a: Option<PdfA>,
    /// The names of its signed signature fields.
    pub signed_fields: Vec<String>,
    /// The names of its empty signature fields.
    pub empty_fields: Vec<String>,
    /// What a certification signature permits (DocMDP, ISO 32000-2, 12.8.2.2): at 1
    /// nothing more may be signed.
    pub doc_mdp: Option<u8>,
    /// Whether it has an interactive form.
    pub has_form: bool,
}

/// Inspects a file from an unknown hand.
pub fn inspect<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Intake<'a>, Refusal> {
    let pdf = Pdf::read(bytes, limits)?;
    let catalog_id = pdf.catalog_id()?;
    let pages: Vec<ObjectId> = pdf.pages()?.iter().map(|page| page.id).collect();
    if pages.is_empty() {
        let detail = "the file has no pages";
        return Err(Refusal::new(
            RefusalReason::Malformed,
            Some(catalog_id),
            detail,
        ));
    }
    let facts = {
        let catalog = pdf.catalog()?;
        check_catalog(&pdf, catalog_id, &catalog)?;
        walk::check_objects(&pdf)?;
        Facts::read(&pdf, &catalog)?
    };
    second_reader::check_agreement(bytes, limits, catalog_id, &pages)?;
    Ok(Intake {
        pages: pages.len(),
        pdf_a: facts.pdf_a,
        signed_fields: facts.signed_fields,
        empty_fields: facts.empty_fields,
        doc_mdp: facts.doc_mdp,
        has_form: facts.has_form,
        pdf,
    })
}

/// Refuses what the catalog alone shows.
fn check_catalog<'p>(
    pdf: &'p Pdf<'p>,
    id: ObjectId,
    catalog: &Dictionary<'p>,
) -> Result<(), Refusal> {
    if catalog.get("OCProperties").is_some() {
        let detail = "the document has layers (/OCProperties)";
        return Err(Refusal::new(
            RefusalReason::OptionalContent,
            Some(id),
            detail,
        ));
    }
    let form = pdf.get(catalog, "AcroForm")?;
    if form
        .as_dictionary()
        .is_some_and(|form| form.get("XFA").is_some())
    {
        let reference = catalog.get("AcroForm").and_then(|form| form.as_reference());
        let detail = "the form is an XFA form";
        return Err(Refusal::new(
            RefusalReason::Xfa,
            reference.or(Some(id)),
            detail,
        ));
    }
    Ok(())
}

/// What is told of an admitted file.
struct Facts {
    pdf_a: Option<PdfA>,
    signed_fields: Vec<String>,
    empty_fields: Vec<String>,
    doc_mdp: Option<u8>,
    has_form: bool,
}

impl Facts {
    fn read<'p>(pdf: &'p Pdf<'p>, catalog: &Dictionary<'p>) -> Result<Self, Refusal> {
        let fields = signature_fields(pdf)?;
        let doc_mdp = certification(pdf, catalog, &fields)?;
        let (signed, empty): (Vec<_>, Vec<_>) = fields
            .into_iter()
            .partition(|field| field.signature.is_some());
        let names =
            |fields: Vec<SignatureField<'_>>| fields.into_iter().map(|field| field.name).collect();
        Ok(Self {
            pdf_a: metadata::pdf_a(pdf, catalog)?,
            signed_fields: names(signed),
            empty_fields: names(empty),
            doc_mdp,
            has_form: !pdf.get(catalog, "AcroForm")?.is_null(),
        })
    }
}

/// The permission of the signature that /Perms names, or, where none is named, the
/// narrowest of any signature.
fn certification<'p>(
    pdf: &'p Pdf<'p>,
    catalog: &Dictionary<'p>,
    fields: &[SignatureField<'_>],
) -> Result<Option<u8>, Refusal> {
    let perms = pdf.get(catalog, "Perms")?;
    let named = perms
        .as_dictionary()
        .and_then(|perms| perms.get("DocMDP")?.as_reference());
    let signatures = || fields.iter().filter_map(|field| field.signature.as_ref());
    let certifying = signatures().find(|signature| Some(signature.id) == named);
    let narrowest = signatures().filter_map(|signature| signature.doc_mdp).min();
    Ok(certifying
        .and_then(|signature| signature.doc_mdp)
        .or(narrowest))
}
