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
            _ => ChangeKind::Illegal,
        };
        self.note(kind, place);
        Ok(())
    }
}

/// The packet without the revision's own properties and without white space.
fn without_own(packet: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(packet).into_owned();
    for property in OWN_PROPERTIES {
        cut(
            &mut text,
            &format!("<{property}>"),
            &format!("</{property}>"),
        );
        cut(&mut text, &format!("{property}=\""), "\"");
        cut(&mut text, &format!("{property}='"), "'");
    }
    text.retain(|c| !c.is_whitespace());
    text
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
    fn markup_does_not_hide_in_a_date() {
        let hidden = b"<xmp:ModifyDate><dc:title>B</dc:title></xmp:ModifyDate>";
        assert!(without_own(hidden).contains("dc:title"));
    }
}
