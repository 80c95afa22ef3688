//! A font reduced to the glyphs a drawing uses, as the five objects of a
//! composite font: Type0, CIDFontType2, descriptor, font file and ToUnicode
//! (ISO 32000-2, 9.7.4, 9.8, 9.9, 9.10.3), and the CIDSet that PDF/A-1 asks for
//! (ISO 19005-1, 6.3.5). The CIDSet lists every glyph of the embedded file, so it is
//! also right under the stricter wording of ISO 19005-2, 6.2.11.4.2.

use std::collections::BTreeMap;
use std::fmt::Write;

use subsetter::GlyphRemapper;

use super::{Face, FontError};
use crate::kernel::pdf::ObjectId;
use crate::kernel::pdf::content::number;
use crate::kernel::pdf::sink::{Deflated, ObjectSink};

/// Collects the characters a drawing uses and gives their codes.
#[derive(Debug)]
pub struct Subset<'f> {
    face: &'f Face,
    remapper: GlyphRemapper,
    characters: BTreeMap<u16, char>,
}

impl<'f> Subset<'f> {
    /// A subset of `face` without characters.
    #[must_use]
    pub fn new(face: &'f Face) -> Self {
        Self {
            face,
            remapper: GlyphRemapper::new(),
            characters: BTreeMap::new(),
        }
    }

    /// The codes of `text` as the hexadecimal digits of a PDF string.
    pub fn encode(&mut self, text: &str) -> Result<String, FontError> {
        let mut codes = String::with_capacity(text.len() * 4);
        for character in text.chars() {
            let code = self.remapper.remap(self.face.glyph(character)?.id);
            self.characters.entry(code).or_insert(character);
            let _ = write!(codes, "{code:04X}");
        }
        Ok(codes)
    }

    /// Makes the subset; `None` when no character was asked for.
    pub fn finish(self) -> Result<Option<EmbeddedFont>, FontError> {
        if self.characters.is_empty() {
            return Ok(None);
        }
        let file = subsetter::subset(&self.face.data, 0, &self.remapper)
            .map_err(|error| FontError::Subset(error.to_string()))?;
        let parsed = ttf_parser::Face::parse(&file, 0)
            .map_err(|error| FontError::Subset(error.to_string()))?;
        let widths = widths(&parsed);
        let cid_set = cid_set(parsed.number_of_glyphs());
        Ok(Some(EmbeddedFont {
            name: format!("{}+{}", tag(&self.characters), self.face.name),
            descriptor: descriptor(self.face),
            widths,
            file_length: file.len(),
            file: Deflated::new(&file),
            to_unicode: Deflated::new(to_unicode(&self.characters).as_bytes()),
            cid_set: Deflated::new(&cid_set),
        }))
    }
}

/// A subset, compressed and ready to be written into any number of files.
#[derive(Debug)]
pub struct EmbeddedFont {
    name: String,
    descriptor: String,
    widths: String,
    file_length: usize,
    file: Deflated,
    to_unicode: Deflated,
    cid_set: Deflated,
}

impl EmbeddedFont {
    /// Writes the font's objects; the result is the Type0 font.
    pub fn put(&self, sink: &mut impl ObjectSink) -> ObjectId {
        let name = &self.name;
        let file = sink.reserve();
        self.file
            .put(sink, file, &format!("/Length1 {}", self.file_length));
        let cid_set = sink.reserve();
        self.cid_set.put(sink, cid_set, "");
        let to_unicode = sink.reserve();
        self.to_unicode.put(sink, to_unicode, "");
        let descriptor = put(
            sink,
            &format!(
                "<</Type/FontDescriptor/FontName/{name}{}/FontFile2 {}/CIDSet {}>>",
                self.descriptor,
                file.reference(),
                cid_set.reference()
            ),
        );
        let descendant = put(
            sink,
            &format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}\
                 /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
                 /CIDToGIDMap/Identity/DW 0/W[0[{}]]/FontDescriptor {}>>",
                self.widths,
                descriptor.reference()
            ),
        );
        put(
            sink,
            &format!(
                "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
                 /DescendantFonts[{}]/ToUnicode {}>>",
                descendant.reference(),
                to_unicode.reference()
            ),
        )
    }
}

fn put(sink: &mut impl ObjectSink, body: &str) -> ObjectId {
    let id = sink.reserve();
    sink.put(id, body.as_bytes().to_vec());
    id
}

fn descriptor(face: &Face) -> String {
    let metrics = face.metrics;
    let bounds = metrics.bounding_box.map(number).join(" ");
    // The dominant stem width is not in TrueType files; this is the usual estimate
    // from the weight, and readers use it only when they lack the font.
    let stem = 50.0 + (f64::from(metrics.weight) / 65.0).powi(2);
    format!(
        "/Flags 4/FontBBox[{bounds}]/ItalicAngle {}/Ascent {}/Descent {}/CapHeight {}/StemV {}",
        number(metrics.italic_angle),
        number(metrics.ascent),
        number(metrics.descent),
        number(metrics.cap_height),
        number(stem.round())
    )
}

/// The widths of all glyphs of the subset, from the subset itself: PDF/A wants
/// them equal to the font file's.
fn widths(subset: &ttf_parser::Face<'_>) -> String {
    let scale = 1000.0 / f64::from(subset.units_per_em());
    let width = |id| {
        let advance = subset.glyph_hor_advance(ttf_parser::GlyphId(id));
        number(f64::from(advance.unwrap_or(0)) * scale)
    };
    let all: Vec<String> = (0..subset.number_of_glyphs()).map(width).collect();
    all.join(" ")
}

/// A bit for each CID from 0, the high bit first.
fn cid_set(glyphs: u16) -> Vec<u8> {
    let glyphs = usize::from(glyphs);
    let mut bits = vec![0xFF; glyphs / 8];
    if !glyphs.is_multiple_of(8) {
        bits.push(!(0xFF_u8 >> (glyphs % 8)));
    }
    bits
}

/// Six capitals that differ where the subset differs (ISO 32000-2, 9.9.2).
fn tag(characters: &BTreeMap<u16, char>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for character in characters.values() {
        hash = (hash ^ u64::from(u32::from(*character))).wrapping_mul(0x0100_0000_01b3);
    }
    let letter = |place: u32| {
        let value = (hash >> (place * 9)) % 26;
        char::from(b'A' + u8::try_from(value).unwrap_or(0))
    };
    (0..6).map(letter).collect()
}

fn to_unicode(characters: &BTreeMap<u16, char>) -> String {
    let mut map = String::from(
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
         /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
    );
    let entries: Vec<_> = characters.iter().collect();
    // A CMap section holds at most 100 entries.
    for section in entries.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", section.len());
        for (code, character) in section {
            let mut units = [0; 2];
            let _ = write!(map, "<{code:04X}><");
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cid_sets_have_a_bit_for_every_glyph_and_none_beyond() {
        assert_eq!(cid_set(1), [0b1000_0000]);
        assert_eq!(cid_set(8), [0xFF]);
        assert_eq!(cid_set(11), [0xFF, 0b1110_0000]);
    }

    #[test]
    fn tags_are_six_capitals_and_depend_on_the_characters() {
        let one = tag(&BTreeMap::from([(1, 'A'), (2, 'B')]));
        let other = tag(&BTreeMap::from([(1, 'A'), (2, 'C')]));
        assert!(one.len() == 6 && one.bytes().all(|b| b.is_ascii_uppercase()));
        assert_ne!(one, other);
    }

    #[test]
    fn to_unicode_writes_utf_16_in_sections_of_a_hundred() {
        let map: BTreeMap<u16, char> = (1..=150)
            .map(|code| (code, char::from_u32(0x4E00 + u32::from(code)).unwrap()))
            .chain([(200, '😀')])
            .collect();
        let text = to_unicode(&map);
        assert!(text.contains("100 beginbfchar") && text.contains("51 beginbfchar"));
        assert!(text.contains("<0001><4E01>") && text.contains("<00C8><D83DDE00>"));
    }
}
