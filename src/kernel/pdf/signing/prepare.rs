//! From a request to a revision with a hole: the signature dictionary, its field
//! and widget, the form, and the certification in the catalog.
//!
//! What the widget shows was drawn into the same update before (see
//! [`crate::kernel::pdf::appearance`]); where it stands was resolved by
//! [`crate::kernel::pdf::placement`].

use std::ops::Range;

use time::OffsetDateTime;

use crate::kernel::pdf::field_tree::{Field, terminal_fields};
use crate::kernel::pdf::{Appendix, Fault, ObjectId, PdfError, Update};

use super::dictionary::{self, Claims, DocMdp, Entries};
use super::extensions;
use super::form::Form;
use super::permissions::{self, Forbidden};
use super::prepared::Prepared;
use super::widget::{self, Widget};

/// Capacity left for the revisions that make a B-LTA of it, so that they are
/// appended without copying the file.
const SPARE: usize = 48 * 1024;

/// The field that takes the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldTarget {
    /// A new field with the first free name: `Signature1`, `Signature2`, …
    Next,
    /// A new field with this name.
    New(String),
    /// An empty field that the document has, by its fully qualified name.
    Existing(String),
}

/// An empty field made for a further signatory.
#[derive(Clone, Debug, PartialEq)]
pub struct FurtherField {
    /// Its name.
    pub name: String,
    /// Where it will show.
    pub widget: Widget,
}

/// What to sign with.
#[derive(Clone, Debug)]
pub struct SignatureRequest {
    /// The field that takes the signature.
    pub field: FieldTarget,
    /// Where it shows. An existing field keeps its page and rectangle.
    pub widget: Widget,
    /// Name, reason and location.
    pub claims: Claims,
    /// `/M`: the claimed signing time.
    pub m: OffsetDateTime,
    /// Certify the document; only the first signature can.
    pub certify: Option<DocMdp>,
    /// Fields for those who sign after.
    pub further_fields: Vec<FurtherField>,
    /// Room for the signature value in bytes.
    pub hole: usize,
}

/// Why a document cannot take this signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The file cannot be read as far as signing needs it.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// A signature that the document carries forbids it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no signature field with this name.
    #[error("the document has no signature field named {0}")]
    NoSuchField(String),
    /// The field is signed already, or a new field would take its name.
    #[error("the document already uses the field name {0}")]
    FieldTaken(String),
    /// A field name is empty or has a full stop in it (12.7.4.2).
    #[error("{0:?} cannot name a field")]
    FieldName(String),
    /// The file is too large for the places of a ByteRange.
    #[error("the file is too large for its ByteRange")]
    ByteRange,
}

/// Writes the revision of a signature.
///
/// # Errors
/// [`PrepareError`]; nothing is half written.
pub fn prepare_signature(
    mut update: Update<'_>,
    request: &SignatureRequest,
) -> Result<Prepared, PrepareError> {
    let form = Form::read(update.pdf())?;
    let fields = terminal_fields(update.pdf())?;
    permissions::check(update.pdf(), &fields, request.certify)?;
    let signature = update.reserve();
    let lock = place_field(&mut update, &form, &fields, request, signature)?;
    if request.certify.is_some() {
        let catalog = update.pdf().catalog_id()?;
        let reference = signature.reference();
        update.set_in(catalog, &["Perms", "DocMDP"], reference.as_bytes())?;
    }
    extensions::declare_esic(&mut update)?;
    let entries = Entries::Signature {
        claims: &request.claims,
        m: request.m,
        certify: request.certify,
        lock: lock.as_deref(),
    };
    let base = update.pdf().bytes();
    let revision = SealedRevision::new(update, signature, &entries, request.hole)?;
    let bytes = revision.with_room(base);
    revision.append_to(bytes)
}

/// Writes the revision of a document timestamp (EN 319 142-1, 5.4.3) in a new
/// invisible field on the first page.
///
/// # Errors
/// [`PrepareError`]
pub fn prepare_document_timestamp(
    update: Update<'_>,
    hole: usize,
) -> Result<Prepared, PrepareError> {
    let base = update.pdf().bytes();
    let revision = seal_document_timestamp(update, hole)?;
    let bytes = revision.with_room(base);
    revision.append_to(bytes)
}

/// The same for bytes that the caller gives away: they are not copied.
///
/// # Errors
/// [`PrepareError`]
pub fn seal_document_timestamp(
    mut update: Update<'_>,
    hole: usize,
) -> Result<SealedRevision, PrepareError> {
    let form = Form::read(update.pdf())?;
    let fields = terminal_fields(update.pdf())?;
    let name = unused_name(&fields, "Timestamp");
    let page = update.pdf().page(1)?;
    let page = page
        .ok_or(PdfError::from(Fault::Structure("the document has no page")))?
        .id;
    let signature = update.reserve();
    let field = widget::put_field(
        &mut update,
        &name,
        &Widget::invisible(page),
        Some(signature),
    )?;
    form.register(&mut update, &[field])?;
    extensions::declare_esic(&mut update)?;
    SealedRevision::new(update, signature, &Entries::DocumentTimestamp, hole)
}

/// A field name that the document does not use: `Timestamp1`, `Timestamp2`, …
fn unused_name(fields: &[Field<'_>], stem: &str) -> String {
    let taken = |name: &String| fields.iter().any(|field| field.name == *name);
    (1..=fields.len() + 1)
        .map(|number| format!("{stem}{number}"))
        .find(|name| !taken(name))
        .unwrap_or_else(|| stem.to_owned())
}

/// Makes or fills the field, makes the further ones, and gives the raw entries of
/// the field's `/Lock`.
fn place_field<'p>(
    update: &mut Update<'p>,
    form: &Form<'p>,
    fields: &[Field<'p>],
    request: &SignatureRequest,
    signature: ObjectId,
) -> Result<Option<Vec<u8>>, PrepareError> {
    let mut new = Vec::new();
    let mut lock = None;
    match &request.field {
        FieldTarget::Next => {
            let name = unused_name(fields, "Signature");
            new.push(put_signed(update, &name, request, signature)?);
        }
        FieldTarget::New(name) => {
            free_name(fields, name)?;
            new.push(put_signed(update, name, request, signature)?);
        }
        FieldTarget::Existing(name) => {
            let field = empty_field(fields, name)?;
            lock = widget::fill_field(update, field, request.widget.appearance, signature)?;
        }
    }
    for further in &request.further_fields {
        free_name(fields, &further.name)?;
        new.push(widget::put_field(
            update,
            &further.name,
            &further.widget,
            None,
        )?);
    }
    form.register(update, &new)?;
    Ok(lock)
}

fn put_signed(
    update: &mut Update<'_>,
    name: &str,
    request: &SignatureRequest,
    signature: ObjectId,
) -> Result<ObjectId, PdfError> {
    widget::put_field(update, name, &request.widget, Some(signature))
}

fn free_name(fields: &[Field<'_>], name: &str) -> Result<(), PrepareError> {
    if name.is_empty() || name.contains('.') {
        return Err(PrepareError::FieldName(name.to_owned()));
    }
    if fields.iter().any(|field| field.name == name) {
        return Err(PrepareError::FieldTaken(name.to_owned()));
    }
    Ok(())
}

fn empty_field<'f, 'p>(fields: &'f [Field<'p>], name: &str) -> Result<&'f Field<'p>, PrepareError> {
    let field = fields
        .iter()
        .find(|field| field.name == name && field.is_signature)
        .ok_or_else(|| PrepareError::NoSuchField(name.to_owned()))?;
    if field.dictionary.get("V").is_some() {
        return Err(PrepareError::FieldTaken(name.to_owned()));
    }
    Ok(field)
}

/// A revision with a signature dictionary that waits to be appended to its file.
#[derive(Debug)]
pub struct SealedRevision {
    appendix: Appendix,
    signature: ObjectId,
    /// Where /Contents and /ByteRange stand in the dictionary.
    contents: Range<usize>,
    byte_range: Range<usize>,
}

impl SealedRevision {
    fn new(
        mut update: Update<'_>,
        signature: ObjectId,
        entries: &Entries<'_>,
        hole: usize,
    ) -> Result<Self, PrepareError> {
        let written = dictionary::write(entries, hole);
        update.put(signature, written.bytes);
        Ok(Self {
            appendix: update.seal()?,
            signature,
            contents: written.contents,
            byte_range: written.byte_range,
        })
    }

    /// A copy of the file with room for the revision.
    fn with_room(&self, file: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(file.len() + self.appendix.size_hint() + SPARE);
        bytes.extend_from_slice(file);
        bytes
    }

    /// Appends the update to the bytes of its file, and writes the ByteRange.
    ///
    /// # Errors
    /// [`PrepareError::ByteRange`]
    pub fn append_to(self, mut bytes: Vec<u8>) -> Result<Prepared, PrepareError> {
        bytes.reserve_exact(self.appendix.size_hint());
        let offsets = self.appendix.append_to(&mut bytes);
        let offset = offsets
            .body_of(self.signature)
            .ok_or(PrepareError::ByteRange)?;
        let hole = offset + self.contents.start..offset + self.contents.end;
        let byte_range = [0, hole.start, hole.end, bytes.len() - hole.end];
        let place = offset + self.byte_range.start..offset + self.byte_range.end;
        bytes
            .get_mut(place)
            .and_then(|place| dictionary::fill_byte_range(place, byte_range))
            .ok_or(PrepareError::ByteRange)?;
        Ok(Prepared::new(bytes, hole))
    }
}
