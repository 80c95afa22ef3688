//! Indirect objects in the file (ISO 32000-2, 7.3.10), streams among them (7.3.8).

use super::error::{Fault, PdfError};
use super::object::{Dictionary, Object, ObjectId, Span, Stream};
use super::parser::Parser;

/// An indirect object with the bytes it was read from.
#[derive(Clone, Debug)]
pub struct Indirect<'a> {
    /// Its number and generation.
    pub id: ObjectId,
    /// The object.
    pub object: Object<'a>,
    /// The buffer that its spans refer to: the file, or the object stream it lives in.
    pub source: &'a [u8],
    /// From the first byte of the value to its last; for a stream to `endstream`.
    pub span: Span,
    /// Whether it lives in an object stream (7.5.7).
    pub compressed: bool,
}

impl<'a> Indirect<'a> {
    /// The bytes of the value as they stand in the file.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.source
            .get(self.span.start..self.span.end)
            .unwrap_or_default()
    }

    /// The bytes that were parsed to read it.
    pub(crate) fn cost(&self) -> usize {
        match &self.object {
            Object::Stream(stream) => stream.dictionary.span.len(),
            _ => self.span.len(),
        }
    }
}

/// An indirect object and the offset after its `endobj`.
pub(crate) struct Read<'a> {
    pub(crate) indirect: Indirect<'a>,
    pub(crate) end: usize,
}

/// Reads the indirect object at an offset of the file. `length` gives the value
/// of an indirect /Length.
pub(crate) fn read<'a>(
    bytes: &'a [u8],
    offset: usize,
    depth: usize,
    length: &dyn Fn(ObjectId) -> Option<usize>,
) -> Result<Read<'a>, PdfError> {
    let mut parser = Parser::new(bytes, offset, depth);
    let id = parser
        .header()
        .ok_or_else(|| PdfError::xref(offset, "no object stands where it points"))?;
    let read = body(&mut parser, bytes, length).map_err(|error| error.within(id))?;
    let (object, span) = read;
    let indirect = Indirect {
        id,
        object,
        source: bytes,
        span,
        compressed: false,
    };
    let end = parser.lexer.position();
    Ok(Read { indirect, end })
}

fn body<'a>(
    parser: &mut Parser<'a>,
    bytes: &'a [u8],
    length: &dyn Fn(ObjectId) -> Option<usize>,
) -> Result<(Object<'a>, Span), PdfError> {
    let item = parser.item()?;
    let (mut object, mut span) = (item.value, item.span);
    parser.lexer.skip_space();
    if parser.lexer.peek() == Some(b's')
        && let Object::Dictionary(dictionary) = object
    {
        object = stream(parser, bytes, dictionary, length).map(Object::Stream)?;
        span.end = parser.lexer.position();
        parser.lexer.skip_space();
    }
    parser
        .lexer
        .expect_keyword(b"endobj", "endobj is missing")?;
    Ok((object, span))
}

/// Reads a stream from its keyword on. /Length must be right: it is not searched for.
fn stream<'a>(
    parser: &mut Parser<'a>,
    bytes: &'a [u8],
    dictionary: Dictionary<'a>,
    length: &dyn Fn(ObjectId) -> Option<usize>,
) -> Result<Stream<'a>, PdfError> {
    let at = parser.lexer.position();
    let begins = parser.lexer.eat(b"stream\r\n") || parser.lexer.eat(b"stream\n");
    if !begins {
        return Err(PdfError::syntax(at, "stream without its end of line"));
    }
    let length = match dictionary.get("Length") {
        Some(Object::Integer(value)) => usize::try_from(*value).ok(),
        Some(Object::Reference(id)) => length(*id),
        _ => None,
    };
    let start = parser.lexer.position();
    let data_span = length
        .and_then(|length| {
            Some(Span {
                start,
                end: start.checked_add(length)?,
            })
        })
        .ok_or_else(|| PdfError::syntax(at, "a stream without a usable /Length"))?;
    let data = bytes
        .get(data_span.start..data_span.end)
        .ok_or_else(|| PdfError::syntax(at, "a stream longer than the file"))?;
    parser.lexer.seek(data_span.end);
    parser.lexer.take_while(super::lexer::is_whitespace);
    parser
        .lexer
        .expect_keyword(b"endstream", "/Length does not lead to endstream")?;
    Ok(Stream {
        dictionary,
        data,
        data_span,
    })
}

/// Fails unless the object has the expected number and generation.
pub(crate) fn expect_id(read: &Indirect<'_>, id: ObjectId, offset: usize) -> Result<(), PdfError> {
    if read.id == id {
        return Ok(());
    }
    let fault = Fault::DamagedXref("another object stands where it points");
    Err(PdfError::at(offset, fault).within(id))
}
