//! The interactive form (ISO 32000-2, 12.7.3) as signing needs it: where it
//! lives, and registering a new signature field in it.

use crate::kernel::pdf::{Dictionary, Fault, Object, ObjectId, Pdf, PdfError, Update, splice};

/// SignaturesExist and AppendOnly (12.7.3, table 225).
const SIG_FLAGS: &[u8] = b"3";

/// The form of a document.
pub(super) enum Form<'p> {
    /// The catalog names none.
    Absent,
    /// It is written in the catalog.
    InCatalog(Dictionary<'p>),
    /// It is an object of its own.
    Indirect(ObjectId),
}

impl<'p> Form<'p> {
    /// Finds the form of a document.
    pub(super) fn read(pdf: &'p Pdf<'p>) -> Result<Self, PdfError> {
        let catalog = pdf.catalog()?;
        let Some(value) = catalog.get("AcroForm") else {
            return Ok(Self::Absent);
        };
        match (value.as_reference(), pdf.resolve(value)?) {
            (Some(id), Object::Dictionary(_)) => Ok(Self::Indirect(id)),
            (None, Object::Dictionary(form)) => Ok(Self::InCatalog(form)),
            _ => Err(Fault::Structure("/AcroForm is not a dictionary").into()),
        }
    }

    /// Adds new fields and says that the document has signatures.
    pub(super) fn register(
        &self,
        update: &mut Update<'p>,
        fields: &[ObjectId],
    ) -> Result<(), PdfError> {
        let catalog = update.pdf().catalog_id()?;
        match self {
            Self::Absent => {
                let body = format!("<</Fields{}/SigFlags 3>>", array(fields));
                let form = update.add(body.into_bytes());
                update.set(catalog, "AcroForm", form.reference().as_bytes())
            }
            Self::InCatalog(form) => {
                register_in_catalog(update, catalog, form, fields)?;
                update.set_in(catalog, &["AcroForm", "SigFlags"], SIG_FLAGS)
            }
            Self::Indirect(form) => {
                for field in fields {
                    update.append(*form, "Fields", field.reference().as_bytes())?;
                }
                update.set(*form, "SigFlags", SIG_FLAGS)
            }
        }
    }
}

/// Appends to the `/Fields` of a form that is written in the catalog.
fn register_in_catalog(
    update: &mut Update<'_>,
    catalog: ObjectId,
    form: &Dictionary<'_>,
    fields: &[ObjectId],
) -> Result<(), PdfError> {
    let path = ["AcroForm", "Fields"];
    match form.get("Fields") {
        None => update.set_in(catalog, &path, array(fields).as_bytes()),
        Some(Object::Reference(id)) => fields
            .iter()
            .try_for_each(|field| update.append_to(*id, field.reference().as_bytes())),
        Some(_) => {
            let source = update.pdf().indirect(catalog)?.map(|found| found.source);
            let span = form.entry("Fields").map(|entry| entry.value_span);
            let raw = source.zip(span).map(|(source, span)| span.of(source));
            let mut raw = raw.unwrap_or_default().to_vec();
            for field in fields {
                raw = splice::append(&raw, field.reference().as_bytes())?;
            }
            update.set_in(catalog, &path, &raw)
        }
    }
}

/// An array of references.
pub(super) fn array(ids: &[ObjectId]) -> String {
    let references: Vec<_> = ids.iter().map(|id| id.reference()).collect();
    format!("[{}]", references.join(" "))
}
