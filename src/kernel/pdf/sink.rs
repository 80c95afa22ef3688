//! Where new objects go: an incremental update of an existing file, or a file
//! that is written from nothing (`sheet`). What draws (fonts, QR codes, the
//! signature block) is written once against this and knows neither.
//!
//! It does not number revisions, write cross-references or check that what is
//! reserved is also put: that is the business of the two implementations.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::{ObjectId, Update};

/// Takes new indirect objects.
pub trait ObjectSink {
    /// Reserves the number of an object that is put later.
    fn reserve(&mut self) -> ObjectId;
    /// Writes `body` as the object `id`.
    fn put(&mut self, id: ObjectId, body: Vec<u8>);
    /// Writes a stream. `entries` are the dictionary's entries without `/Length`;
    /// `data` is stored as it is, so `entries` name the filter if there is one.
    fn put_stream(&mut self, id: ObjectId, entries: &[u8], data: &[u8]);
}

impl ObjectSink for Update<'_> {
    fn reserve(&mut self) -> ObjectId {
        Update::reserve(self)
    }

    fn put(&mut self, id: ObjectId, body: Vec<u8>) {
        Update::put(self, id, body);
    }

    fn put_stream(&mut self, id: ObjectId, entries: &[u8], data: &[u8]) {
        Update::put_stream(self, id, entries, data, false);
    }
}

/// Data compressed for `/FlateDecode`, with its dictionary entries: made once and
/// written into any number of files.
#[derive(Debug, Clone)]
pub struct Deflated {
    data: Vec<u8>,
}

impl Deflated {
    /// Compresses `data`.
    #[must_use]
    pub fn new(data: &[u8]) -> Self {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
        // Writing into a Vec cannot fail; an empty result would not inflate and
        // so be noticed by the self-check.
        let written = encoder.write_all(data).and_then(|()| encoder.finish());
        Self {
            data: written.unwrap_or_default(),
        }
    }

    /// Writes it as the stream `id`, with further dictionary entries.
    pub fn put(&self, sink: &mut impl ObjectSink, id: ObjectId, entries: &str) {
        let entries = format!("/Filter/FlateDecode{entries}");
        sink.put_stream(id, entries.as_bytes(), &self.data);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn deflated_data_inflates_to_the_same_bytes() {
        let text = b"q 1 0 0 1 0 0 cm Q ".repeat(50);
        let deflated = Deflated::new(&text);
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(&deflated.data[..])
            .read_to_end(&mut out)
            .unwrap();
        assert_eq!(out, text);
        assert!(deflated.data.len() < text.len() / 4);
    }
}
