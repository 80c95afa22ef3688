//! Revisions (ISO 32000-2, 7.5.6): the prefixes of a file that are files themselves.
//!
//! A revision ends at a `%%EOF` whose `startxref` names a section of the chain.
//! A linearized file has two sections and one revision; Office's hybrid layout
//! counts two.

use super::lexer::{Lexer, is_whitespace};
use super::object::Span;
use super::reader::Pdf;
use super::xref::Section;

/// The end of one revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The offset after `%%EOF`.
    pub eof: usize,
    /// The offset after the end of line that follows it; for the newest revision
    /// the end of the file.
    pub end: usize,
    /// Where its newest cross-reference section begins.
    pub xref: usize,
}

impl Revision {
    /// Whether a range that stops at `offset` stops where the revision ends.
    #[must_use]
    pub fn ends_at(&self, offset: usize) -> bool {
        (self.eof..=self.end).contains(&offset)
    }
}

impl Pdf<'_> {
    /// The revisions, oldest first; the last one is the whole file.
    #[must_use]
    pub fn revisions(&self) -> Vec<Revision> {
        let sections = &self.xref.sections;
        let mut revisions: Vec<Revision> = sections
            .iter()
            .filter_map(|section| self.revision_after(section))
            .filter(|revision| {
                sections
                    .iter()
                    .any(|section| section.offset == revision.xref)
            })
            .collect();
        revisions.sort_by_key(|revision| revision.eof);
        revisions.dedup_by_key(|revision| revision.eof);
        let whole = self.newest_revision();
        revisions.retain(|revision| revision.eof < whole.eof);
        revisions.push(whole);
        revisions
    }

    fn newest_revision(&self) -> Revision {
        let bytes = self.bytes();
        Revision {
            eof: bytes.trim_ascii_end().len(),
            end: bytes.len(),
            xref: self.newest_xref(),
        }
    }

    /// The `startxref … %%EOF` directly after a section.
    fn revision_after(&self, section: &Section<'_>) -> Option<Revision> {
        let mut lexer = Lexer::new(self.bytes(), section.end);
        lexer.take_while(is_whitespace);
        let named = lexer.eat_keyword(b"startxref");
        lexer.take_while(is_whitespace);
        let xref = lexer.unsigned().filter(|_| named)?;
        lexer.take_while(is_whitespace);
        let eof = lexer.eat(b"%%EOF").then(|| lexer.position())?;
        let _ = lexer.eat(b"\r\n") || lexer.eat(b"\n") || lexer.eat(b"\r");
        let end = lexer.position();
        Some(Revision { eof, end, xref })
    }

    /// The index of the revision that the bytes of a span belong to.
    #[must_use]
    pub fn revision_of(&self, span: Span) -> usize {
        let revisions = self.revisions();
        revisions.partition_point(|revision| revision.eof < span.end)
    }
}

/// The end of the last `%%EOF` of any bytes, with its end of line: where to look
/// for a readable file in one that something was appended to.
#[must_use]
pub fn last_eof(bytes: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"%%EOF";
    let start = bytes
        .windows(MARK.len())
        .rposition(|window| window == MARK)?;
    let mut lexer = Lexer::new(bytes, start + MARK.len());
    let _ = lexer.eat(b"\r\n") || lexer.eat(b"\n") || lexer.eat(b"\r");
    Some(lexer.position())
}
