//! Signature fields in the tree of form fields (ISO 32000-2, 12.7.4, 12.7.5.5).

use super::super::error::{Fault, PdfError};
use super::super::object::{Dictionary, Object, ObjectId};
use super::super::reader::Pdf;
use super::transforms::{FieldLock, field_lock};
use super::value::Signature;
use std::collections::BTreeSet;

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
    let terminals = terminals(pdf)?.into_iter();
    terminals.map(|terminal| terminal.read(pdf)).collect()
}

/// The objects that hold the values of the signature fields.
pub(super) fn value_ids(pdf: &Pdf<'_>) -> Result<Vec<ObjectId>, PdfError> {
    let holder = |terminal: &Terminal<'_>| {
        let value = terminal.value.as_ref()?;
        Some(value.as_reference().unwrap_or(terminal.id))
    };
    Ok(terminals(pdf)?.iter().filter_map(holder).collect())
}

fn terminals<'p>(pdf: &'p Pdf<'p>) -> Result<Vec<Terminal<'p>>, PdfError> {
    let form = pdf.get(&pdf.catalog()?, "AcroForm")?;
    let Some(form) = form.as_dictionary() else {
        return Ok(Vec::new());
    };
    let mut walk = Walk {
        pdf,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    for id in references(pdf, form, "Fields")? {
        walk.visit(id, &Inherited::default(), 0)?;
    }
    Ok(walk.found)
}

/// What a field inherits from its ancestors (12.7.4.1, Table 226).
#[derive(Clone, Default)]
struct Inherited<'p> {
    name: String,
    is_signature: bool,
    value: Option<Object<'p>>,
}

/// A signature field whose value is not yet read.
struct Terminal<'p> {
    id: ObjectId,
    name: String,
    dictionary: Dictionary<'p>,
    widgets: Vec<SignatureWidget>,
    value: Option<Object<'p>>,
}

impl<'p> Terminal<'p> {
    fn read(self, pdf: &'p Pdf<'p>) -> Result<SignatureField<'p>, PdfError> {
        let signature = match &self.value {
            Some(value) => Signature::read(pdf, self.id, value)?,
            None => None,
        };
        Ok(SignatureField {
            name: self.name,
            id: self.id,
            lock: field_lock(pdf, &self.dictionary)?,
            dictionary: self.dictionary,
            widgets: self.widgets,
            signature,
        })
    }
}

struct Walk<'p> {
    pdf: &'p Pdf<'p>,
    seen: BTreeSet<ObjectId>,
    found: Vec<Terminal<'p>>,
}

impl<'p> Walk<'p> {
    fn visit(&mut self, id: ObjectId, above: &Inherited<'p>, depth: usize) -> Result<(), PdfError> {
        let limit = self.pdf.limits().depth;
        if depth > limit {
            let what = "levels of the field tree";
            return Err(PdfError::from(Fault::TooComplex { what, limit }).within(id));
        }
        if !self.seen.insert(id) {
            return Err(PdfError::structure(id, "the form has a field twice"));
        }
        let Object::Dictionary(dictionary) = self.pdf.object(id)? else {
            return Err(PdfError::structure(id, "a field is not a dictionary"));
        };
        let inherited = self.inherit(above, &dictionary)?;
        let kids = references(self.pdf, &dictionary, "Kids")?;
        let (fields, widgets) = self.sort_kids(kids)?;
        if fields.is_empty() && inherited.is_signature {
            let field = self.terminal(id, dictionary, inherited, widgets)?;
            self.found.push(field);
            return Ok(());
        }
        fields
            .into_iter()
            .try_for_each(|kid| self.visit(kid, &inherited, depth + 1))
    }

    fn inherit(
        &self,
        above: &Inherited<'p>,
        dictionary: &Dictionary<'p>,
    ) -> Result<Inherited<'p>, PdfError> {
        let mut inherited = above.clone();
        if let Some(name) = self.pdf.get(dictionary, "T")?.as_string() {
            if !inherited.name.is_empty() {
                inherited.name.push('.');
            }
            inherited.name.push_str(&name.text());
        }
        if let Some(kind) = self.pdf.get(dictionary, "FT")?.as_name() {
            inherited.is_signature = *kind == "Sig";
        }
        if let Some(value) = dictionary.get("V") {
            inherited.value = Some(value.clone());
        }
        Ok(inherited)
    }

    /// Kids with a name are fields, the others widgets of this field (12.7.4.2).
    fn sort_kids(
        &self,
        kids: Vec<ObjectId>,
    ) -> Result<(Vec<ObjectId>, Vec<SignatureWidget>), PdfError> {
        let mut fields = Vec::new();
        let mut widgets = Vec::new();
        for id in kids {
            let object = self.pdf.object(id)?;
            let Some(kid) = object.as_dictionary() else {
                return Err(PdfError::structure(
                    id,
                    "a kid of a field is not a dictionary",
                ));
            };
            if kid.get("T").is_some() {
                fields.push(id);
            } else {
                widgets.push(SignatureWidget::read(self.pdf, id, kid)?);
            }
        }
        Ok((fields, widgets))
    }

    fn terminal(
        &self,
        id: ObjectId,
        dictionary: Dictionary<'p>,
        inherited: Inherited<'p>,
        mut widgets: Vec<SignatureWidget>,
    ) -> Result<Terminal<'p>, PdfError> {
        if widgets.is_empty() && dictionary.get("Subtype").is_some() {
            widgets.push(SignatureWidget::read(self.pdf, id, &dictionary)?);
        }
        Ok(Terminal {
            id,
            name: inherited.name,
            dictionary,
            widgets,
            value: inherited.value,
        })
    }
}

/// The references of an array; anything else in it is an error.
fn references<'p>(
    pdf: &'p Pdf<'p>,
    dictionary: &Dictionary<'p>,
    key: &str,
) -> Result<Vec<ObjectId>, PdfError> {
    let value = pdf.get(dictionary, key)?;
    let Some(array) = value.as_array() else {
        return Ok(Vec::new());
    };
    array
        .iter()
        .map(|item| {
            item.as_reference()
                .ok_or_else(|| Fault::Structure("a form field is not a reference").into())
        })
        .collect()
}
