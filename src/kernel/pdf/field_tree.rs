//! The tree of form fields (ISO 32000-2, 12.7.4): its terminal fields with what
//! they inherit, for reading signatures and for adding one.

use std::collections::BTreeSet;

use super::error::{Fault, PdfError};
use super::object::{Dictionary, Object, ObjectId};
use super::reader::Pdf;

/// A terminal field of the form.
#[derive(Clone, Debug)]
pub(super) struct Field<'p> {
    /// The field's object.
    pub(super) id: ObjectId,
    /// Its fully qualified name (12.7.4.2).
    pub(super) name: String,
    /// Its dictionary.
    pub(super) dictionary: Dictionary<'p>,
    /// Whether `/FT` (its own or inherited) is `/Sig`.
    pub(super) is_signature: bool,
    /// Its value, its own or inherited, as written.
    pub(super) value: Option<Object<'p>>,
    /// The widgets that show it, where they are not merged with it.
    pub(super) widgets: Vec<(ObjectId, Dictionary<'p>)>,
}

/// All terminal fields of a document.
///
/// # Errors
/// The tree has a loop, is too deep, or is not made of references to dictionaries.
pub(super) fn terminal_fields<'p>(pdf: &'p Pdf<'p>) -> Result<Vec<Field<'p>>, PdfError> {
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

impl<'p> Inherited<'p> {
    fn below(&self, pdf: &'p Pdf<'p>, dictionary: &Dictionary<'p>) -> Result<Self, PdfError> {
        let mut inherited = self.clone();
        if let Some(name) = pdf.get(dictionary, "T")?.as_string() {
            if !inherited.name.is_empty() {
                inherited.name.push('.');
            }
            inherited.name.push_str(&name.text());
        }
        if let Some(kind) = pdf.get(dictionary, "FT")?.as_name() {
            inherited.is_signature = *kind == "Sig";
        }
        if let Some(value) = dictionary.get("V") {
            inherited.value = Some(value.clone());
        }
        Ok(inherited)
    }
}

/// The fields and the widgets below a field.
type Kids<'p> = (Vec<ObjectId>, Vec<(ObjectId, Dictionary<'p>)>);

struct Walk<'p> {
    pdf: &'p Pdf<'p>,
    /// Every field object met, so that a tree with a loop ends.
    seen: BTreeSet<ObjectId>,
    found: Vec<Field<'p>>,
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
        let inherited = above.below(self.pdf, &dictionary)?;
        let kids = references(self.pdf, &dictionary, "Kids")?;
        let (fields, widgets) = self.sort_kids(kids)?;
        if fields.is_empty() {
            self.found.push(Field {
                id,
                name: inherited.name,
                dictionary,
                is_signature: inherited.is_signature,
                value: inherited.value,
                widgets,
            });
            return Ok(());
        }
        fields
            .into_iter()
            .try_for_each(|kid| self.visit(kid, &inherited, depth + 1))
    }

    /// Kids with a name are fields, the others widgets of this field (12.7.4.2).
    fn sort_kids(&self, kids: Vec<ObjectId>) -> Result<Kids<'p>, PdfError> {
        let mut fields = Vec::new();
        let mut widgets = Vec::new();
        for id in kids {
            let Object::Dictionary(kid) = self.pdf.object(id)? else {
                let what = "a kid of a field is not a dictionary";
                return Err(PdfError::structure(id, what));
            };
            if kid.get("T").is_some() {
                fields.push(id);
            } else {
                widgets.push((id, kid));
            }
        }
        Ok((fields, widgets))
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
