//! A PDF file written from nothing (ISO 32000-1, 7.5), with what PDF/A-2b asks of
//! the file as a whole: header with binary comment, file identifier, XMP metadata
//! (ISO 19005-2, 6.1.2, 6.1.3, 6.6).

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::ObjectId;
use crate::kernel::pdf::sink::ObjectSink;

/// Objects of a new file, in the order they are put.
#[derive(Debug)]
pub struct NewFile {
    bytes: Vec<u8>,
    /// Offsets by object number less 1; 0 is reserved and not put.
    offsets: Vec<usize>,
    pages: Vec<ObjectId>,
    page_tree: ObjectId,
}

impl Default for NewFile {
    fn default() -> Self {
        Self::new()
    }
}

impl NewFile {
    /// An empty file.
    #[must_use]
    pub fn new() -> Self {
        Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            offsets: vec![0],
            pages: Vec::new(),
            page_tree: ObjectId::new(1),
        }
    }

    /// Appends a page with the entries given (all but `/Type` and `/Parent`).
    pub fn page(&mut self, entries: &str) -> ObjectId {
        let id = self.reserve();
        let parent = self.page_tree.reference();
        let body = format!("<</Type/Page/Parent {parent}{entries}>>");
        self.put(id, body.into_bytes());
        self.pages.push(id);
        id
    }

    /// Writes the page tree, the metadata, the catalogue, the cross-reference table
    /// and the trailer.
    #[must_use]
    pub fn finish(mut self, title: &str) -> Vec<u8> {
        let kids: Vec<String> = self.pages.iter().map(|id| id.reference()).collect();
        let tree = format!(
            "<</Type/Pages/Count {}/Kids[{}]>>",
            kids.len(),
            kids.join(" ")
        );
        self.put(self.page_tree, tree.into_bytes());
        let metadata = self.reserve();
        let xmp = xmp(title);
        self.put_stream(metadata, b"/Type/Metadata/Subtype/XML", xmp.as_bytes());
        let catalogue = self.reserve();
        let body = format!(
            "<</Type/Catalog/Pages {}/Metadata {}/Lang(id-ID)/ViewerPreferences<</DisplayDocTitle true>>>>",
            self.page_tree.reference(),
            metadata.reference()
        );
        self.put(catalogue, body.into_bytes());
        self.trailer(catalogue)
    }

    fn trailer(mut self, catalogue: ObjectId) -> Vec<u8> {
        let start = self.bytes.len();
        let size = self.offsets.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            table += &format!("{offset:010} 00000 n \n");
        }
        let digest = HashAlgorithm::Sha256.digest(&[&self.bytes]);
        let id = hex::encode_upper(digest.get(..16).unwrap_or_default());
        table += &format!(
            "trailer\n<</Size {size}/Root {}/ID[<{id}><{id}>]>>\nstartxref\n{start}\n%%EOF\n",
            catalogue.reference()
        );
        self.bytes.extend_from_slice(table.as_bytes());
        self.bytes
    }

    fn begin(&mut self, id: ObjectId) {
        let place = usize::try_from(id.number)
            .ok()
            .and_then(|n| n.checked_sub(1));
        if let Some(offset) = place.and_then(|place| self.offsets.get_mut(place)) {
            *offset = self.bytes.len();
        }
        self.append(&format!("{} {} obj\n", id.number, id.generation));
    }

    fn append(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

impl ObjectSink for NewFile {
    fn reserve(&mut self) -> ObjectId {
        self.offsets.push(0);
        ObjectId::new(u32::try_from(self.offsets.len()).unwrap_or(u32::MAX))
    }

    fn put(&mut self, id: ObjectId, body: Vec<u8>) {
        self.begin(id);
        self.bytes.extend_from_slice(&body);
        self.append("\nendobj\n");
    }

    fn put_stream(&mut self, id: ObjectId, entries: &[u8], data: &[u8]) {
        self.begin(id);
        self.append("<<");
        self.bytes.extend_from_slice(entries);
        self.append(&format!("/Length {}>>\nstream\n", data.len()));
        self.bytes.extend_from_slice(data);
        self.append("\nendstream\nendobj\n");
    }
}

fn xmp(title: &str) -> String {
    let title = title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
         <dc:format>application/pdf</dc:format>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <pdf:Producer>Absah</pdf:Producer>\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}
