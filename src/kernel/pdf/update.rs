//! One incremental update (ISO 32000-2, 7.5.6): what is appended to a file.
//!
//! Objects of the file are changed by splicing into a copy of their bytes (see
//! [`super::splice`]); the file itself is never touched. The cross-reference
//! section has the form of the newest one, as 7.5.8.4 asks: a table after a
//! table (without the /XRefStm of a hybrid file), a stream after a stream.

use super::appendix::Appendix;
use super::error::PdfError;
use super::filters;
use super::object::{Object, ObjectId};
use super::reader::Pdf;
use super::splice;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An incremental update of a file, in the making.
#[derive(Debug)]
pub struct Update<'p> {
    pdf: &'p Pdf<'p>,
    /// The new bytes of objects by number, with their generation.
    bodies: BTreeMap<u32, (u16, Vec<u8>)>,
    next: u32,
}

impl<'p> Update<'p> {
    /// An update of a file, with no changes yet.
    #[must_use]
    pub fn new(pdf: &'p Pdf<'p>) -> Self {
        Self {
            pdf,
            bodies: BTreeMap::new(),
            next: pdf.size(),
        }
    }

    /// The file that is updated.
    #[must_use]
    pub fn pdf(&self) -> &'p Pdf<'p> {
        self.pdf
    }

    /// Takes a free object number. Something must be put there before the end.
    pub fn reserve(&mut self) -> ObjectId {
        let id = ObjectId::new(self.next);
        self.next = self.next.saturating_add(1);
        id
    }

    /// Gives a reserved object its bytes: what stands between `obj` and `endobj`.
    pub fn put(&mut self, id: ObjectId, body: Vec<u8>) {
        self.bodies.insert(id.number, (id.generation, body));
    }

    /// Adds an object and returns its number.
    pub fn add(&mut self, body: Vec<u8>) -> ObjectId {
        let id = self.reserve();
        self.put(id, body);
        id
    }

    /// Gives a reserved object a stream. `entries` are those of its dictionary
    /// without /Length and /Filter.
    pub fn put_stream(&mut self, id: ObjectId, entries: &[u8], data: &[u8], compress: bool) {
        let packed = compress.then(|| filters::deflate(data));
        let filter: &[u8] = if compress {
            b"/Filter/FlateDecode"
        } else {
            b""
        };
        let data = packed.as_deref().unwrap_or(data);
        let length = format!("/Length {}", data.len());
        let body = [
            b"<<",
            entries,
            filter,
            length.as_bytes(),
            b">>\nstream\n",
            data,
            b"\nendstream",
        ];
        self.put(id, body.concat());
    }

    /// Adds a stream and returns its number.
    pub fn add_stream(&mut self, entries: &[u8], data: &[u8], compress: bool) -> ObjectId {
        let id = self.reserve();
        self.put_stream(id, entries, data, compress);
        id
    }

    /// Gives an object of the file new bytes.
    pub fn replace(&mut self, id: ObjectId, body: Vec<u8>) {
        self.put(id, body);
    }

    /// The bytes of an object as the update leaves it.
    pub fn current(&self, id: ObjectId) -> Result<Cow<'_, [u8]>, PdfError> {
        if let Some((_, body)) = self.bodies.get(&id.number) {
            return Ok(Cow::Borrowed(body));
        }
        let found = self.pdf.indirect(id)?;
        let missing = || PdfError::structure(id, "there is no such object to change");
        Ok(Cow::Borrowed(found.ok_or_else(missing)?.raw()))
    }

    /// Sets a key of a dictionary or stream object.
    pub fn set(&mut self, id: ObjectId, key: &str, value: &[u8]) -> Result<(), PdfError> {
        self.set_in(id, &[key], value)
    }

    /// Sets a key in a nested dictionary: the keys of `path` lead from the object
    /// through dictionaries, direct or not, which are made where they are missing.
    pub fn set_in(&mut self, id: ObjectId, path: &[&str], value: &[u8]) -> Result<(), PdfError> {
        let raw = self.current(id)?.into_owned();
        let body = self.set_nested(&raw, path, value);
        if let Some(body) = body.map_err(|error| error.within(id))? {
            self.put(id, body);
        }
        Ok(())
    }

    /// The bytes with the key at `path` set; `None` where the change was made in
    /// another object.
    fn set_nested(
        &mut self,
        raw: &[u8],
        path: &[&str],
        value: &[u8],
    ) -> Result<Option<Vec<u8>>, PdfError> {
        let (key, rest) = match path {
            [] => return Ok(Some(value.to_vec())),
            [key] => return splice::set(raw, key, value).map(Some),
            [key, rest @ ..] => (key, rest),
        };
        let dictionary = splice::dictionary(raw)?;
        let inner = match dictionary.entry(key) {
            Some(entry) => match entry.value {
                Object::Reference(id) => {
                    self.set_in(id, rest, value)?;
                    return Ok(None);
                }
                Object::Null => Cow::Borrowed(&b"<<>>"[..]),
                _ => Cow::Borrowed(entry.value_span.of(raw)),
            },
            None => Cow::Borrowed(&b"<<>>"[..]),
        };
        match self.set_nested(&inner, rest, value)? {
            Some(inner) => splice::set(raw, key, &inner).map(Some),
            None => Ok(None),
        }
    }

    /// Appends an item to the array under a key of a dictionary object. The array
    /// is made where it is missing, and changed where it lives where it is a
    /// reference.
    pub fn append(&mut self, id: ObjectId, key: &str, item: &[u8]) -> Result<(), PdfError> {
        let raw = self.current(id)?.into_owned();
        let within = |error: PdfError| error.within(id);
        let dictionary = splice::dictionary(&raw).map_err(within)?;
        let array = match dictionary.get(key) {
            None => [b"[", item, b"]"].concat(),
            Some(Object::Reference(array)) => return self.append_to(*array, item),
            Some(_) => {
                let span = dictionary.entry(key).map(|entry| entry.value_span);
                let array = span.map_or(&b"[]"[..], |span| span.of(&raw));
                splice::append(array, item).map_err(within)?
            }
        };
        let body = splice::set(&raw, key, &array).map_err(within)?;
        self.put(id, body);
        Ok(())
    }

    /// Appends an item to an array object.
    pub fn append_to(&mut self, id: ObjectId, item: &[u8]) -> Result<(), PdfError> {
        let body = splice::append(&self.current(id)?, item).map_err(|error| error.within(id))?;
        self.put(id, body);
        Ok(())
    }

    /// Detaches the update from the file, ready to be appended to its bytes.
    pub fn seal(self) -> Result<Appendix, PdfError> {
        Appendix::new(self.pdf, self.bodies, self.next)
    }

    /// The updated file.
    pub fn finish(self) -> Result<Vec<u8>, PdfError> {
        let base = self.pdf.bytes();
        let appendix = self.seal()?;
        let mut out = Vec::with_capacity(base.len() + appendix.size_hint());
        out.extend_from_slice(base);
        appendix.append_to(&mut out);
        Ok(out)
    }
}
