//! A writer of XML 1.0: what it opens it closes, what it is given it escapes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::validation::problems::stamp;

use super::names;

pub(super) struct Xml {
    out: String,
}

impl Xml {
    pub(super) fn new() -> Self {
        let out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        Self { out }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// The outermost element.
    pub(super) fn root(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.with(name, attributes, inside);
    }

    /// An element with others inside.
    pub(super) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.with(name, &[], inside);
    }

    /// The same with attributes.
    pub(super) fn with(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        self.out.push('>');
        inside(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element with text alone.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.with(name, &[], |xml| xml.escape(text));
    }

    /// An element with nothing inside.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// A time.
    pub(super) fn time(&mut self, name: &str, at: OffsetDateTime) {
        self.text(name, &stamp(at));
    }

    /// Octets.
    pub(super) fn base64(&mut self, name: &str, octets: &[u8]) {
        self.with(name, &[], |xml| {
            STANDARD.encode_string(octets, &mut xml.out);
        });
    }

    /// XAdES DigestAlgAndValueType.
    pub(super) fn digest(&mut self, name: &str, hash: HashAlgorithm, value: &[u8]) {
        self.element(name, |xml| xml.digest_parts(hash, value));
    }

    /// The two elements of a digest.
    pub(super) fn digest_parts(&mut self, hash: HashAlgorithm, value: &[u8]) {
        self.empty("ds:DigestMethod", &[("Algorithm", names::digest(hash))]);
        self.base64("ds:DigestValue", value);
    }

    /// A reference to an object of the document.
    pub(super) fn reference(&mut self, name: &str, id: &str) {
        self.empty(name, &[("VOReference", id)]);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escape(value);
            self.out.push('"');
        }
    }

    fn escape(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                allowed if is_character(allowed) => self.out.push(allowed),
                // A hostile file may name itself with what no document can hold.
                _ => self.out.push('\u{fffd}'),
            }
        }
    }
}

/// XML 1.0, production 2.
const fn is_character(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_breaks_out() {
        let mut xml = Xml::new();
        xml.root("a", &[("b", "\"<&")], |xml| {
            xml.text("c", "]]></c>\u{0}\u{fffe}&amp;");
        });
        let text = xml.finish();
        let body = text.lines().nth(1).expect("the document");
        assert_eq!(
            body,
            "<a b=\"&quot;&lt;&amp;\"><c>]]&gt;&lt;/c&gt;\u{fffd}\u{fffd}&amp;amp;</c></a>"
        );
    }
}
