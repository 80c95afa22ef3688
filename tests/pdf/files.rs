//! Small PDF files made in code, in every layout of cross-reference data.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A MediaBox that does not survive a 32-bit float.
pub const MEDIA_BOX: &str = "[0 0 595.275590551 841.88976378]";

/// The objects of a file, to be written in some layout.
#[derive(Clone)]
pub struct File {
    objects: BTreeMap<u32, Vec<u8>>,
    trailer: String,
}

impl File {
    /// One page with a line of text: catalog 1, pages 2, page 3, content 4, font 5.
    pub fn new() -> Self {
        let content = "BT /F1 12 Tf 50 700 Td (Izin) Tj ET";
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox{MEDIA_BOX}/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
        );
        let objects = BTreeMap::new();
        let trailer = String::from("/ID[<00112233><00112233>]");
        Self { objects, trailer }
            .with(1, "<</Type/Catalog/Pages 2 0 R>>")
            .with(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
            .with(3, &page)
            .with_stream(4, "", content.as_bytes())
            .with(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    }

    /// The file with an object added or replaced.
    pub fn with(mut self, number: u32, body: &str) -> Self {
        self.objects.insert(number, body.as_bytes().to_vec());
        self
    }

    /// The file with a stream added or replaced.
    pub fn with_stream(mut self, number: u32, entries: &str, data: &[u8]) -> Self {
        let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
        let body = [head.as_bytes(), data, b"\nendstream"].concat();
        self.objects.insert(number, body);
        self
    }

    /// The file with further entries in its catalog.
    pub fn with_catalog(self, entries: &str) -> Self {
        self.with(1, &format!("<</Type/Catalog/Pages 2 0 R{entries}>>"))
    }

    /// The file with further entries in its page.
    pub fn with_page(self, entries: &str) -> Self {
        let page =
            format!("<</Type/Page/Parent 2 0 R/MediaBox{MEDIA_BOX}/Contents 4 0 R{entries}>>");
        self.with(3, &page)
    }

    /// The file with further entries in its trailer.
    pub fn with_trailer(mut self, entries: &str) -> Self {
        self.trailer.push_str(entries);
        self
    }

    fn size(&self) -> u32 {
        self.objects.keys().next_back().unwrap() + 1
    }

    /// Writes the header and objects; gives their offsets.
    fn body(&self, skip: &[u32]) -> (Vec<u8>, BTreeMap<u32, usize>) {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut offsets = BTreeMap::new();
        for (number, body) in &self.objects {
            if !skip.contains(number) {
                put(&mut out, &mut offsets, *number, body);
            }
        }
        (out, offsets)
    }

    /// A cross-reference table.
    pub fn classic(&self) -> Vec<u8> {
        let (mut out, offsets) = self.body(&[]);
        let start = out.len();
        out.extend(table(&offsets, self.size()).bytes());
        let (size, trailer) = (self.size(), &self.trailer);
        finish(
            &mut out,
            &format!("/Size {size}/Root 1 0 R{trailer}"),
            start,
        );
        out
    }

    /// A cross-reference stream, and all that is no stream in an object stream.
    pub fn streams(&self) -> Vec<u8> {
        let is_stream = |body: &[u8]| body.ends_with(b"endstream");
        let packed: Vec<u32> = self
            .objects
            .iter()
            .filter_map(|(number, body)| (!is_stream(body)).then_some(*number))
            .collect();
        let (mut out, mut offsets) = self.body(&packed);
        let container = self.size();
        self.put_object_stream(&mut out, &mut offsets, container, &packed);
        let start = out.len();
        offsets.insert(container + 1, start);
        let rows = rows(&offsets, container, &packed, container + 2);
        let (size, trailer) = (container + 2, &self.trailer);
        let head = format!(
            "{} 0 obj\n<</Type/XRef/W[1 4 2]/Size {size}/Root 1 0 R{trailer}/Length {}>>\nstream\n",
            container + 1,
            rows.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&rows);
        out.extend_from_slice(b"\nendstream\nendobj\n");
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        out
    }

    fn put_object_stream(
        &self,
        out: &mut Vec<u8>,
        offsets: &mut BTreeMap<u32, usize>,
        container: u32,
        packed: &[u32],
    ) {
        let mut head = String::new();
        let mut data = Vec::new();
        for number in packed {
            write!(head, "{number} {} ", data.len()).unwrap();
            data.extend_from_slice(&self.objects[number]);
            data.push(b'\n');
        }
        let entries = format!("/Type/ObjStm/N {}/First {}", packed.len(), head.len());
        let all = [head.as_bytes(), &data].concat();
        let body = Self::new().with_stream(9, &entries, &all).objects[&9].clone();
        put(out, offsets, container, &body);
    }

    /// The layout of Microsoft Office: a table in which some objects are free, then
    /// an empty table whose /XRefStm speaks of all. `change` may spoil the stream's
    /// offsets.
    pub fn office(&self, hidden: &[u32], change: impl Fn(&mut BTreeMap<u32, usize>)) -> Vec<u8> {
        let (mut out, mut offsets) = self.body(hidden);
        let container = self.size();
        self.put_object_stream(&mut out, &mut offsets, container, hidden);
        let stream = out.len();
        offsets.insert(container + 1, stream);
        let mut told = offsets.clone();
        change(&mut told);
        let size = container + 2;
        let rows = rows(&told, container, hidden, size);
        let entries = format!("/Type/XRef/W[1 4 2]/Size {size}/Root 1 0 R");
        let body = Self::new().with_stream(9, &entries, &rows).objects[&9].clone();
        put(&mut out, &mut BTreeMap::new(), container + 1, &body);
        let start = out.len();
        out.extend(table(&offsets, size).bytes());
        let trailer = format!("/Size {size}/Root 1 0 R{}", self.trailer);
        finish(&mut out, &trailer, start);
        let newest = out.len();
        out.extend_from_slice(b"xref\n0 0\n");
        finish(
            &mut out,
            &format!("{trailer}/Prev {start}/XRefStm {stream}"),
            newest,
        );
        out
    }
}

fn put(out: &mut Vec<u8>, offsets: &mut BTreeMap<u32, usize>, number: u32, body: &[u8]) {
    offsets.insert(number, out.len());
    out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendobj\n");
}

fn table(offsets: &BTreeMap<u32, usize>, size: u32) -> String {
    let mut text = format!("xref\n0 {size}\n");
    for number in 0..size {
        match offsets.get(&number) {
            Some(offset) => writeln!(text, "{offset:010} 00000 n ").unwrap(),
            None => writeln!(text, "0000000000 65535 f ").unwrap(),
        }
    }
    text
}

fn rows(offsets: &BTreeMap<u32, usize>, container: u32, packed: &[u32], size: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for number in 0..size {
        let index = packed.iter().position(|packed| *packed == number);
        let (kind, second, third) = match (offsets.get(&number), index) {
            (_, Some(index)) => (2, container, u16::try_from(index).unwrap()),
            (Some(offset), None) => (1, u32::try_from(*offset).unwrap(), 0),
            (None, None) => (0, 0, 65535),
        };
        rows.push(kind);
        rows.extend_from_slice(&second.to_be_bytes());
        rows.extend_from_slice(&third.to_be_bytes());
    }
    rows
}

fn finish(out: &mut Vec<u8>, trailer: &str, start: usize) {
    out.extend_from_slice(
        format!("trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
}

/// A file with every occurrence of some bytes replaced by as many others.
pub fn swap(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "offsets must stay");
    let mut out = file.to_vec();
    let mut found = false;
    for start in 0..=file.len() - from.len() {
        if file[start..].starts_with(from.as_bytes()) {
            out[start..start + from.len()].copy_from_slice(to.as_bytes());
            found = true;
        }
    }
    assert!(found, "{from:?} is not in the file");
    out
}
