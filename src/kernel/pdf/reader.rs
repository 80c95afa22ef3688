//! A strict, lazy reader over borrowed bytes (ISO 32000-2, 7.5).
//!
//! Reading a file reads its header, the end of the file and the cross-reference
//! chain; an object is parsed when it is asked for. Nothing damaged is repaired:
//! a file that two readers could understand differently is an error.

use super::error::{Fault, PdfError};
use super::filters::{self, Budget};
use super::indirect::{self, Indirect};
use super::limits::Limits;
use super::object::{Dictionary, Object, ObjectId, Span, Stream};
use super::object_stream::ObjectStream;
use super::xref::{SectionForm, Xref, XrefEntry};
use std::borrow::Cow;
use std::sync::OnceLock;

/// How many references may lead to references.
const MAX_HOPS: usize = 8;

/// A PDF file, read on demand.
#[derive(Debug)]
pub struct Pdf<'a> {
    bytes: &'a [u8],
    limits: Limits,
    inflated: Budget,
    parsed: Budget,
    pub(crate) xref: Xref<'a>,
    /// The object streams by number, ascending, each decoded once.
    containers: Vec<(u32, OnceLock<Result<ObjectStream, PdfError>>)>,
}

impl<'a> Pdf<'a> {
    /// Reads a file that begins with `%PDF-`, ends with `startxref … %%EOF` and
    /// has an undamaged cross-reference chain.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, PdfError> {
        let (size, limit) = (bytes.len(), limits.file_size);
        if size > limit {
            return Err(Fault::TooLarge { size, limit }.into());
        }
        if !bytes.starts_with(b"%PDF-") {
            return Err(Fault::NotAPdf.into());
        }
        let inflated = Budget::new("bytes of inflated streams", limits.inflated);
        let xref = Xref::read(bytes, start_xref(bytes)?, limits, &inflated)?;
        let containers = xref.containers().into_iter();
        let containers = containers.map(|number| (number, OnceLock::new())).collect();
        Ok(Self {
            bytes,
            limits: *limits,
            inflated,
            parsed: Budget::new("bytes of parsed objects", limits.parsed),
            xref,
            containers,
        })
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The limits it is read under.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The newest trailer dictionary (7.5.5).
    #[must_use]
    pub fn trailer(&self) -> Option<&Dictionary<'a>> {
        self.xref.sections.first().map(|section| &section.trailer)
    }

    /// Whether the newest cross-reference section is a table or a stream.
    #[must_use]
    pub fn newest_form(&self) -> SectionForm {
        let newest = self.xref.sections.first();
        newest.map_or(SectionForm::Table, |section| section.form())
    }

    /// Where the newest cross-reference section begins.
    #[must_use]
    pub fn newest_xref(&self) -> usize {
        let newest = self.xref.sections.first();
        newest.map_or(0, |section| section.offset)
    }

    /// One more than the highest object number in use.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.xref.size
    }

    /// Where an object is.
    pub fn entry(&self, number: u32) -> Result<XrefEntry, PdfError> {
        self.xref.entry(number)
    }

    /// The numbers of all objects that any revision speaks of, ascending.
    pub fn numbers(&self) -> Result<Vec<u32>, PdfError> {
        let numbers = self.xref.numbers();
        if numbers.len() > self.limits.objects {
            let limit = self.limits.objects;
            let what = "objects";
            return Err(Fault::TooComplex { what, limit }.into());
        }
        Ok(numbers)
    }

    /// An indirect object with its place; `None` where the number is free, or has
    /// another generation.
    pub fn indirect(&self, id: ObjectId) -> Result<Option<Indirect<'_>>, PdfError> {
        let found = self.locate(id)?;
        if let Some(found) = &found {
            self.parsed.spend(found.cost());
            if self.parsed.left() == 0 {
                return Err(self.parsed.exceeded().within(id));
            }
        }
        Ok(found)
    }

    fn locate(&self, id: ObjectId) -> Result<Option<Indirect<'_>>, PdfError> {
        match self.xref.entry(id.number)? {
            XrefEntry::InFile { offset, generation } if generation == id.generation => {
                self.in_file(id, offset).map(Some)
            }
            XrefEntry::Compressed { container, index } if id.generation == 0 => {
                self.compressed(id, container, index).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn in_file(&self, id: ObjectId, offset: usize) -> Result<Indirect<'_>, PdfError> {
        let length = |id| self.length(id);
        let read = indirect::read(self.bytes, offset, self.limits.depth, &length)
            .map_err(|error| error.within(id))?;
        indirect::expect_id(&read.indirect, id, offset)?;
        Ok(read.indirect)
    }

    fn compressed(
        &self,
        id: ObjectId,
        container: u32,
        index: u32,
    ) -> Result<Indirect<'_>, PdfError> {
        let stream = self.container(container)?;
        stream
            .member(id.number, index, self.limits.depth)
            .map_err(|error| error.within(id))
    }

    fn container(&self, number: u32) -> Result<&ObjectStream, PdfError> {
        let place = self
            .containers
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()
            .and_then(|index| self.containers.get(index));
        let (_, cell) = place.ok_or(Fault::DamagedXref("no such object stream"))?;
        cell.get_or_init(|| self.decode_container(number))
            .as_ref()
            .map_err(Clone::clone)
    }

    fn decode_container(&self, number: u32) -> Result<ObjectStream, PdfError> {
        let id = ObjectId::new(number);
        let XrefEntry::InFile { offset, .. } = self.xref.entry(number)? else {
            let fault = Fault::DamagedXref("an object stream is not an object of the file");
            return Err(PdfError::from(fault).within(id));
        };
        let length = |id| self.plain_length(id);
        let read = indirect::read(self.bytes, offset, self.limits.depth, &length)?;
        indirect::expect_id(&read.indirect, id, offset)?;
        let Object::Stream(stream) = &read.indirect.object else {
            let fault = Fault::DamagedXref("an object stream is not a stream");
            return Err(PdfError::from(fault).within(id));
        };
        ObjectStream::new(stream, &self.limits, &self.inflated).map_err(|error| error.within(id))
    }

    /// Where an object stands in the file; for one in an object stream, where that
    /// stands. `None` where there is no such object.
    pub fn file_span(&self, id: ObjectId) -> Result<Option<Span>, PdfError> {
        let holder = match self.xref.entry(id.number)? {
            XrefEntry::Free => return Ok(None),
            XrefEntry::InFile { .. } => id,
            XrefEntry::Compressed { container, .. } => ObjectId::new(container),
        };
        Ok(self.indirect(holder)?.map(|found| found.span))
    }

    /// The value of an indirect /Length, wherever it lives.
    fn length(&self, id: ObjectId) -> Option<usize> {
        let object = match self.xref.entry(id.number).ok()? {
            XrefEntry::Compressed { container, index } => {
                self.compressed(id, container, index).ok()?.object
            }
            _ => return self.plain_length(id),
        };
        usize::try_from(object.as_integer()?).ok()
    }

    /// The value of an indirect /Length that lives in the file itself.
    fn plain_length(&self, id: ObjectId) -> Option<usize> {
        let XrefEntry::InFile { offset, generation } = self.xref.entry(id.number).ok()? else {
            return None;
        };
        // A length is no stream, so this ends here.
        let read = indirect::read(self.bytes, offset, 1, &|_| None)
            .ok()?
            .indirect;
        let found = read.id == id && id.generation == generation;
        let value = read.object.as_integer().filter(|_| found)?;
        usize::try_from(value).ok()
    }

    /// An indirect object; `null` where there is none (7.3.10).
    pub fn object(&self, id: ObjectId) -> Result<Object<'_>, PdfError> {
        let found = self.indirect(id)?;
        Ok(found.map_or(Object::Null, |indirect| indirect.object))
    }

    /// The object itself, or what it refers to.
    pub fn resolve<'p>(&'p self, object: &Object<'p>) -> Result<Object<'p>, PdfError> {
        let Object::Reference(mut id) = *object else {
            return Ok(object.clone());
        };
        for _ in 0..MAX_HOPS {
            match self.object(id)? {
                Object::Reference(next) => id = next,
                found => return Ok(found),
            }
        }
        Err(PdfError::structure(id, "references lead to references"))
    }

    /// The resolved value of a key; `null` where there is none.
    pub fn get<'p>(
        &'p self,
        dictionary: &Dictionary<'p>,
        key: &str,
    ) -> Result<Object<'p>, PdfError> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The catalog's number and generation (7.7.2).
    pub fn catalog_id(&self) -> Result<ObjectId, PdfError> {
        self.trailer()
            .and_then(|trailer| trailer.get("Root")?.as_reference())
            .ok_or_else(|| Fault::Structure("the trailer has no /Root").into())
    }

    /// The catalog (7.7.2).
    pub fn catalog(&self) -> Result<Dictionary<'_>, PdfError> {
        let id = self.catalog_id()?;
        match self.object(id)? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(PdfError::structure(id, "the catalog is not a dictionary")),
        }
    }

    /// The decoded bytes of a stream, within what the limits leave to inflate.
    pub fn stream_data<'p>(&'p self, stream: &Stream<'p>) -> Result<Cow<'p, [u8]>, PdfError> {
        let filters = self.filters(stream)?;
        filters::decode(stream.data, &filters, &self.inflated)
    }

    /// Inflates a stream without keeping it, to know whether it stays within what
    /// the limits leave. Damage and unknown filters are not judged here.
    pub(crate) fn measure(&self, stream: &Stream<'_>) -> Result<(), PdfError> {
        match self.filters(stream) {
            Ok(filters) => filters::measure(stream.data, &filters, &self.inflated),
            Err(error) if matches!(error.fault, Fault::Filter(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn filters<'p>(&'p self, stream: &Stream<'p>) -> Result<Vec<filters::Filter<'p>>, PdfError> {
        let filter = self.members(&stream.dictionary, "Filter")?;
        let parameters = self.members(&stream.dictionary, "DecodeParms")?;
        filters::chain(&filter, &parameters)
    }

    /// A value with its own reference and those of its members resolved.
    fn members<'p>(
        &'p self,
        dictionary: &Dictionary<'p>,
        key: &str,
    ) -> Result<Object<'p>, PdfError> {
        let mut value = self.get(dictionary, key)?;
        if let Object::Array(array) = &mut value {
            for item in &mut array.items {
                item.value = self.resolve(&item.value)?;
            }
        }
        Ok(value)
    }
}

/// Reads `startxref`, the offset and `%%EOF` from the end of the file (7.5.5).
/// Only white space may follow.
fn start_xref(bytes: &[u8]) -> Result<usize, PdfError> {
    let wrong = || {
        PdfError::xref(
            bytes.len(),
            "the file does not end with startxref and %%EOF",
        )
    };
    let before = bytes
        .trim_ascii_end()
        .strip_suffix(b"%%EOF")
        .ok_or_else(wrong)?
        .trim_ascii_end();
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let start = before.len().saturating_sub(digits.count());
    let (keyword, digits) = before.split_at_checked(start).ok_or_else(wrong)?;
    if !keyword.trim_ascii_end().ends_with(b"startxref") || keyword.ends_with(b"f") {
        return Err(wrong());
    }
    std::str::from_utf8(digits)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(wrong)
}
