//! Signature dictionaries (ISO 32000-2, 12.8.1, Table 255) as they are written.

use super::super::error::PdfError;
use super::super::object::{Dictionary, Object, ObjectId, Span};
use super::super::reader::Pdf;
use super::transforms::{self, FieldMdp};

/// What a signature dictionary is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// /Type /Sig, or none.
    Signature,
    /// /Type /DocTimeStamp (12.8.5).
    DocTimeStamp,
}

/// The value of /ByteRange as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// An array of integers, of any length.
    Integers(Vec<i64>),
    /// No array, or one with something else in it.
    Malformed,
}

impl ByteRange {
    fn read(value: &Object<'_>) -> Self {
        let integers = value
            .as_array()
            .and_then(|array| array.iter().map(Object::as_integer).collect());
        integers.map_or(Self::Malformed, Self::Integers)
    }

    /// The two ranges, where there are two that make sense by themselves.
    #[must_use]
    pub fn spans(&self) -> Option<[Span; 2]> {
        let Self::Integers(values) = self else {
            return None;
        };
        let [a, b, c, d] = values.as_slice() else {
            return None;
        };
        let span = |start: i64, length: i64| {
            let start = usize::try_from(start).ok()?;
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            Some(Span { start, end })
        };
        Some([span(*a, *b)?, span(*c, *d)?])
    }

    /// Where the second range ends.
    #[must_use]
    pub fn end(&self) -> Option<usize> {
        self.spans().map(|[_, second]| second.end)
    }
}

/// The value of /Contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The decoded bytes, padding included.
    pub bytes: Vec<u8>,
    /// Where the string stands in the file, delimiters included; `None` where it
    /// lives in an object stream.
    pub span: Option<Span>,
}

/// A signature dictionary.
#[derive(Clone, Debug)]
pub struct Signature<'p> {
    /// Its object; the field's where it is written there.
    pub id: ObjectId,
    /// What it is for.
    pub kind: SignatureKind,
    /// /Filter
    pub filter: Option<String>,
    /// /SubFilter
    pub sub_filter: Option<String>,
    /// /ByteRange
    pub byte_range: ByteRange,
    /// /Contents, where it is a string.
    pub contents: Option<Contents>,
    /// /Name
    pub name: Option<String>,
    /// /Reason
    pub reason: Option<String>,
    /// /Location
    pub location: Option<String>,
    /// /ContactInfo
    pub contact_info: Option<String>,
    /// /M as written, a date of 7.9.4.
    pub m: Option<String>,
    /// The permission of a DocMDP transform in its /Reference (12.8.2.2): 1, 2 or 3;
    /// what is written otherwise counts as 1.
    pub doc_mdp: Option<u8>,
    /// The fields that FieldMDP transforms lock (12.8.2.4).
    pub field_mdp: Vec<FieldMdp>,
    /// The index in [`Pdf::revisions`] of the revision that its bytes are in.
    pub revision: usize,
    /// Where its object stands in the file, or the object stream that holds it.
    pub span: Option<Span>,
    /// The whole dictionary.
    pub dictionary: Dictionary<'p>,
}

impl<'p> Signature<'p> {
    /// Reads the value of a field; `None` where it is `null`.
    pub(super) fn read(
        pdf: &'p Pdf<'p>,
        field: ObjectId,
        value: &Object<'p>,
    ) -> Result<Option<Self>, PdfError> {
        let id = value.as_reference().unwrap_or(field);
        let Some(holder) = pdf.indirect(id)? else {
            return Ok(None);
        };
        let place = if holder.compressed {
            pdf.file_span(id)?
        } else {
            Some(holder.span)
        };
        let value = match value {
            Object::Reference(_) => holder.object,
            direct => direct.clone(),
        };
        let dictionary = match value {
            Object::Null => return Ok(None),
            Object::Dictionary(dictionary) => dictionary,
            _ => {
                let what = "the value of a signature field is not a dictionary";
                return Err(PdfError::structure(id, what));
            }
        };
        let contents = contents(pdf, &dictionary, !holder.compressed)?;
        Self::from_dictionary(pdf, id, dictionary, contents, place).map(Some)
    }

    fn from_dictionary(
        pdf: &'p Pdf<'p>,
        id: ObjectId,
        dictionary: Dictionary<'p>,
        contents: Option<Contents>,
        span: Option<Span>,
    ) -> Result<Self, PdfError> {
        let text = |key| -> Result<Option<String>, PdfError> {
            let value = pdf.get(&dictionary, key)?;
            Ok(value.as_string().map(|string| string.text()))
        };
        let name = |key| -> Result<Option<String>, PdfError> {
            let value = pdf.get(&dictionary, key)?;
            Ok(value.as_name().map(|name| name.text().into_owned()))
        };
        let transforms = transforms::read(pdf, &dictionary)?;
        Ok(Self {
            id,
            kind: match name("Type")?.as_deref() {
                Some("DocTimeStamp") => SignatureKind::DocTimeStamp,
                _ => SignatureKind::Signature,
            },
            filter: name("Filter")?,
            sub_filter: name("SubFilter")?,
            byte_range: ByteRange::read(&pdf.get(&dictionary, "ByteRange")?),
            contents,
            name: text("Name")?,
            reason: text("Reason")?,
            location: text("Location")?,
            contact_info: text("ContactInfo")?,
            m: text("M")?,
            doc_mdp: transforms.doc_mdp,
            field_mdp: transforms.field_mdp,
            revision: span.map_or(0, |span| pdf.revision_of(span)),
            span,
            dictionary,
        })
    }

    /// The bytes that /ByteRange covers, where the ranges lie in the file.
    #[must_use]
    pub fn covered<'f>(&self, file: &'f [u8]) -> Option<[&'f [u8]; 2]> {
        let [first, second] = self.byte_range.spans()?;
        Some([
            file.get(first.start..first.end)?,
            file.get(second.start..second.end)?,
        ])
    }

    /// The index in [`Pdf::revisions`] of the revision that it covers up to.
    #[must_use]
    pub fn covered_revision(&self, pdf: &Pdf<'_>) -> Option<usize> {
        let end = self.byte_range.end()?;
        pdf.revisions()
            .iter()
            .position(|revision| revision.ends_at(end))
    }

    /// Whether nothing but white space follows what it covers.
    #[must_use]
    pub fn covers_whole_file(&self, pdf: &Pdf<'_>) -> bool {
        let last = pdf.revisions().len().checked_sub(1);
        last.is_some() && self.covered_revision(pdf) == last
    }
}

/// Reads /Contents with its place. Only a string written in a dictionary of the
/// file itself has one: a reference could lead anywhere.
fn contents<'p>(
    pdf: &'p Pdf<'p>,
    dictionary: &Dictionary<'p>,
    in_file: bool,
) -> Result<Option<Contents>, PdfError> {
    let Some(entry) = dictionary.entry("Contents") else {
        return Ok(None);
    };
    let direct = entry.value.as_string().is_some();
    let value = pdf.resolve(&entry.value)?;
    Ok(value.as_string().map(|string| Contents {
        bytes: string.bytes().into_owned(),
        span: (in_file && direct).then_some(entry.value_span),
    }))
}
