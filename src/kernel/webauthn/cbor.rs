//! CBOR as authenticators write it (CTAP2 canonical form): definite lengths, no tags, few levels.
//! Nothing is allocated; a length beyond the input is an error.

/// How deep values may nest: attestation statements hold certificates in one array.
const DEEPEST: u8 = 4;

/// The bytes are not the CBOR that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotCbor;

/// Reads one item after the other.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn octets(&mut self, count: u64) -> Result<&'a [u8], NotCbor> {
        let count = usize::try_from(count).map_err(|_| NotCbor)?;
        let (head, tail) = self.rest.split_at_checked(count).ok_or(NotCbor)?;
        self.rest = tail;
        Ok(head)
    }

    /// Major type and argument (RFC 8949 3). The argument is in its shortest form.
    fn head(&mut self) -> Result<(u8, u64), NotCbor> {
        let [first] = self.octets(1)? else {
            return Err(NotCbor);
        };
        let (major, short) = (first >> 5, first & 0x1f);
        let (length, least) = match short {
            0..24 => return Ok((major, u64::from(short))),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(NotCbor),
        };
        let octets = self.octets(length)?;
        let argument = octets
            .iter()
            .fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet));
        if argument < least {
            return Err(NotCbor);
        }
        Ok((major, argument))
    }

    fn argument(&mut self, wanted: u8) -> Result<u64, NotCbor> {
        match self.head()? {
            (major, argument) if major == wanted => Ok(argument),
            _ => Err(NotCbor),
        }
    }

    /// An integer.
    pub(super) fn integer(&mut self) -> Result<i64, NotCbor> {
        let (major, argument) = self.head()?;
        let argument = i64::try_from(argument).map_err(|_| NotCbor)?;
        match major {
            0 => Ok(argument),
            1 => Ok(-1 - argument),
            _ => Err(NotCbor),
        }
    }

    /// A byte string.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], NotCbor> {
        let length = self.argument(2)?;
        self.octets(length)
    }

    /// A text string.
    pub(super) fn text(&mut self) -> Result<&'a str, NotCbor> {
        let length = self.argument(3)?;
        std::str::from_utf8(self.octets(length)?).map_err(|_| NotCbor)
    }

    /// The head of a map: how many pairs follow.
    pub(super) fn map(&mut self) -> Result<u64, NotCbor> {
        self.argument(5)
    }

    /// Passes one value by, whatever it is; gives its bytes.
    pub(super) fn value(&mut self) -> Result<&'a [u8], NotCbor> {
        let before = self.rest;
        self.pass(DEEPEST)?;
        let length = before.len().saturating_sub(self.rest.len());
        before.get(..length).ok_or(NotCbor)
    }

    fn pass(&mut self, depth: u8) -> Result<(), NotCbor> {
        let depth = depth.checked_sub(1).ok_or(NotCbor)?;
        let (major, argument) = self.head()?;
        match major {
            0 | 1 => Ok(()),
            2 | 3 => self.octets(argument).map(drop),
            4 => (0..argument).try_for_each(|_| self.pass(depth)),
            5 => (0..argument).try_for_each(|_| {
                self.pass(depth)?;
                self.pass(depth)
            }),
            // true, false, null, and what else is simple; floats have arguments as well.
            7 => Ok(()),
            _ => Err(NotCbor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_passed_by() {
        let mut reader = Reader::new(&[0x18, 0x18, 0x20, 0x42, 1, 2, 0x61, b'a', 0x81, 0xf5, 9]);
        assert_eq!(reader.integer(), Ok(24));
        assert_eq!(reader.integer(), Ok(-1));
        assert_eq!(reader.bytes(), Ok([1, 2].as_slice()));
        assert_eq!(reader.text(), Ok("a"));
        assert_eq!(reader.value(), Ok([0x81, 0xf5].as_slice()));
        assert_eq!(reader.rest(), [9]);
    }

    #[test]
    fn what_is_not_canonical_or_lies_about_its_length_is_refused() {
        for bytes in [
            &[][..],
            &[0x18],
            &[0x18, 23],
            &[0x19, 0, 0xff],
            &[0x5f, 0xff],
            &[0x9f, 0xff],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
            &[0x81, 0x81, 0x81, 0x81, 0],
            &[0xc1, 0],
        ] {
            assert_eq!(Reader::new(bytes).value(), Err(NotCbor), "{bytes:x?}");
        }
    }
}
