//! Bytes to tokens (ISO 32000-2, 7.2): a cursor over a buffer that never
//! leaves it.

use super::error::PdfError;
use super::object::{Name, Object, PdfString, Real};
use super::strings::{hex_run, hex_value};
use std::borrow::Cow;

/// White space (7.2.3, Table 1).
pub(crate) fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0 | 12)
}

/// Delimiters (7.2.3, Table 2).
pub(crate) fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// Everything else (7.2.3).
pub(crate) fn is_regular(byte: u8) -> bool {
    !is_whitespace(byte) && !is_delimiter(byte)
}

/// A cursor over a buffer.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Lexer<'a> {
    /// A cursor at an offset of the buffer.
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }

    /// The offset of the cursor.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Moves the cursor.
    pub(crate) fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// What lies after the cursor.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The byte at the cursor.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// Steps over the bytes that satisfy a predicate and returns them.
    pub(crate) fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| keep(**byte)).count();
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Steps over white space and comments (7.2.4).
    pub(crate) fn skip_space(&mut self) {
        loop {
            self.take_while(is_whitespace);
            if self.peek() != Some(b'%') {
                return;
            }
            self.take_while(|byte| !matches!(byte, b'\r' | b'\n'));
        }
    }

    /// Steps over `token` where the buffer has it at the cursor.
    pub(crate) fn eat(&mut self, token: &[u8]) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    /// Steps over `word` where it stands at the cursor as a whole token.
    pub(crate) fn eat_keyword(&mut self, word: &[u8]) -> bool {
        let ends = self
            .rest()
            .get(word.len())
            .is_none_or(|byte| !is_regular(*byte));
        ends && self.eat(word)
    }

    /// Steps over `word`, or fails.
    pub(crate) fn expect_keyword(
        &mut self,
        word: &[u8],
        otherwise: &'static str,
    ) -> Result<(), PdfError> {
        if self.eat_keyword(word) {
            Ok(())
        } else {
            Err(PdfError::syntax(self.position, otherwise))
        }
    }

    /// Steps over decimal digits and returns their value; the cursor stays where
    /// there are none, or more than the type holds.
    pub(crate) fn unsigned<T: TryFrom<u64>>(&mut self) -> Option<T> {
        let start = self.position;
        let value = self
            .take_while(|byte| byte.is_ascii_digit())
            .iter()
            .try_fold(0_u64, |value, digit| {
                value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
            });
        let found = value
            .filter(|_| self.position > start)
            .and_then(|value| T::try_from(value).ok());
        if found.is_none() {
            self.position = start;
        }
        found
    }

    /// Reads a number (7.3.3). An integer beyond 64 bits is kept as text.
    pub(crate) fn number(&mut self) -> Result<Object<'a>, PdfError> {
        let start = self.position;
        let token = self.take_while(is_regular);
        let unsigned = token.strip_prefix(b"+").unwrap_or(token);
        let digits = unsigned.strip_prefix(b"-").unwrap_or(unsigned);
        let points = digits.iter().filter(|byte| **byte == b'.').count();
        let figures = digits.iter().filter(|byte| byte.is_ascii_digit()).count();
        if figures == 0 || points > 1 || figures + points != digits.len() {
            return Err(PdfError::syntax(start, "not a number"));
        }
        let integer = (points == 0)
            .then(|| std::str::from_utf8(unsigned).ok()?.parse().ok())
            .flatten();
        Ok(integer.map_or(Object::Real(Real(token)), Object::Integer))
    }

    /// Reads a name (7.3.5).
    pub(crate) fn name(&mut self) -> Result<Name<'a>, PdfError> {
        let start = self.position;
        if !self.eat(b"/") {
            return Err(PdfError::syntax(start, "a name is expected"));
        }
        let raw = self.take_while(is_regular);
        if !raw.contains(&b'#') {
            return Ok(Name(Cow::Borrowed(raw)));
        }
        let decoded = unescape_name(raw);
        decoded
            .map(|bytes| Name(Cow::Owned(bytes)))
            .ok_or_else(|| PdfError::syntax(start, "a number sign in a name without two digits"))
    }

    /// Reads a literal string (7.3.4.2).
    pub(crate) fn literal_string(&mut self) -> Result<PdfString<'a>, PdfError> {
        let start = self.position;
        let rest = self.rest();
        let length = literal_length(rest)
            .ok_or_else(|| PdfError::syntax(start, "a string without its end"))?;
        self.position += length;
        let raw = rest.get(1..length.saturating_sub(1)).unwrap_or_default();
        Ok(PdfString {
            raw,
            hexadecimal: false,
        })
    }

    /// Reads a hexadecimal string (7.3.4.3).
    pub(crate) fn hex_string(&mut self) -> Result<PdfString<'a>, PdfError> {
        let start = self.position;
        self.eat(b"<");
        let rest = self.rest();
        self.position += hex_run(rest);
        self.take_while(|byte| byte.is_ascii_hexdigit() || is_whitespace(byte));
        let raw = rest.get(..rest.len() - self.rest().len());
        if !self.eat(b">") {
            return Err(PdfError::syntax(
                start,
                "a hexadecimal string without its end",
            ));
        }
        Ok(PdfString {
            raw: raw.unwrap_or_default(),
            hexadecimal: true,
        })
    }
}

/// Resolves `#xx`; `None` where two digits are missing.
fn unescape_name(raw: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == b'#' {
            let high = hex_value(bytes.next()?)?;
            let low = hex_value(bytes.next()?)?;
            decoded.push(high << 4 | low);
        } else {
            decoded.push(byte);
        }
    }
    Some(decoded)
}

/// The length of a literal string with its balanced parentheses.
fn literal_length(bytes: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => open += 1,
            b')' if open == 1 => return Some(index + 1),
            b')' => open = open.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let read = |text: &'static [u8]| Lexer::new(text, 0).number();
        assert_eq!(read(b"+17"), Ok(Object::Integer(17)));
        assert_eq!(read(b"-98"), Ok(Object::Integer(-98)));
        assert_eq!(
            read(b"595.275590551"),
            Ok(Object::Real(Real(b"595.275590551")))
        );
        assert_eq!(
            read(b"9223372036854775808"),
            Ok(Object::Real(Real(b"9223372036854775808")))
        );
        for bad in [&b"1e5"[..], b"-", b".", b"1.2.3", b"--5", b"0x1"] {
            assert!(read(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn names_and_strings() {
        let name = Lexer::new(b"/#43ontents ", 0).name().unwrap();
        assert_eq!(name, "Contents");
        assert!(Lexer::new(b"/a#4", 0).name().is_err());
        let string = Lexer::new(br"(a(b)\)c)d", 0).literal_string().unwrap();
        assert_eq!(&*string.bytes(), b"a(b))c");
        assert!(Lexer::new(b"(a(b)", 0).literal_string().is_err());
        for bad in [&b"<4z>"[..], b"<44", b"<4(4>"] {
            assert!(Lexer::new(bad, 0).hex_string().is_err());
        }
        let long = [b"<", &[b'4'; 300][..], b" 4>x"].concat();
        let mut lexer = Lexer::new(&long, 0);
        assert_eq!(lexer.hex_string().unwrap().raw.len(), 302);
        assert_eq!(lexer.peek(), Some(b'x'));
    }

    #[test]
    fn comments_are_space() {
        let mut lexer = Lexer::new(b" % one\n\t%two\r\n x", 0);
        lexer.skip_space();
        assert_eq!(lexer.peek(), Some(b'x'));
    }
}
