//! Cross-reference streams (ISO 32000-2, 7.5.8).

use super::super::error::PdfError;
use super::super::filters::{self, Budget};
use super::super::indirect;
use super::super::limits::Limits;
use super::super::object::{Dictionary, Object, ObjectId, Stream};
use super::XrefEntry;

/// A cross-reference stream, decoded; rows are read when they are asked for.
#[derive(Debug)]
pub(super) struct StreamSection {
    /// The ranges of /Index, ascending: first number, count, first row.
    ranges: Vec<(u32, u32, usize)>,
    widths: [usize; 3],
    rows: Vec<u8>,
}

/// A section with its dictionary and the offset after `endobj`.
pub(super) struct ReadStream<'a> {
    pub(super) section: StreamSection,
    pub(super) dictionary: Dictionary<'a>,
    pub(super) end: usize,
}

/// Reads the cross-reference stream at an offset. Its values are direct (7.5.8.2).
pub(super) fn read<'a>(
    bytes: &'a [u8],
    offset: usize,
    limits: &Limits,
    budget: &Budget,
) -> Result<ReadStream<'a>, PdfError> {
    let no_references = |_: ObjectId| None;
    let read = indirect::read(bytes, offset, limits.depth, &no_references)?;
    let Object::Stream(stream) = read.indirect.object else {
        return Err(PdfError::xref(
            offset,
            "neither a table nor a stream stands there",
        ));
    };
    if !stream.dictionary.has_name("Type", "XRef") {
        return Err(PdfError::xref(offset, "the stream is not of /Type /XRef"));
    }
    let section = StreamSection::new(&stream, budget)
        .map_err(|error| error.within(read.indirect.id))?
        .ok_or_else(|| PdfError::xref(offset, "the cross-reference stream is malformed"))?;
    Ok(ReadStream {
        section,
        dictionary: stream.dictionary,
        end: read.end,
    })
}

impl StreamSection {
    /// Decodes a stream; `None` where its dictionary makes no sense.
    fn new(stream: &Stream<'_>, budget: &Budget) -> Result<Option<Self>, PdfError> {
        let value = |key| stream.dictionary.get(key).unwrap_or(&Object::Null);
        let filters = filters::chain(value("Filter"), value("DecodeParms"))?;
        let rows = filters::decode(stream.data, &filters, budget)?.into_owned();
        Ok(shape(&stream.dictionary).and_then(|(widths, ranges)| {
            let section = Self {
                ranges,
                widths,
                rows,
            };
            section.is_whole().then_some(section)
        }))
    }

    /// Whether there is a row for every entry and no entry has two.
    fn is_whole(&self) -> bool {
        let rows = self.ranges.iter().try_fold(0_usize, |rows, (_, count, _)| {
            rows.checked_add(size(*count))
        });
        let needed = rows.and_then(|rows| rows.checked_mul(self.row_width()));
        let pairs = self.ranges.iter().zip(self.ranges.iter().skip(1));
        let mut disjoint = pairs.map(|(a, b)| a.0.saturating_add(a.1) <= b.0);
        self.row_width() > 0
            && needed.is_some_and(|needed| needed <= self.rows.len())
            && disjoint.all(|ok| ok)
    }

    fn row_width(&self) -> usize {
        self.widths.iter().sum()
    }

    /// The entry of an object number, where the stream speaks of it.
    pub(super) fn entry(&self, number: u32) -> Option<XrefEntry> {
        let after = self.ranges.partition_point(|(first, ..)| *first <= number);
        let (first, count, row) = self.ranges.get(after.checked_sub(1)?)?;
        let index = number.checked_sub(*first).filter(|index| index < count)?;
        let start = row
            .checked_add(size(index))?
            .checked_mul(self.row_width())?;
        self.parse(self.rows.get(start..)?)
    }

    /// Parses a row (7.5.8.3, Table 18). Unknown types stand for null.
    fn parse(&self, row: &[u8]) -> Option<XrefEntry> {
        let [kind_width, second_width, third_width] = self.widths;
        let (kind, rest) = row.split_at_checked(kind_width)?;
        let (second, rest) = rest.split_at_checked(second_width)?;
        let third = rest.get(..third_width)?;
        let kind = if kind.is_empty() { 1 } else { big_endian(kind) };
        let (second, third) = (big_endian(second), big_endian(third));
        let entry = match kind {
            1 => XrefEntry::InFile {
                offset: usize::try_from(second).ok()?,
                generation: u16::try_from(third).ok()?,
            },
            2 => XrefEntry::Compressed {
                container: u32::try_from(second).ok()?,
                index: u32::try_from(third).ok()?,
            },
            _ => XrefEntry::Free,
        };
        Some(entry)
    }

    pub(super) fn ranges(&self) -> Vec<(u32, u32)> {
        let range = |(first, count, _): &(u32, u32, usize)| (*first, *count);
        self.ranges.iter().map(range).collect()
    }

    pub(super) fn containers(&self, into: &mut Vec<u32>) {
        let width = self.row_width();
        if width == 0 {
            return;
        }
        for row in self.rows.chunks_exact(width) {
            if let Some(XrefEntry::Compressed { container, .. }) = self.parse(row)
                && into.last() != Some(&container)
            {
                into.push(container);
            }
        }
    }
}

type Shape = ([usize; 3], Vec<(u32, u32, usize)>);

/// Reads /W and /Index (7.5.8.2, Table 17).
fn shape(dictionary: &Dictionary<'_>) -> Option<Shape> {
    let widths = dictionary.get("W")?.as_array()?;
    let width = |index| {
        let width = usize::try_from(widths.get(index)?.as_integer()?).ok()?;
        (width <= 8).then_some(width)
    };
    let widths = [width(0)?, width(1)?, width(2)?];
    let whole = |object: &Object<'_>| u32::try_from(object.as_integer()?).ok();
    let index = match dictionary.get("Index") {
        None => vec![0, whole(dictionary.get("Size")?)?],
        Some(index) => index.as_array()?.iter().map(whole).collect::<Option<_>>()?,
    };
    let mut ranges = Vec::with_capacity(index.len() / 2);
    let mut row = 0_usize;
    for pair in index.chunks(2) {
        let [first, count] = pair else { return None };
        ranges.push((*first, *count, row));
        row = row.checked_add(size(*count))?;
    }
    ranges.sort_unstable();
    Some((widths, ranges))
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &[u8]) -> Result<ReadStream<'_>, PdfError> {
        read(text, 0, &Limits::default(), &Budget::new("bytes", 1000))
    }

    #[test]
    fn rows_and_defaults() {
        let text = b"9 0 obj<</Type/XRef/Size 5/W[1 2 1]/Index[0 1 3 2]/Length 12>>stream\n\
            \x00\x00\x00\xff\x01\x01\x02\x00\x02\x00\x07\x04\nendstream endobj";
        let section = at(text).unwrap().section;
        assert_eq!(section.entry(0), Some(XrefEntry::Free));
        assert_eq!(section.entry(1), None);
        let in_file = XrefEntry::InFile {
            offset: 258,
            generation: 0,
        };
        assert_eq!(section.entry(3), Some(in_file));
        let compressed = XrefEntry::Compressed {
            container: 7,
            index: 4,
        };
        assert_eq!(section.entry(4), Some(compressed));
        let mut containers = Vec::new();
        section.containers(&mut containers);
        assert_eq!(containers, [7]);
    }

    #[test]
    fn nonsense_is_refused() {
        for (shape, data) in [
            ("/W[1 2 1]/Index[0 3]", "1234"),
            ("/W[1 2]/Index[0 1]", "1234"),
            ("/W[1 9 1]/Index[0 1]", "12345678901"),
            ("/W[1 2 1]/Index[0]", "1234"),
            ("/W[0 0 0]/Index[0 4294967295 1 1]", ""),
        ] {
            let length = data.len();
            let text = format!(
                "9 0 obj<</Type/XRef/Size 5{shape}/Length {length}>>stream\n{data}\nendstream endobj"
            );
            assert!(at(text.as_bytes()).is_err(), "{shape}");
        }
    }
}
