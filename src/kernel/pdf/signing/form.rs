//! The interactive form (ISO 32000-2, 12.7.3) as signing needs it: where it
//! lives, its fields by fully qualified name (12.7.4.2), and registering a new
//! signature field in it.

use std::collections::BTreeSet;

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
    Indirect(ObjectId, Dictionary<'p>),
}

/// A terminal field of the form.
#[derive(Clone, Debug)]
pub(super) struct Field<'p> {
    /// The field's object.
    pub(super) id: ObjectId,
    /// Its fully qualified name.
    pub(super) name: String,
    /// Its dictionary.
    pub(super) dictionary: Dictionary<'p>,
    /// Whether `/FT` (its own or inherited) is `/Sig`.
    pub(super) is_signature: bool,
}

impl<'p> Form<'p> {
    /// Finds the form of a document.
    pub(super) fn read(pdf: &'p Pdf<'p>) -> Result<Self, PdfError> {
        let catalog = pdf.catalog()?;
        let Some(value) = catalog.get("AcroForm") else {
            return Ok(Self::Absent);
        };
        match (value.as_reference(), pdf.resolve(value)?) {
            (Some(id), Object::Dictionary(form)) => Ok(Self::Indirect(id, form)),
            (None, Object::Dictionary(form)) => Ok(Self::InCatalog(form)),
            _ => Err(Fault::Structure("/AcroForm is not a dictionary").into()),
        }
    }

    fn dictionary(&self) -> Option<&Dictionary<'p>> {
        match self {
            Self::Absent => None,
            Self::InCatalog(dictionary) | Self::Indirect(_, dictionary) => Some(dictionary),
        }
    }

    /// All terminal fields.
    pub(super) fn fields(&self, pdf: &'p Pdf<'p>) -> Result<Vec<Field<'p>>, PdfError> {
        let mut walk = Walk {
            pdf,
            seen: BTreeSet::new(),
            found: Vec::new(),
        };
        if let Some(dictionary) = self.dictionary() {
            for id in references(pdf, dictionary, "Fields")? {
                walk.field(id, "", false, 0)?;
            }
        }
        Ok(walk.found)
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
            Self::Indirect(form, _) => {
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

/// The references in the array under `key`, which may itself be indirect.
fn references(
    pdf: &Pdf<'_>,
    dictionary: &Dictionary<'_>,
    key: &str,
) -> Result<Vec<ObjectId>, PdfError> {
    match pdf.get(dictionary, key)? {
        Object::Null => Ok(Vec::new()),
        Object::Array(array) => Ok(array.iter().filter_map(Object::as_reference).collect()),
        _ => Err(Fault::Structure("an array of fields is expected").into()),
    }
}

struct Walk<'p> {
    pdf: &'p Pdf<'p>,
    /// Every field object met, so that a tree with a loop ends.
    seen: BTreeSet<ObjectId>,
    found: Vec<Field<'p>>,
}

impl Walk<'_> {
    fn field(
        &mut self,
        id: ObjectId,
        parent: &str,
        inherited: bool,
        depth: usize,
    ) -> Result<(), PdfError> {
        if !self.seen.insert(id) || depth > self.pdf.limits().depth {
            return Err(PdfError::structure(id, "the field tree has a loop"));
        }
        let Object::Dictionary(dictionary) = self.pdf.object(id)? else {
            return Err(PdfError::structure(id, "a field is not a dictionary"));
        };
        let name = qualified(parent, &dictionary);
        let own = dictionary
            .get("FT")
            .map(|_| dictionary.has_name("FT", "Sig"));
        let is_signature = own.unwrap_or(inherited);
        let kids = self.child_fields(&dictionary)?;
        if kids.is_empty() {
            self.found.push(Field {
                id,
                name,
                dictionary,
                is_signature,
            });
            return Ok(());
        }
        kids.into_iter()
            .try_for_each(|kid| self.field(kid, &name, is_signature, depth + 1))
    }

    /// The kids that are fields: a kid without `/T` is a widget of this field.
    fn child_fields(&self, dictionary: &Dictionary<'_>) -> Result<Vec<ObjectId>, PdfError> {
        let mut fields = Vec::new();
        for kid in references(self.pdf, dictionary, "Kids")? {
            let object = self.pdf.object(kid)?;
            let named = object.as_dictionary().and_then(|kid| kid.get("T"));
            if named.is_some() {
                fields.push(kid);
            }
        }
        Ok(fields)
    }
}

/// The name of a field below `parent` (12.7.4.2).
fn qualified(parent: &str, dictionary: &Dictionary<'_>) -> String {
    let own = dictionary
        .get("T")
        .and_then(Object::as_string)
        .map(|name| name.text());
    match own {
        None => parent.to_owned(),
        Some(own) if parent.is_empty() => own,
        Some(own) => format!("{parent}.{own}"),
    }
}
