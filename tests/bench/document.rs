//! A one-page PDF of a given size: text, a font, and a picture that fills it up.

/// A file of about `size` bytes.
pub fn pdf(size: usize) -> Vec<u8> {
    let picture: Vec<u8> = (0..size).map(|n| (n * 7919 % 251) as u8).collect();
    let text = "BT /F1 12 Tf 72 720 Td (IZIN PRAKTIK) Tj ET ".repeat(20);
    let stream = |entries: &str, data: &[u8]| {
        let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let gray =
        "/Type/XObject/Subtype/Image/Width 251/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.275590551 841.88976378]/Contents 4 0 R\
                /Resources<</Font<</F1 5 0 R>>/XObject<</P 6 0 R>>>>>>";
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.as_bytes().to_vec(),
        stream("", text.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        stream(gray, &picture),
    ];
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let xref = file.len();
    let count = objects.len() + 1;
    let tail = format!(
        "xref\n0 {count}\n{table}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n"
    );
    file.extend_from_slice(tail.as_bytes());
    file
}
