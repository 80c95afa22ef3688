//! Signature fields in the tree of form fields (ISO 32000-2, 12.7.4, 12.7.5.5).

use super::super::error::PdfError;
use super::super::field_tree::{Field, terminal_fields};
use super::super::object::{Dictionary, Object, ObjectId};
use super::super::reader::Pdf;
use super::transforms::{FieldLock, field_lock};
use super::value::Signature;

/// A signature field.
#[derive(Clone, Debug)]
pub struct SignatureField<'p> {
    /// The fully qualified name (12.7.4.2).
    pub name: String,
    /// The field's object.
    pub id: ObjectId,
    /// Its dictionary.
    pub dictionary: Dictionary<'p>,
    /// The widgets that show it; merged with the field there is one, the field itself.
    pub widgets: Vec<SignatureWidget>,
    /// What filling it locks (/Lock, 12.7.5.5).
    pub lock: Option<FieldLock>,
    /// The signature, where the field is signed.
    pub signature: Option<Signature<'p>>,
}

/// A widget annotation of a signature field (12.5.6.19).
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureWidget {
    /// The annotation's object.
    pub id: ObjectId,
    /// The page that it says it is on.
    pub page: Option<ObjectId>,
    /// Its rectangle as written: two opposite corners in default user space.
    pub rect: Option<[f64; 4]>,
    /// Its flags (12.5.3).
    pub flags: i64,
}

impl SignatureWidget {
    fn read<'p>(
        pdf: &'p Pdf<'p>,
        id: ObjectId,
        dictionary: &Dictionary<'p>,
    ) -> Result<Self, PdfError> {
        let rect = pdf.get(dictionary, "Rect")?;
        Ok(Self {
            id,
            page: dictionary.get("P").and_then(Object::as_reference),
            rect: corners(pdf, &rect)?,
            flags: pdf.get(dictionary, "F")?.as_integer().unwrap_or(0),
        })
    }
}

fn corners<'p>(pdf: &'p Pdf<'p>, rect: &Object<'p>) -> Result<Option<[f64; 4]>, PdfError> {
    let Some(array) = rect.as_array().filter(|array| array.len() == 4) else {
        return Ok(None);
    };
    let mut corners = [0.0; 4];
    for (corner, value) in corners.iter_mut().zip(array.iter()) {
        match pdf.resolve(value)?.as_number() {
            Some(number) => *corner = number,
            None => return Ok(None),
        }
    }
    Ok(Some(corners))
}

/// Reads every signature field of the form.
pub(super) fn read_all<'p>(pdf: &'p Pdf<'p>) -> Result<Vec<SignatureField<'p>>, PdfError> {
    signature_fields(pdf)?
        .map(|field| SignatureField::read(pdf, field))
        .collect()
}

/// The objects that hold the values of the signature fields.
pub(super) fn value_ids(pdf: &Pdf<'_>) -> Result<Vec<ObjectId>, PdfError> {
    let holder = |field: Field<'_>| {
        let value = field.value?;
        Some(value.as_reference().unwrap_or(field.id))
    };
    Ok(signature_fields(pdf)?.filter_map(holder).collect())
}

fn signature_fields<'p>(pdf: &'p Pdf<'p>) -> Result<impl Iterator<Item = Field<'p>>, PdfError> {
    let fields = terminal_fields(pdf)?.into_iter();
    Ok(fields.filter(|field| field.is_signature))
}

impl<'p> SignatureField<'p> {
    fn read(pdf: &'p Pdf<'p>, field: Field<'p>) -> Result<Self, PdfError> {
        let signature = match &field.value {
            Some(value) => Signature::read(pdf, field.id, value)?,
            None => None,
        };
        Ok(Self {
            widgets: widgets(pdf, &field)?,
            lock: field_lock(pdf, &field.dictionary)?,
            name: field.name,
            id: field.id,
            dictionary: field.dictionary,
            signature,
        })
    }
}

/// The kids that are widgets, else the field itself where it is merged with its only one.
fn widgets<'p>(pdf: &'p Pdf<'p>, field: &Field<'p>) -> Result<Vec<SignatureWidget>, PdfError> {
    if field.widgets.is_empty() && field.dictionary.get("Subtype").is_some() {
        let merged = SignatureWidget::read(pdf, field.id, &field.dictionary)?;
        return Ok(vec![merged]);
    }
    let kids = field.widgets.iter();
    kids.map(|(id, kid)| SignatureWidget::read(pdf, *id, kid))
        .collect()
}
