//! A PDF that is one picture, as a scanner makes it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// An A4 page filled by shades of gray, rows from the top, one byte a pixel.
pub fn scan(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(pixels).unwrap();
    page(width, height, &deflated.finish().unwrap())
}

/// The same of a picture that is deflated already.
pub fn page(width: usize, height: usize, deflated: &[u8]) -> Vec<u8> {
    let drawing = b"q 595 0 0 842 0 0 cm /Im0 Do Q";
    let picture = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray\
         /BitsPerComponent 8/Filter/FlateDecode/Length {}>>",
        deflated.len()
    );
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |file: &mut Vec<u8>, head: &str, stream: Option<&[u8]>| {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{head}\n", places.len()).into_bytes());
        if let Some(stream) = stream {
            file.extend([b"stream\n", stream, b"\nendstream\n"].concat());
        }
        file.extend(b"endobj\n");
    };
    object(&mut file, "<</Type/Catalog/Pages 2 0 R>>", None);
    object(&mut file, "<</Type/Pages/Kids[3 0 R]/Count 1>>", None);
    let dictionary = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
                      /Resources<</XObject<</Im0 5 0 R>>>>>>";
    object(&mut file, dictionary, None);
    let length = format!("<</Length {}>>", drawing.len());
    object(&mut file, &length, Some(drawing));
    object(&mut file, &picture, Some(deflated));
    let xref = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
    for place in &places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let size = places.len() + 1;
    file.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").into_bytes(),
    );
    file
}
