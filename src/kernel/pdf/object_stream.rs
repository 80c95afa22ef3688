//! Object streams (ISO 32000-2, 7.5.7): objects kept together in one compressed stream.
//!
//! The cross-reference entry names the stream and the index, so /Extends is
//! never followed. An object stream must be readable without another one.

use super::error::{Fault, PdfError};
use super::filters::{self, Budget};
use super::indirect::Indirect;
use super::lexer::Lexer;
use super::limits::Limits;
use super::object::{Object, ObjectId, Stream};
use super::parser::Parser;

/// A decoded object stream with the places of its objects.
#[derive(Debug)]
pub(crate) struct ObjectStream {
    data: Vec<u8>,
    /// Object number and offset in `data`, by index.
    members: Vec<(u32, usize)>,
}

impl ObjectStream {
    /// Decodes an object stream.
    pub(crate) fn new(
        stream: &Stream<'_>,
        limits: &Limits,
        budget: &Budget,
    ) -> Result<Self, PdfError> {
        let dictionary = &stream.dictionary;
        if !dictionary.has_name("Type", "ObjStm") {
            return Err(Fault::DamagedXref("an entry points into another kind of stream").into());
        }
        let number = |key| usize::try_from(dictionary.get(key)?.as_integer()?).ok();
        let (Some(count), Some(first)) = (number("N"), number("First")) else {
            return Err(Fault::Syntax("an object stream without /N or /First").into());
        };
        if count > limits.objects {
            let limit = limits.objects;
            let what = "objects";
            return Err(Fault::TooComplex { what, limit }.into());
        }
        let value = |key| dictionary.get(key).unwrap_or(&Object::Null);
        let filters = filters::chain(value("Filter"), value("DecodeParms"))?;
        let data = filters::decode(stream.data, &filters, budget)?.into_owned();
        let members = members(&data, count, first)
            .ok_or(Fault::Syntax("the header of an object stream is malformed"))?;
        Ok(Self { data, members })
    }

    /// The object at an index, which must have the expected number.
    pub(crate) fn member(
        &self,
        number: u32,
        index: u32,
        depth: usize,
    ) -> Result<Indirect<'_>, PdfError> {
        let place = usize::try_from(index)
            .ok()
            .and_then(|index| self.members.get(index))
            .filter(|(found, _)| *found == number);
        let (_, offset) = place.ok_or(Fault::DamagedXref(
            "the object stream has another object there",
        ))?;
        let item = Parser::new(&self.data, *offset, depth).item()?;
        Ok(Indirect {
            id: ObjectId::new(number),
            object: item.value,
            source: &self.data,
            span: item.span,
            compressed: true,
        })
    }
}

/// Reads the pairs of object number and offset before /First.
fn members(data: &[u8], count: usize, first: usize) -> Option<Vec<(u32, usize)>> {
    let mut lexer = Lexer::new(data.get(..first)?, 0);
    let mut members = Vec::new();
    for _ in 0..count {
        lexer.skip_space();
        let number = lexer.unsigned()?;
        lexer.skip_space();
        let offset: usize = lexer.unsigned()?;
        members.push((number, first.checked_add(offset)?));
    }
    Some(members)
}
