//! Cross-reference data (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8): the chain of sections
//! from `startxref` through every /Prev, newest first.
//!
//! Sections are kept as they were read; an entry is looked up when it is asked
//! for. A damaged section is an error, never reconstructed.

mod hybrid;
mod stream;
mod table;

use super::error::{Fault, PdfError};
use super::filters::Budget;
use super::lexer::Lexer;
use super::limits::Limits;
use super::object::{Dictionary, Object};
use super::parser::Parser;
use stream::StreamSection;
use table::Table;

/// The largest object number that ISO 32000-1, Annex C lets a reader support.
const MAX_OBJECT_NUMBER: u32 = 8_388_607;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefEntry {
    /// Nowhere: its number is free.
    Free,
    /// At an offset of the file.
    InFile {
        /// The offset of its header.
        offset: usize,
        /// The generation it must have.
        generation: u16,
    },
    /// In an object stream.
    Compressed {
        /// The object number of the object stream.
        container: u32,
        /// Its index there.
        index: u32,
    },
}

/// Whether a section is a table or a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionForm {
    /// `xref … trailer` (7.5.4).
    Table,
    /// A stream of /Type /XRef (7.5.8).
    Stream,
}

/// One cross-reference section with its trailer.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    /// Where it begins: what `startxref` or /Prev says.
    pub(crate) offset: usize,
    /// Where it ends: after the trailer dictionary, or after `endobj`.
    pub(crate) end: usize,
    /// The trailer, or the stream dictionary that stands for it.
    pub(crate) trailer: Dictionary<'a>,
    entries: Entries<'a>,
    /// The stream of a hybrid file (7.5.8.4).
    hybrid: Option<StreamSection>,
}

#[derive(Debug)]
enum Entries<'a> {
    Table(Table<'a>),
    Stream(StreamSection),
}

impl Section<'_> {
    pub(crate) fn form(&self) -> SectionForm {
        match self.entries {
            Entries::Table(_) => SectionForm::Table,
            Entries::Stream(_) => SectionForm::Stream,
        }
    }

    /// The entry of the section itself, without that of a hybrid's stream.
    fn own_entry(&self, number: u32) -> Result<Option<XrefEntry>, PdfError> {
        match &self.entries {
            Entries::Table(table) => table.entry(number),
            Entries::Stream(stream) => Ok(stream.entry(number)),
        }
    }

    /// The section's entry; a hybrid's stream is asked after its table (7.5.8.4).
    fn entry(&self, number: u32) -> Result<Option<XrefEntry>, PdfError> {
        let own = self.own_entry(number)?;
        Ok(own.or_else(|| self.hybrid.as_ref()?.entry(number)))
    }

    /// The ranges of object numbers (first, count) that the section speaks of.
    fn ranges(&self) -> Vec<(u32, u32)> {
        let mut ranges = match &self.entries {
            Entries::Table(table) => table.ranges(),
            Entries::Stream(stream) => stream.ranges(),
        };
        if let Some(hybrid) = &self.hybrid {
            ranges.extend(hybrid.ranges());
        }
        ranges
    }

    /// The object streams that the section's entries point into.
    fn containers(&self, into: &mut Vec<u32>) {
        if let Entries::Stream(stream) = &self.entries {
            stream.containers(into);
        }
        if let Some(hybrid) = &self.hybrid {
            hybrid.containers(into);
        }
    }
}

/// The whole chain.
#[derive(Debug)]
pub(crate) struct Xref<'a> {
    /// Newest first; never empty.
    pub(crate) sections: Vec<Section<'a>>,
    /// One more than the highest object number (7.5.5, /Size).
    pub(crate) size: u32,
}

impl<'a> Xref<'a> {
    /// Reads the chain that begins at `start`.
    pub(crate) fn read(
        bytes: &'a [u8],
        start: usize,
        limits: &Limits,
        budget: &Budget,
    ) -> Result<Self, PdfError> {
        let sections = chain(bytes, start, limits, budget)?;
        let size = size(&sections, start, limits)?;
        let xref = Self { sections, size };
        xref.check_hybrids()?;
        Ok(xref)
    }

    /// Where an object is, in the newest section that speaks of it.
    pub(crate) fn entry(&self, number: u32) -> Result<XrefEntry, PdfError> {
        for section in &self.sections {
            if let Some(entry) = section.entry(number)? {
                return Ok(entry);
            }
        }
        Ok(XrefEntry::Free)
    }

    /// All object numbers that any section speaks of, ascending.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        let ranges = self.sections.iter().flat_map(Section::ranges);
        let mut numbers: Vec<u32> = ranges
            .flat_map(|(first, count)| first..first.saturating_add(count))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The numbers of all object streams, ascending.
    pub(crate) fn containers(&self) -> Vec<u32> {
        let mut containers = Vec::new();
        for section in &self.sections {
            section.containers(&mut containers);
        }
        containers.sort_unstable();
        containers.dedup();
        containers
    }

    fn check_hybrids(&self) -> Result<(), PdfError> {
        let mut older = self.sections.as_slice();
        while let Some((section, rest)) = older.split_first() {
            hybrid::check(section, rest)?;
            older = rest;
        }
        Ok(())
    }
}

fn chain<'a>(
    bytes: &'a [u8],
    start: usize,
    limits: &Limits,
    budget: &Budget,
) -> Result<Vec<Section<'a>>, PdfError> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut next = Some(start);
    while let Some(offset) = next {
        if sections.iter().any(|section| section.offset == offset) {
            return Err(PdfError::xref(offset, "/Prev leads in a circle"));
        }
        if sections.len() >= limits.revisions {
            let what = "revisions";
            let limit = limits.revisions;
            return Err(PdfError::at(offset, Fault::TooComplex { what, limit }));
        }
        let section = section(bytes, offset, limits, budget)?;
        if section.trailer.get("Encrypt").is_some() {
            return Err(PdfError::at(offset, Fault::Encrypted));
        }
        next = offset_value(&section.trailer, "Prev", offset)?;
        sections.push(section);
    }
    Ok(sections)
}

fn section<'a>(
    bytes: &'a [u8],
    offset: usize,
    limits: &Limits,
    budget: &Budget,
) -> Result<Section<'a>, PdfError> {
    let mut lexer = Lexer::new(bytes, offset);
    if !lexer.eat_keyword(b"xref") {
        return stream::read(bytes, offset, limits, budget).map(|read| Section {
            offset,
            end: read.end,
            trailer: read.dictionary,
            entries: Entries::Stream(read.section),
            hybrid: None,
        });
    }
    let table = Table::read(&mut lexer, limits)?;
    let (trailer, end) = trailer(bytes, lexer.position(), limits)?;
    let hybrid = offset_value(&trailer, "XRefStm", offset)?
        .map(|at| stream::read(bytes, at, limits, budget).map(|read| read.section))
        .transpose()?;
    Ok(Section {
        offset,
        end,
        trailer,
        entries: Entries::Table(table),
        hybrid,
    })
}

/// Reads the dictionary after the keyword `trailer` (7.5.5).
fn trailer<'a>(
    bytes: &'a [u8],
    position: usize,
    limits: &Limits,
) -> Result<(Dictionary<'a>, usize), PdfError> {
    let mut parser = Parser::new(bytes, position, limits.depth);
    match parser.object()? {
        Object::Dictionary(trailer) => Ok((trailer, parser.lexer.position())),
        _ => Err(PdfError::xref(position, "the trailer is not a dictionary")),
    }
}

/// An offset in a trailer: direct, whole, not negative.
fn offset_value(trailer: &Dictionary<'_>, key: &str, at: usize) -> Result<Option<usize>, PdfError> {
    let Some(value) = trailer.get(key) else {
        return Ok(None);
    };
    let offset = value
        .as_integer()
        .and_then(|value| usize::try_from(value).ok());
    let offset = offset.ok_or_else(|| PdfError::xref(at, "an offset in a trailer is no offset"))?;
    Ok(Some(offset))
}

/// Checks that no section speaks of objects beyond the newest /Size, which a
/// reader must take for missing (7.5.5), and that there are not too many.
fn size(sections: &[Section<'_>], start: usize, limits: &Limits) -> Result<u32, PdfError> {
    let size = sections
        .first()
        .and_then(|newest| newest.trailer.get("Size")?.as_integer())
        .and_then(|size| u32::try_from(size).ok())
        .filter(|size| (1..=MAX_OBJECT_NUMBER).contains(size))
        .ok_or_else(|| PdfError::xref(start, "the trailer has no usable /Size"))?;
    let mut count = 0_usize;
    for section in sections {
        for (first, entries) in section.ranges() {
            if first.checked_add(entries).is_none_or(|end| end > size) {
                return Err(PdfError::xref(section.offset, "an entry lies beyond /Size"));
            }
            count = count.saturating_add(usize::try_from(entries).unwrap_or(usize::MAX));
        }
    }
    if count > limits.objects.saturating_mul(4) {
        let limit = limits.objects;
        let what = "objects";
        return Err(PdfError::at(start, Fault::TooComplex { what, limit }));
    }
    Ok(size)
}
