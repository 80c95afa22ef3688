//! The bytes of an incremental update: objects, cross-reference section, trailer
//! (ISO 32000-2, 7.5.4 to 7.5.8).

use super::error::{Fault, PdfError};
use super::object::{Dictionary, Object, ObjectId};
use super::reader::Pdf;
use super::strings::{push_hex, write_hex};
use super::xref::SectionForm;
use crate::kernel::hash::Sha256;
use std::collections::BTreeMap;
use std::io::Write as _;

/// How much of an object goes into the file identifier: all of a dictionary that
/// says when and why, little of a stream.
const SEED: usize = 512;

/// An update that no longer borrows the file it belongs to.
#[derive(Debug)]
pub struct Appendix {
    bodies: BTreeMap<u32, (u16, Vec<u8>)>,
    base: usize,
    form: SectionForm,
    previous: usize,
    size: u32,
    /// /Root and /Info as they stand in the newest trailer.
    kept: Vec<u8>,
    /// The first element of /ID as it stands there.
    permanent_id: Option<Vec<u8>>,
    changing_id: Sha256,
}

/// Where the bytes of each object begin in the updated file.
#[derive(Debug)]
pub struct Offsets(Vec<(ObjectId, usize, usize)>);

impl Offsets {
    /// Where the bytes of an object begin: what was put, after `obj`.
    #[must_use]
    pub fn body_of(&self, id: ObjectId) -> Option<usize> {
        let found = self.0.iter().find(|(found, ..)| *found == id);
        found.map(|(_, _, body)| *body)
    }
}

impl Appendix {
    pub(super) fn new(
        pdf: &Pdf<'_>,
        bodies: BTreeMap<u32, (u16, Vec<u8>)>,
        size: u32,
    ) -> Result<Self, PdfError> {
        let trailer = pdf.trailer().ok_or(Fault::DamagedXref("no trailer"))?;
        let bytes = pdf.bytes();
        let mut kept = Vec::new();
        for key in ["Root", "Info"] {
            if let Some(entry) = trailer.entry(key) {
                kept.extend_from_slice(format!("/{key} ").as_bytes());
                kept.extend_from_slice(entry.value_span.of(bytes));
            }
        }
        Ok(Self {
            base: bytes.len(),
            form: pdf.newest_form(),
            previous: pdf.newest_xref(),
            size,
            kept,
            permanent_id: permanent_id(pdf, trailer)?,
            changing_id: changing_id(bytes, trailer, &bodies),
            bodies,
        })
    }

    /// About how many bytes it adds.
    #[must_use]
    pub fn size_hint(&self) -> usize {
        let bodies = self.bodies.values().map(|(_, body)| body.len() + 48);
        bodies.sum::<usize>() + self.kept.len() + 512
    }

    /// Appends it to the bytes of the file it was made for.
    pub fn append_to(self, out: &mut Vec<u8>) -> Offsets {
        debug_assert_eq!(out.len(), self.base, "an update belongs to its file");
        if !out.ends_with(b"\n") && !out.ends_with(b"\r") {
            out.push(b'\n');
        }
        let mut offsets = Vec::with_capacity(self.bodies.len() + 1);
        for (number, (generation, body)) in &self.bodies {
            let id = ObjectId {
                number: *number,
                generation: *generation,
            };
            let start = out.len();
            write_to(out, format_args!("{id} obj\n"));
            offsets.push((id, start, out.len()));
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = match self.form {
            SectionForm::Table => self.write_table(out, &offsets),
            SectionForm::Stream => self.write_stream(out, &mut offsets),
        };
        write_to(out, format_args!("startxref\n{start}\n%%EOF\n"));
        Offsets(offsets)
    }

    fn write_table(&self, out: &mut Vec<u8>, offsets: &[(ObjectId, usize, usize)]) -> usize {
        let start = out.len();
        out.extend_from_slice(b"xref\n");
        for run in runs(offsets) {
            let first = run.first().map_or(0, |(id, ..)| id.number);
            write_to(out, format_args!("{first} {}\n", run.len()));
            for (id, offset, _) in run {
                let generation = id.generation;
                write_to(out, format_args!("{offset:010} {generation:05} n \n"));
            }
        }
        out.extend_from_slice(b"trailer\n<<");
        self.write_trailer(out, self.size);
        out.extend_from_slice(b">>\n");
        start
    }

    /// Rows of one byte for the type, four for the offset, two for the generation.
    fn write_stream(
        &self,
        out: &mut Vec<u8>,
        offsets: &mut Vec<(ObjectId, usize, usize)>,
    ) -> usize {
        let start = out.len();
        let id = ObjectId::new(self.size);
        offsets.push((id, start, start));
        write_to(out, format_args!("{id} obj\n<</Type/XRef/W[1 4 2]/Index["));
        for run in runs(offsets) {
            let first = run.first().map_or(0, |(id, ..)| id.number);
            write_to(out, format_args!("{first} {} ", run.len()));
        }
        write_to(out, format_args!("]/Length {}", offsets.len() * 7));
        self.write_trailer(out, self.size.saturating_add(1));
        out.extend_from_slice(b">>\nstream\n");
        for (id, offset, _) in offsets.iter() {
            out.push(1);
            out.extend_from_slice(&u32::try_from(*offset).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(&id.generation.to_be_bytes());
        }
        out.extend_from_slice(b"\nendstream\nendobj\n");
        start
    }

    fn write_trailer(&self, out: &mut Vec<u8>, size: u32) {
        write_to(out, format_args!("/Size {size}/Prev {}", self.previous));
        out.extend_from_slice(&self.kept);
        let (changing, _) = self.changing_id.as_bytes().split_at(16);
        let fresh = write_hex(changing);
        out.extend_from_slice(b"/ID[");
        out.extend_from_slice(self.permanent_id.as_deref().unwrap_or(&fresh));
        out.push(b'<');
        push_hex(out, changing);
        out.extend_from_slice(b">]");
    }
}

/// The first element of /ID, which never changes (14.4).
fn permanent_id(pdf: &Pdf<'_>, trailer: &Dictionary<'_>) -> Result<Option<Vec<u8>>, PdfError> {
    let id = match trailer.get("ID") {
        Some(Object::Reference(id)) => pdf.indirect(*id)?,
        Some(Object::Array(array)) => {
            let first = array.items.first();
            return Ok(first.map(|item| item.span.of(pdf.bytes()).to_vec()));
        }
        _ => None,
    };
    Ok(id.and_then(|id| {
        let first = id.object.as_array()?.items.first()?;
        Some(first.span.of(id.source).to_vec())
    }))
}

/// The second element of /ID, which differs in every revision (14.4): a hash over
/// what is known of this one, since the kernel has neither clock nor randomness.
fn changing_id(
    bytes: &[u8],
    trailer: &Dictionary<'_>,
    bodies: &BTreeMap<u32, (u16, Vec<u8>)>,
) -> Sha256 {
    let length = bytes.len().to_be_bytes();
    let mut parts = vec![&length[..], trailer.span.of(bytes)];
    parts.extend(bodies.values().map(|(_, body)| {
        let seed = body.len().min(SEED);
        body.get(..seed).unwrap_or_default()
    }));
    Sha256::of_parts(&parts)
}

/// Splits into runs of consecutive object numbers.
fn runs(offsets: &[(ObjectId, usize, usize)]) -> impl Iterator<Item = &[(ObjectId, usize, usize)]> {
    offsets.chunk_by(|(a, ..), (b, ..)| a.number.checked_add(1) == Some(b.number))
}

/// Writes formatted text. Writing to memory does not fail.
fn write_to(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}
