//! Stream filters (ISO 32000-2, 7.4), decoded under a budget.
//!
//! Flate with predictors and the two ASCII filters: what structure and page
//! content are written with. Image filters, LZW, run-length and encryption are
//! not decoded.

mod ascii;
mod flate;
mod predictor;

use super::error::{Fault, PdfError};
use super::object::{Dictionary, Name, Object};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many filters one stream may be chained through.
const MAX_FILTERS: usize = 4;

/// The bytes that one reader may still inflate, or parse.
#[derive(Debug)]
pub(crate) struct Budget {
    what: &'static str,
    limit: usize,
    spent: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(what: &'static str, limit: usize) -> Self {
        Self {
            what,
            limit,
            spent: AtomicUsize::new(0),
        }
    }

    /// What is left.
    pub(crate) fn left(&self) -> usize {
        self.limit
            .saturating_sub(self.spent.load(Ordering::Relaxed))
    }

    /// Takes `bytes` from what is left.
    pub(crate) fn spend(&self, bytes: usize) {
        self.spent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The error of what would exceed the budget.
    pub(crate) fn exceeded(&self) -> PdfError {
        PdfError::from(Fault::TooComplex {
            what: self.what,
            limit: self.limit,
        })
    }
}

/// One filter of a stream with its parameters, references resolved.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    name: Name<'a>,
    parameters: Option<Dictionary<'a>>,
}

/// Reads the chain of filters from resolved /Filter and /DecodeParms values (7.3.8.2).
pub(crate) fn chain<'a>(
    filter: &Object<'a>,
    parameters: &Object<'a>,
) -> Result<Vec<Filter<'a>>, PdfError> {
    let names = one_or_many(filter);
    if names.len() > MAX_FILTERS {
        let limit = MAX_FILTERS;
        let what = "filters on one stream";
        return Err(Fault::TooComplex { what, limit }.into());
    }
    let parameters = one_or_many(parameters);
    names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let name = name
                .as_name()
                .ok_or(Fault::Filter("a filter is not a name"))?;
            let parameters = parameters
                .get(index)
                .and_then(|value| value.as_dictionary());
            Ok(Filter {
                name: name.clone(),
                parameters: parameters.cloned(),
            })
        })
        .collect()
}

fn one_or_many<'o, 'a>(object: &'o Object<'a>) -> Vec<&'o Object<'a>> {
    match object {
        Object::Null => Vec::new(),
        Object::Array(array) => array.iter().collect(),
        one => vec![one],
    }
}

/// Decodes `data` through a chain of filters.
pub(crate) fn decode<'a>(
    data: &'a [u8],
    filters: &[Filter<'_>],
    budget: &Budget,
) -> Result<Cow<'a, [u8]>, PdfError> {
    filters
        .iter()
        .try_fold(Cow::Borrowed(data), |data, filter| {
            filter.decode(&data, budget).map(Cow::Owned)
        })
}

impl Filter<'_> {
    fn decode(&self, data: &[u8], budget: &Budget) -> Result<Vec<u8>, PdfError> {
        match self.name.as_bytes() {
            b"FlateDecode" | b"Fl" => {
                let inflated = flate::inflate(data, budget)?;
                predictor::undo(inflated, self.parameters.as_ref())
            }
            b"ASCIIHexDecode" | b"AHx" => ascii::decode_hex(data),
            b"ASCII85Decode" | b"A85" => ascii::decode_85(data, budget),
            _ => Err(Fault::UnsupportedFilter(self.name.text().into_owned()).into()),
        }
    }
}

/// Inflates without keeping the result, to know whether it stays within the
/// budget. Damaged data counts up to the damage.
pub(crate) fn measure(
    data: &[u8],
    filters: &[Filter<'_>],
    budget: &Budget,
) -> Result<(), PdfError> {
    let flate = |filter: &Filter<'_>| matches!(filter.name.as_bytes(), b"FlateDecode" | b"Fl");
    match filters {
        [only] if flate(only) => flate::measure(data, budget),
        [_, ..] if filters.iter().any(flate) => match decode(data, filters, budget) {
            Err(error) if matches!(error.fault, Fault::TooComplex { .. }) => Err(error),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Compresses data for a stream with /FlateDecode.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    flate::deflate(data)
}

#[cfg(test)]
mod tests {
    use super::super::object::Object;
    use super::super::parser::Parser;
    use super::*;

    fn through(dictionary: &str, data: &[u8], limit: usize) -> Result<Vec<u8>, PdfError> {
        let object = Parser::new(dictionary.as_bytes(), 0, 8).object().unwrap();
        let dictionary = object.as_dictionary().unwrap();
        let value = |key| dictionary.get(key).cloned().unwrap_or(Object::Null);
        let filters = chain(&value("Filter"), &value("DecodeParms"))?;
        decode(data, &filters, &Budget::new("bytes", limit)).map(Cow::into_owned)
    }

    #[test]
    fn flate_and_its_budget() {
        let data = vec![7_u8; 100_000];
        let packed = deflate(&data);
        let name = "<</Filter/FlateDecode>>";
        assert_eq!(through(name, &packed, 100_000).unwrap(), data);
        let error = through(name, &packed, 99_999).unwrap_err();
        assert!(matches!(error.fault, Fault::TooComplex { .. }));
        let cut = &packed[..packed.len() / 2];
        assert!(through(name, cut, 200_000).is_err());
    }

    #[test]
    fn a_chain() {
        let hex: String = deflate(b"abc").iter().map(|b| format!("{b:02x}")).collect();
        let packed = format!("{hex}>");
        let names = "<</Filter[/ASCIIHexDecode/FlateDecode]/DecodeParms[null null]>>";
        assert_eq!(through(names, packed.as_bytes(), 99).unwrap(), b"abc");
        let long = "<</Filter[/AHx/AHx/AHx/AHx/AHx]>>";
        assert!(through(long, b">", 99).is_err());
    }

    #[test]
    fn png_predictors() {
        let rows = [2_u8, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1];
        let packed = deflate(&rows);
        let name = "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>>>";
        let plain = [1, 2, 3, 2, 3, 4, 5, 6, 7];
        assert_eq!(through(name, &packed, 99).unwrap(), plain);
        let huge = "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>>>";
        assert!(through(huge, &packed, 99).is_err());
    }

    #[test]
    fn unknown_filters_are_named() {
        let error = through("<</Filter/DCTDecode>>", b"", 9).unwrap_err();
        assert_eq!(error.fault, Fault::UnsupportedFilter("DCTDecode".into()));
    }
}
