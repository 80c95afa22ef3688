//! Our codes in a file: in its raw bytes, in the links of its pages, and in the QR
//! codes that its pages show. A copy made from a print, or a new file around a
//! copied QR code, has nothing else of ours.

use super::occurrences::occurrences;
use crate::kernel::code::DocumentCode;
use crate::kernel::pdf::{Limits, Pdf, PdfError, render};

/// Links of one file that are looked at.
const MOST_LINKS: usize = 256;
/// Pages that are drawn: the signature stands on the first or the last.
const PAGES_DRAWN: u32 = 4;
/// Codes of one file; more tell nothing more.
const MOST: usize = 32;

/// The codes in the file's raw bytes and in the links of its pages, each once;
/// `address` is what the addresses of our pages begin with.
pub(super) fn written(file: &[u8], limits: &Limits, address: &str) -> Vec<DocumentCode> {
    let mut found = in_text(file, address);
    if let Ok(pdf) = Pdf::read(file, limits) {
        found.extend(in_links(&pdf, address).unwrap_or_default());
    }
    once(found)
}

/// The codes in the QR codes that the first pages and the last show, each once.
/// Drawing is costly: this is for files that nothing else ties to a document.
#[must_use]
pub fn shown(file: &[u8], limits: &Limits, address: &str) -> Vec<DocumentCode> {
    let Ok(pdf) = Pdf::read(file, limits) else {
        return Vec::new();
    };
    let count = pdf.pages().map_or(0, |pages| pages.len());
    let last = u32::try_from(count).unwrap_or(u32::MAX);
    let mut pages: Vec<u32> = (1..=last.min(PAGES_DRAWN)).collect();
    if last > PAGES_DRAWN {
        pages.push(last);
    }
    let Ok(drawn) = render::Pages::open(file.to_vec()) else {
        return Vec::new();
    };
    let payloads = |page: &u32| drawn.qr_payloads(*page).unwrap_or_default();
    let payloads = pages.iter().flat_map(payloads);
    once(payloads.flat_map(|payload| in_text(&payload, address)))
}

fn once(found: impl IntoIterator<Item = DocumentCode>) -> Vec<DocumentCode> {
    let mut once = Vec::new();
    for code in found {
        if !once.contains(&code) && once.len() < MOST {
            once.push(code);
        }
    }
    once
}

/// The codes after each occurrence of the address.
fn in_text(text: &[u8], address: &str) -> Vec<DocumentCode> {
    let address = address.as_bytes();
    let codes = occurrences(text, address).take(MOST).filter_map(|at| {
        let rest = text.get(at + address.len()..)?;
        let code = std::str::from_utf8(rest.get(..CODE_LENGTH)?).ok()?;
        code.parse().ok()
    });
    codes.collect()
}

/// Characters of a code in an address.
const CODE_LENGTH: usize = 17;

/// The codes in the web addresses that the pages' links open (ISO 32000-2, 12.6.4.8).
fn in_links(pdf: &Pdf<'_>, address: &str) -> Result<Vec<DocumentCode>, PdfError> {
    let mut codes = Vec::new();
    let mut links = 0;
    for page in pdf.pages()? {
        let annotations = pdf.get(&page.dictionary, "Annots")?;
        let annotations = annotations.as_array().map(|array| array.iter());
        for annotation in annotations.into_iter().flatten() {
            links += 1;
            if links > MOST_LINKS {
                return Ok(codes);
            }
            let annotation = pdf.resolve(annotation)?;
            let Some(annotation) = annotation.as_dictionary() else {
                continue;
            };
            let action = pdf.get(annotation, "A")?;
            if let Some(action) = action.as_dictionary()
                && let Some(target) = pdf.get(action, "URI")?.as_string()
            {
                codes.extend(in_text(&target.bytes(), address));
            }
        }
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_addresses_of_ours_alone() {
        let file = b"(https://a.example/v/041061050R3GG28AB) (https://a.example/v/short)";
        let found = in_text(file, "https://a.example/v/");
        assert_eq!(found, ["041061050R3GG28AB".parse().unwrap()]);
        assert!(in_text(file, "https://b.example/v/").is_empty());
        assert!(in_text(b"", "").is_empty());
    }
}
