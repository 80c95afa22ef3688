//! Tokens to objects (ISO 32000-2, 7.3), with a bound on nesting.
//!
//! Streams are not read here: their end depends on other objects, see
//! [`super::indirect`].

use super::error::{Fault, PdfError};
use super::lexer::{Lexer, is_regular};
use super::object::{Array, Dictionary, Entry, Item, Object, ObjectId, Span};

/// How many keys are compared one with another before sorting is cheaper.
const FEW_KEYS: usize = 24;

/// How many keys most dictionaries have.
const USUAL_KEYS: usize = 8;

/// Reads objects from a buffer.
pub(crate) struct Parser<'a> {
    /// The cursor.
    pub(crate) lexer: Lexer<'a>,
    depth: usize,
    limit: usize,
}

impl<'a> Parser<'a> {
    /// A parser at an offset of a buffer, for objects nested at most `limit` deep.
    pub(crate) fn new(bytes: &'a [u8], position: usize, limit: usize) -> Self {
        Self {
            lexer: Lexer::new(bytes, position),
            depth: 0,
            limit,
        }
    }

    /// Reads one object after any white space; the cursor is left after it.
    pub(crate) fn object(&mut self) -> Result<Object<'a>, PdfError> {
        self.item().map(|item| item.value)
    }

    /// Reads one object after any white space, with its span.
    pub(crate) fn item(&mut self) -> Result<Item<'a>, PdfError> {
        self.lexer.skip_space();
        let start = self.lexer.position();
        let value = self.value(start)?;
        let end = self.lexer.position();
        Ok(Item {
            value,
            span: Span { start, end },
        })
    }

    fn value(&mut self, start: usize) -> Result<Object<'a>, PdfError> {
        match self.lexer.peek() {
            Some(b'/') => self.lexer.name().map(Object::Name),
            Some(b'0'..=b'9') => self.number_or_reference(),
            Some(b'+' | b'-' | b'.') => self.lexer.number(),
            Some(b'(') => self.lexer.literal_string().map(Object::String),
            Some(b'<') if self.lexer.rest().starts_with(b"<<") => {
                self.nested(Self::dictionary).map(Object::Dictionary)
            }
            Some(b'<') => self.lexer.hex_string().map(Object::String),
            Some(b'[') => self.nested(Self::array).map(Object::Array),
            _ if self.lexer.eat_keyword(b"true") => Ok(Object::Boolean(true)),
            _ if self.lexer.eat_keyword(b"false") => Ok(Object::Boolean(false)),
            _ if self.lexer.eat_keyword(b"null") => Ok(Object::Null),
            _ => Err(PdfError::syntax(start, "an object is expected")),
        }
    }

    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, PdfError>,
    ) -> Result<T, PdfError> {
        if self.depth >= self.limit {
            let fault = Fault::TooComplex {
                what: "levels of nesting",
                limit: self.limit,
            };
            return Err(PdfError::at(self.lexer.position(), fault));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn number_or_reference(&mut self) -> Result<Object<'a>, PdfError> {
        let number = self.lexer.number()?;
        let Object::Integer(value) = number else {
            return Ok(number);
        };
        let after = self.lexer.position();
        let reference = u32::try_from(value)
            .ok()
            .and_then(|number| self.reference_tail(number));
        if reference.is_none() {
            self.lexer.seek(after);
        }
        Ok(reference.map_or(number, Object::Reference))
    }

    /// Reads `g R` after an object number.
    fn reference_tail(&mut self, number: u32) -> Option<ObjectId> {
        self.lexer.skip_space();
        let generation = self.lexer.unsigned()?;
        self.lexer.skip_space();
        self.lexer
            .eat_keyword(b"R")
            .then_some(ObjectId { number, generation })
    }

    fn array(&mut self) -> Result<Array<'a>, PdfError> {
        let start = self.lexer.position();
        self.lexer.eat(b"[");
        let mut items = Vec::new();
        loop {
            self.lexer.skip_space();
            if self.lexer.eat(b"]") {
                let end = self.lexer.position();
                let span = Span { start, end };
                return Ok(Array { items, span });
            }
            items.push(self.item()?);
        }
    }

    fn dictionary(&mut self) -> Result<Dictionary<'a>, PdfError> {
        let start = self.lexer.position();
        self.lexer.eat(b"<<");
        let mut entries = Vec::with_capacity(USUAL_KEYS);
        loop {
            self.lexer.skip_space();
            if self.lexer.eat(b">>") {
                let end = self.lexer.position();
                refuse_duplicates(&entries)?;
                let span = Span { start, end };
                return Ok(Dictionary { entries, span });
            }
            entries.push(self.entry()?);
        }
    }

    fn entry(&mut self) -> Result<Entry<'a>, PdfError> {
        let start = self.lexer.position();
        let key = self.lexer.name()?;
        let end = self.lexer.position();
        let Item { value, span } = self.item()?;
        Ok(Entry {
            key,
            key_span: Span { start, end },
            value,
            value_span: span,
        })
    }

    /// Reads the header `n g obj` of an indirect object (7.3.10).
    pub(crate) fn header(&mut self) -> Option<ObjectId> {
        self.lexer.skip_space();
        let number = self.lexer.unsigned()?;
        self.lexer.skip_space();
        let generation = self.lexer.unsigned()?;
        self.lexer.skip_space();
        let starts = self.lexer.eat(b"obj") && self.lexer.peek().is_none_or(starts_object);
        starts.then_some(ObjectId { number, generation })
    }
}

/// Whether a byte may follow `obj` directly: `1 0 obj[` is common, `1 0 obj5` is met.
fn starts_object(byte: u8) -> bool {
    !is_regular(byte) || byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')
}

/// Fails where a key occurs twice: readers differ on which one counts.
fn refuse_duplicates(entries: &[Entry<'_>]) -> Result<(), PdfError> {
    let duplicate = if entries.len() <= FEW_KEYS {
        entries.iter().enumerate().find_map(|(index, entry)| {
            let mut earlier = entries.iter().take(index);
            earlier.any(|other| other.key == entry.key).then_some(entry)
        })
    } else {
        let mut sorted: Vec<_> = entries.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        let mut pairs = sorted.iter().zip(sorted.iter().skip(1));
        pairs.find_map(|(a, b)| (a.key == b.key).then_some(*b))
    };
    duplicate.map_or(Ok(()), |entry| {
        let fault = Fault::DuplicateKey(entry.key.text().into_owned());
        Err(PdfError::at(entry.key_span.start, fault))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Result<Object<'_>, PdfError> {
        Parser::new(text, 0, 64).object()
    }

    #[test]
    fn a_dictionary_with_spans() {
        let text = b"  << /A 1 0 R /B[1 2 3]/C (x)>>";
        let object = parse(text).unwrap();
        let dictionary = object.as_dictionary().unwrap();
        assert_eq!(dictionary.span, Span { start: 2, end: 31 });
        assert_eq!(
            dictionary.get("A"),
            Some(&Object::Reference(ObjectId::new(1)))
        );
        let entry = dictionary.entry("B").unwrap();
        assert_eq!(entry.value_span.of(text), b"[1 2 3]");
        assert_eq!(entry.value.as_array().unwrap().len(), 3);
    }

    #[test]
    fn null_is_absence() {
        let object = parse(b"<</A null>>").unwrap();
        assert_eq!(object.as_dictionary().unwrap().get("A"), None);
    }

    #[test]
    fn duplicate_keys_are_refused_even_when_escaped() {
        let error = parse(b"<</Contents 1/#43ontents 2>>").unwrap_err();
        assert_eq!(error.fault, Fault::DuplicateKey("Contents".into()));
        let many: String = (0..40).map(|n| format!("/K{n} 0")).collect();
        assert!(parse(format!("<<{many}>>").as_bytes()).is_ok());
        assert!(parse(format!("<<{many}/K7 1>>").as_bytes()).is_err());
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = [vec![b'['; 65], vec![b']'; 65]].concat();
        assert!(matches!(
            parse(&deep).unwrap_err().fault,
            Fault::TooComplex { .. }
        ));
        assert!(parse(&deep[1..129]).is_ok());
    }

    #[test]
    fn unfinished_objects() {
        for bad in [
            &b"<</A"[..],
            b"<</A 1",
            b"[1",
            b"<< 1 2 >>",
            b"",
            b"nul",
            b"]",
        ] {
            assert!(parse(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
