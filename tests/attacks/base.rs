//! The documents that are signed and attacked: a plain page, and one with everything
//! that an attacker could reach for. Written by hand, so that every object has a
//! known number.

use std::sync::LazyLock;

use absah::kernel::pdf::signing::DocMdp;

use super::case::WORLD;
use super::document::document;
use super::world::{SIGNED, request};

pub const CATALOG: u32 = 1;
pub const PAGES: u32 = 2;
pub const PAGE: u32 = 3;
pub const CONTENT: u32 = 4;
pub const FONT: u32 = 5;
pub const FORM: u32 = 6;
pub const EMPTY: u32 = 7;
pub const NOTE: u32 = 8;
pub const CHECK: u32 = 9;
pub const TITLE: u32 = 10;
pub const LINK: u32 = 11;
pub const INFO: u32 = 12;
pub const APPEARANCE: u32 = 13;
pub const OUTLINE: u32 = 15;
pub const NAMES: u32 = 16;
pub const GROUP: u32 = 17;
pub const PICTURE: u32 = 18;
pub const TO_UNICODE: u32 = 19;
pub const DESCRIPTOR: u32 = 20;
pub const FONT_FILE: u32 = 21;
pub const METADATA: u32 = 22;
pub const REMARK: u32 = 23;
pub const GRAPHICS_STATE: u32 = 26;

/// Two pages with text, a picture, a layer, a link, a remark, fields still to be
/// filled in, an empty signature field, outlines, names, metadata.
pub fn rich() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Outlines 14 0 R/Names 16 0 R\
         /Dests<</a[3 0 R/Fit]>>/PageMode/UseNone/Metadata 22 0 R\
         /OCProperties<</OCGs[17 0 R]/D<</ON[17 0 R]/OFF[]/Order[17 0 R]>>>>>>",
        "<</Type/Pages/Kids[3 0 R 24 0 R]/Count 2>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.275590551 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>/XObject<</X1 18 0 R>>/Properties<</L1 17 0 R>>\
         /ExtGState<</G1 26 0 R>>>>/Annots[7 0 R 8 0 R 9 0 R 11 0 R 23 0 R]>>",
        "<</Length 83>>stream\nBT /F1 12 Tf 72 720 Td (Izin) Tj ET\n/OC /L1 BDC q 9 0 0 9 0 0 cm /G1 gs /X1 Do Q EMC   \nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/LastChar 33/Widths[250 250]\
         /Encoding/WinAnsiEncoding/ToUnicode 19 0 R/FontDescriptor 20 0 R>>",
        "<</Fields[7 0 R 8 0 R 10 0 R]/SigFlags 1/DA(/F1 0 Tf)/DR<</Font<</F1 5 0 R>>>>>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[10 10 90 60]/P 3 0 R/F 4>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/V(old)/Rect[10 100 90 120]/P 3 0 R/F 4\
         /AP<</N 13 0 R>>>>",
        "<</Type/Annot/Subtype/Widget/FT/Btn/T(Check)/V/Off/AS/Off/Rect[10 130 20 140]/P 3 0 R/F 4\
         /Parent 10 0 R/AP<</N<</Off 13 0 R/On 18 0 R>>>>>>",
        "<</T(Group)/Kids[9 0 R]>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]/P 3 0 R>>",
        "<</Title(Permit)/ModDate(D:20261122)>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 1>>stream\nn\nendstream",
        "<</Type/Outlines/First 15 0 R/Last 15 0 R/Count 1>>",
        "<</Title(One)/Parent 14 0 R/Dest[3 0 R/Fit]>>",
        "<</Dests<</Names[(a)[3 0 R/Fit]]>>>>",
        "<</Type/OCG/Name(Layer)>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Group 27 0 R/Length 1>>stream\nn\nendstream",
        "<</Length 10>>stream\nbegincmap \nendstream",
        "<</Type/FontDescriptor/FontName/Helvetica/Flags 32/FontBBox[0 0 1 1]/ItalicAngle 0\
         /Ascent 1/Descent 0/CapHeight 1/StemV 1/FontFile3 21 0 R>>",
        "<</Subtype/Type1C/Length 4>>stream\nfont\nendstream",
        "<</Type/Metadata/Subtype/XML/Length 36>>stream\n<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Permit</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>\nendstream",
        "<</Type/Annot/Subtype/Text/Rect[200 200 220 220]/Contents(remark)/P 3 0 R/NM(r1)>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Length 25>>stream\n1 g 0 0 600 900 re f 0 g  \nendstream",
        "<</Type/ExtGState/ca 1>>",
        "<</S/Transparency/CS/DeviceGray>>",
    ];
    written(&objects, "/Info 12 0 R")
}

/// A file of these objects, numbered from 1.
pub fn written<T: AsRef<str>>(objects: &[T], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        let object = sized(object.as_ref());
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = file.len();
    let size = objects.len() + 1;
    table.push_str(&format!(
        "trailer\n<</Size {size}/Root 1 0 R/ID[<01><01>]{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.extend_from_slice(table.as_bytes());
    file
}

/// The object with the /Length that its stream has.
pub fn sized(object: &str) -> String {
    let Some((dictionary, rest)) = object.split_once("stream\n") else {
        return object.to_owned();
    };
    let data = rest.strip_suffix("\nendstream").expect("a stream");
    let (head, tail) = dictionary.split_once("/Length ").expect("a length");
    let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit());
    format!(
        "{head}/Length {}{tail}stream\n{data}\nendstream",
        data.len()
    )
}

/// The plain page, to B-LT and B-LTA.
pub static PLAIN_LT: LazyLock<Vec<u8>> = LazyLock::new(|| WORLD.b_lt(&document(), SIGNED));
pub static PLAIN_LTA: LazyLock<Vec<u8>> = LazyLock::new(|| WORLD.b_lta(&document(), SIGNED));
/// The rich one to B-LTA, by an approval signature.
pub static RICH: LazyLock<Vec<u8>> = LazyLock::new(|| WORLD.b_lta(&rich(), SIGNED));
/// Certified at P=1, 2 and 3, to B-LTA.
pub static CERTIFIED: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    [DocMdp::NoChanges, DocMdp::FormFilling, DocMdp::Annotations]
        .map(|level| certified(&rich(), level))
});

/// A file certified at a level, to B-LTA.
pub fn certified(file: &[u8], level: DocMdp) -> Vec<u8> {
    let signed = WORLD.sign(file, &request(Some(level)));
    WORLD.archived(WORLD.completed(signed), SIGNED)
}

/// The file certified at P.
pub fn at_level(p: usize) -> &'static [u8] {
    &CERTIFIED[p - 1]
}
