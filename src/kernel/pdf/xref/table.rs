//! Cross-reference tables (ISO 32000-2, 7.5.4): subsections of 20-byte entries,
//! read in place when they are asked for.

use super::super::error::{Fault, PdfError};
use super::super::lexer::Lexer;
use super::super::limits::Limits;
use super::XrefEntry;

/// Every entry has exactly this many bytes, its end of line among them.
const ENTRY: usize = 20;

/// The subsections of a table, ascending.
#[derive(Debug)]
pub(super) struct Table<'a> {
    subsections: Vec<Subsection<'a>>,
}

#[derive(Debug)]
struct Subsection<'a> {
    first: u32,
    count: u32,
    offset: usize,
    entries: &'a [u8],
}

impl<'a> Table<'a> {
    /// Reads the subsections up to the keyword `trailer`, and that.
    pub(super) fn read(lexer: &mut Lexer<'a>, limits: &Limits) -> Result<Self, PdfError> {
        let mut subsections: Vec<Subsection<'a>> = Vec::new();
        loop {
            lexer.skip_space();
            if lexer.eat_keyword(b"trailer") {
                break;
            }
            if subsections.len() >= limits.objects {
                let limit = limits.objects;
                let what = "subsections";
                return Err(PdfError::at(
                    lexer.position(),
                    Fault::TooComplex { what, limit },
                ));
            }
            subsections.push(Subsection::read(lexer)?);
        }
        subsections.sort_by_key(|subsection| subsection.first);
        refuse_overlap(&subsections)?;
        Ok(Self { subsections })
    }

    /// The entry of an object number, where the table speaks of it.
    pub(super) fn entry(&self, number: u32) -> Result<Option<XrefEntry>, PdfError> {
        let after = self
            .subsections
            .partition_point(|subsection| subsection.first <= number);
        let subsection = after
            .checked_sub(1)
            .and_then(|index| self.subsections.get(index));
        subsection.map_or(Ok(None), |subsection| subsection.entry(number))
    }

    pub(super) fn ranges(&self) -> Vec<(u32, u32)> {
        let range = |subsection: &Subsection<'_>| (subsection.first, subsection.count);
        self.subsections.iter().map(range).collect()
    }
}

impl<'a> Subsection<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Self, PdfError> {
        let at = lexer.position();
        let wrong = || PdfError::xref(at, "a subsection of the table is malformed");
        let first: u32 = lexer.unsigned().ok_or_else(wrong)?;
        lexer.skip_space();
        let count: u32 = lexer.unsigned().ok_or_else(wrong)?;
        lexer.skip_space();
        let offset = lexer.position();
        let length = usize::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(ENTRY))
            .ok_or_else(wrong)?;
        let entries = lexer.rest().get(..length).ok_or_else(wrong)?;
        lexer.seek(offset + length);
        Ok(Self {
            first,
            count,
            offset,
            entries,
        })
    }

    fn entry(&self, number: u32) -> Result<Option<XrefEntry>, PdfError> {
        let index = number.saturating_sub(self.first);
        if index >= self.count {
            return Ok(None);
        }
        let start = usize::try_from(index)
            .unwrap_or(usize::MAX)
            .saturating_mul(ENTRY);
        self.entries
            .get(start..)
            .and_then(|rest| rest.first_chunk::<ENTRY>())
            .and_then(parse)
            .map(Some)
            .ok_or_else(|| {
                PdfError::xref(self.offset + start, "an entry of the table is malformed")
            })
    }
}

/// Parses `nnnnnnnnnn ggggg n` and a two-byte end of line.
fn parse(entry: &[u8; ENTRY]) -> Option<XrefEntry> {
    let (offset, rest) = entry.split_first_chunk::<10>()?;
    let (generation, rest) = rest.strip_prefix(b" ")?.split_first_chunk::<5>()?;
    let offset = usize::try_from(number(offset)?).ok()?;
    let generation = u16::try_from(number(generation)?).ok()?;
    match rest {
        [b' ', b'n', b'\r', b'\n'] | [b' ', b'n', b' ', b'\n' | b'\r'] => {
            Some(XrefEntry::InFile { offset, generation })
        }
        [b' ', b'f', b'\r', b'\n'] | [b' ', b'f', b' ', b'\n' | b'\r'] => Some(XrefEntry::Free),
        _ => None,
    }
}

/// The value of at most ten decimal digits.
fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value: u64, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// Fails where two subsections speak of one object: readers differ on which counts.
fn refuse_overlap(subsections: &[Subsection<'_>]) -> Result<(), PdfError> {
    let pairs = subsections.iter().zip(subsections.iter().skip(1));
    for (one, other) in pairs {
        if one.first.saturating_add(one.count) > other.first {
            return Err(PdfError::xref(
                other.offset,
                "two subsections of the table overlap",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Table<'_>, PdfError> {
        Table::read(&mut Lexer::new(text, 0), &Limits::default())
    }

    #[test]
    fn entries_in_place() {
        let table = read(
            b"0 2\n0000000000 65535 f \n0000000017 00000 n \n7 1\n0000000099 00002 n\r\ntrailer",
        )
        .unwrap();
        let at = |offset, generation| XrefEntry::InFile { offset, generation };
        assert_eq!(table.entry(0), Ok(Some(XrefEntry::Free)));
        assert_eq!(table.entry(1), Ok(Some(at(17, 0))));
        assert_eq!(table.entry(2), Ok(None));
        assert_eq!(table.entry(7), Ok(Some(at(99, 2))));
    }

    #[test]
    fn damage_is_refused() {
        let short_lines = b"0 2\n0000000000 65535 f\n0000000017 00000 n\ntrailer";
        assert!(read(short_lines).is_err());
        assert!(read(b"0 2147483648\ntrailer").is_err());
        assert!(read(b"0 1\n0000000000 65535 f \n0 1\n0000000000 65535 f \ntrailer").is_err());
        let table = read(b"0 1\n00000000x0 65535 f \ntrailer").unwrap();
        assert!(table.entry(0).is_err());
    }
}
