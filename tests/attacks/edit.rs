//! Changing files: raw bytes, our own incremental writer, and updates by hand that
//! no writer would make.

use absah::kernel::pdf::{Limits, ObjectId, Pdf, Update};

pub fn id(number: u32) -> ObjectId {
    ObjectId::new(number)
}

/// Appends an update with our own writer.
pub fn updated(file: &[u8], edit: impl Fn(&mut Update<'_>)) -> Vec<u8> {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    let mut update = Update::new(&pdf);
    edit(&mut update);
    update.finish().expect("an update")
}

/// Sets keys of objects: number, key, value.
pub fn with(file: &[u8], edits: &[(u32, &str, &str)]) -> Vec<u8> {
    updated(file, |update| {
        for (number, key, value) in edits {
            set(update, *number, key, value);
        }
    })
}

pub fn set(update: &mut Update<'_>, number: u32, key: &str, value: &str) {
    update
        .set(id(number), key, value.as_bytes())
        .expect("an object to change");
}

pub fn add(update: &mut Update<'_>, body: &str) -> String {
    update.add(body.as_bytes().to_vec()).reference()
}

pub fn append(update: &mut Update<'_>, number: u32, key: &str, item: &str) {
    update
        .append(id(number), key, item.as_bytes())
        .expect("an array to change");
}

/// Where bytes first stand.
pub fn find(file: &[u8], needle: &[u8]) -> usize {
    file.windows(needle.len())
        .position(|w| w == needle)
        .unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(needle)))
}

/// Where bytes last stand.
pub fn find_last(file: &[u8], needle: &[u8]) -> usize {
    file.windows(needle.len())
        .rposition(|w| w == needle)
        .unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(needle)))
}

/// Replaces bytes by as many others, so that offsets stay.
pub fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "offsets stay");
    patched(file, find(file, from), to)
}

pub fn patched(file: &[u8], at: usize, to: &[u8]) -> Vec<u8> {
    let mut twin = file.to_vec();
    twin[at..at + to.len()].copy_from_slice(to);
    twin
}

/// Replaces a stretch by another, of any length.
pub fn spliced(file: &[u8], range: std::ops::Range<usize>, with: &[u8]) -> Vec<u8> {
    [&file[..range.start], with, &file[range.end..]].concat()
}

/// The digits of the first hole: what stands between `/Contents<` and `>`.
pub fn hole(file: &[u8]) -> std::ops::Range<usize> {
    let start = find(file, b"/Contents<") + 10;
    let length = file[start..]
        .iter()
        .position(|b| *b == b'>')
        .expect("its end");
    start..start + length
}

/// The inside of the first /ByteRange.
pub fn byte_range(file: &[u8]) -> (std::ops::Range<usize>, [usize; 4]) {
    let start = find(file, b"/ByteRange[") + 11;
    let length = file[start..]
        .iter()
        .position(|b| *b == b']')
        .expect("its end");
    let text = String::from_utf8_lossy(&file[start..start + length]).into_owned();
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(|n| n.parse().expect("n"))
        .collect();
    (start..start + length, numbers.try_into().expect("four"))
}

/// The same file with another first /ByteRange of the same width.
pub fn with_byte_range(file: &[u8], text: &str) -> Vec<u8> {
    let (range, _) = byte_range(file);
    let width = range.len();
    let padded = format!("{text:<width$}");
    patched(file, range.start, &padded.as_bytes()[..width])
}

/// An update by hand: objects with their bodies, entries of the table as they are
/// written, and the trailer's entries.
pub struct ByHand<'f> {
    pub file: &'f [u8],
    pub objects: Vec<(u32, String)>,
    pub entries: Vec<(u32, String)>,
    pub trailer: String,
    /// Where `startxref` points, if not at the table.
    pub startxref: Option<usize>,
}

impl<'f> ByHand<'f> {
    /// Nothing yet, with the trailer that belongs there.
    pub fn on(file: &'f [u8]) -> Self {
        let pdf = Pdf::read(file, &Limits::default()).expect("a file");
        Self {
            file,
            objects: Vec::new(),
            entries: Vec::new(),
            trailer: format!(
                "/ID[<01><02>]/Size {}/Root {}/Prev {}",
                pdf.size() + 20,
                pdf.catalog_id().expect("a catalog").reference(),
                pdf.newest_xref()
            ),
            startxref: None,
        }
    }

    pub fn object(mut self, number: u32, body: impl Into<String>) -> Self {
        self.objects.push((number, body.into()));
        self
    }

    pub fn entry(mut self, number: u32, entry: impl Into<String>) -> Self {
        self.entries.push((number, entry.into()));
        self
    }

    pub fn trailer(mut self, edit: impl Fn(String) -> String) -> Self {
        self.trailer = edit(self.trailer);
        self
    }

    pub fn startxref(mut self, offset: usize) -> Self {
        self.startxref = Some(offset);
        self
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = self.file.to_vec();
        let mut rows = self.entries;
        for (number, body) in &self.objects {
            rows.push((*number, format!("{:010} 00000 n", out.len())));
            out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        rows.sort();
        let table: String = rows
            .iter()
            .map(|(number, entry)| format!("{number} 1\n{entry} \n"))
            .collect();
        let start = self.startxref.unwrap_or(out.len());
        let trailer = &self.trailer;
        let rest = format!("xref\n{table}trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n");
        out.extend_from_slice(rest.as_bytes());
        out
    }
}

/// The trailer without its /Prev.
pub fn without_prev(trailer: &str) -> String {
    trailer.split("/Prev").next().expect("a trailer").to_owned()
}

/// The next free object number.
pub fn next_free(file: &[u8]) -> u32 {
    Pdf::read(file, &Limits::default()).expect("a file").size()
}
