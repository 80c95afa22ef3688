//! The information dictionary and the XMP packet: a later revision may note its
//! own time, program and identifier there, and nothing else.

use super::super::{Object, PdfError};
use super::rules::ChangeKind;
use super::strict::pairs;
use super::walk::Walk;

/// Entries of /Info that a revision writes of itself (ISO 32000-2, table 349).
const OWN_ENTRIES: &[&str] = &["ModDate", "Producer"];

/// XMP properties that a revision writes of itself.
const OWN_PROPERTIES: &[&str] = &[
    "xmp:ModifyDate",
    "xmp:MetadataDate",
    "xmpMM:InstanceID",
    "pdf:Producer",
];

/// How a stream is stored; its data is compared decoded.
const CODING: &[&str] = &["Length", "Filter", "DecodeParms", "DL"];

impl<'p> Walk<'_, 'p, '_> {
    pub(super) fn info(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (a, b) = match (&was, &is) {
            (Object::Dictionary(a), Object::Dictionary(b)) => (a, b),
            (Object::Null, Object::Null) => return Ok(()),
            (Object::Null, Object::Dictionary(b)) => {
                let own = b.entries.iter().all(|entry| {
                    OWN_ENTRIES.contains(&&*entry.key.text()) || entry.key == "CreationDate"
                });
                self.note(
                    if own {
                        ChangeKind::Metadata
                    } else {
                        ChangeKind::Illegal
                    },
                    place,
                );
                return Ok(());
            }
            _ => {
                self.note(ChangeKind::Illegal, place);
                return Ok(());
            }
        };
        for (key, a, b) in pairs(a, b) {
            if self.differs(a, b, &key)? {
                let own = OWN_ENTRIES.contains(&key.as_str());
                let kind = if own {
                    ChangeKind::Metadata
                } else {
                    ChangeKind::Illegal
                };
                self.note(kind, format!("{place}/{key}"));
            }
        }
        Ok(())
    }

    pub(super) fn metadata(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        if !self.differs(old, new, "Metadata")? {
            return Ok(());
        }
        let kind = match (self.before(old)?, self.now(new)?) {
            (Object::Stream(a), Object::Stream(b)) => {
                let was = self.views.old.stream_data(&a)?;
                let is = self.views.new.stream_data(&b)?;
                let coded = |key: &str| CODING.contains(&key);
                let mut others = pairs(&a.dictionary, &b.dictionary);
                others.retain(|(key, ..)| !coded(key));
                let mut same = without_own(&was) == without_own(&is);
                for (key, a, b) in others {
                    same &= !self.differs(a, b, &key)?;
                }
                if same {
                    ChangeKind::Metadata
                } else {
                    ChangeKind::Illegal
                }
            }
            // A file that had none: who adds it may speak of his revision alone.
            (Object::Null, Object::Stream(b)) if is_bare(&self.views.new.stream_data(&b)?) => {
                ChangeKind::Metadata
            }
            _ => ChangeKind::Illegal,
        };
        self.note(kind, place);
        Ok(())
    }
}

/// The packet without the revision's own properties and without white space.
fn without_own(packet: &[u8]) -> String {
    let mut text = without_own_spaced(&String::from_utf8_lossy(packet));
    text.retain(|c| !c.is_whitespace());
    text
}

/// The same with its white space.
fn without_own_spaced(packet: &str) -> String {
    let mut text = packet.to_owned();
    for property in OWN_PROPERTIES {
        cut(
            &mut text,
            &format!("<{property}>"),
            &format!("</{property}>"),
        );
        cut(&mut text, &format!("{property}=\""), "\"");
        cut(&mut text, &format!("{property}='"), "'");
    }
    text
}

/// The elements that hold a packet together, and the attributes that say nothing.
const FRAME: &[&str] = &["x:xmpmeta", "rdf:RDF", "rdf:Description"];
const SILENT: &[&str] = &["rdf:about", "x:xmptk"];

/// Whether a packet has nothing but a revision's own properties: a frame of known
/// elements without text.
fn is_bare(packet: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(packet) else {
        return false;
    };
    let packet = without_own_spaced(text);
    let mut parts = packet.split('<');
    // A byte order mark may stand before the first element.
    let before = parts.next().unwrap_or_default();
    let empty = before.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
    empty && parts.all(is_frame)
}

/// Whether the text after a `<` is an element of the frame with nothing behind it.
fn is_frame(part: &str) -> bool {
    let Some((tag, behind)) = part.split_once('>') else {
        return false;
    };
    let instruction = tag.starts_with("?xpacket ") && tag.ends_with('?');
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let tag = tag.strip_suffix('/').unwrap_or(tag).trim_end();
    let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let known = instruction || (FRAME.contains(&name) && are_silent(attributes));
    known && behind.trim().is_empty()
}

/// Whether attributes declare names or say nothing.
fn are_silent(attributes: &str) -> bool {
    let mut rest = attributes.trim();
    while let Some((name, value)) = rest.split_once('=') {
        let name = name.trim_end();
        let silent = name.starts_with("xmlns:") || SILENT.contains(&name);
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quoted = quote.and_then(|quote| value.get(1..)?.split_once(quote));
        match quoted {
            Some((_, after)) if silent => rest = after.trim_start(),
            _ => return false,
        }
    }
    rest.is_empty()
}

/// Removes every stretch from `start` to the next `end`. Markup between the two
/// is not a plain value and stays.
fn cut(text: &mut String, start: &str, end: &str) {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(start) {
        kept.push_str(before);
        match after.split_once(end) {
            Some((value, tail)) if !value.contains('<') => rest = tail,
            _ => {
                kept.push_str(start);
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    *text = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_revisions_own_properties_are_ignored() {
        let one = b"<x><dc:title>A</dc:title><xmp:ModifyDate>2026</xmp:ModifyDate></x>";
        let two = b"<x>\n<dc:title>A</dc:title><xmp:ModifyDate>2027</xmp:ModifyDate></x>";
        let three = b"<x><dc:title>B</dc:title><xmp:ModifyDate>2026</xmp:ModifyDate></x>";
        assert_eq!(without_own(one), without_own(two));
        assert_ne!(without_own(one), without_own(three));
        let attribute = |date| format!("<x xmp:ModifyDate=\"{date}\" b='c'/>");
        assert_eq!(
            without_own(attribute("1").as_bytes()),
            without_own(attribute("2").as_bytes())
        );
    }

    #[test]
    fn a_packet_that_is_added_speaks_of_its_revision_alone() {
        let packet = |inside: &str| {
            format!(
                "\u{feff}<?xpacket begin=\"\" id='W5'?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" \
                 x:xmptk='p'><rdf:RDF xmlns:rdf=\"r\">\n<rdf:Description {inside}\
                 </rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
            )
        };
        for honest in [
            "xmlns:xmp=\"x\" xmp:ModifyDate=\"2026\" pdf:Producer='p' rdf:about=\"\"/>",
            "rdf:about=''><xmp:ModifyDate>2026</xmp:ModifyDate></rdf:Description>",
        ] {
            assert!(is_bare(packet(honest).as_bytes()), "{honest}");
        }
        for more in [
            "dc:title=\"Lain\"/>",
            "rdf:about='' dc:title='Lain'/>",
            "><dc:title>Lain</dc:title></rdf:Description>",
            ">Lain</rdf:Description>",
            "rdf:about=>",
            "rdf:about='' Lain/>",
            "><xmp:ModifyDate><dc:title>Lain</dc:title></xmp:ModifyDate></rdf:Description>",
            "/><!-- Lain -->",
            "/><?other Lain?>",
        ] {
            assert!(!is_bare(packet(more).as_bytes()), "{more}");
        }
        assert!(!is_bare(b"Lain") && !is_bare(b"\xff<x:xmpmeta/>"));
    }

    #[test]
    fn markup_does_not_hide_in_a_date() {
        let hidden = b"<xmp:ModifyDate><dc:title>B</dc:title></xmp:ModifyDate>";
        assert!(without_own(hidden).contains("dc:title"));
    }
}
