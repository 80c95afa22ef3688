//! What fields are drawn with where they bring no picture of their own (ISO 32000-2,
//! 12.7.3): default resources may grow, but not by a font that a field asks for already.

use std::collections::HashSet;

use super::super::parser::Parser;
use super::super::{Object, ObjectId, Pdf, PdfError, XrefEntry};
use super::rules::ChangeKind;
use super::walk::Walk;

impl<'p> Walk<'_, 'p, '_> {
    /// Resources for appearances: more may be added to a category, what was there
    /// stands.
    pub(super) fn default_resources(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (Object::Dictionary(was), Object::Dictionary(is)) = (&was, &is) else {
            return match (&was, &is) {
                (Object::Null, Object::Dictionary(_)) => self.added_resources(&is, place),
                _ => self.strict(old, new, "DR", place),
            };
        };
        self.dictionaries(was, is, place, |walk, key, a, b, place| {
            match (walk.before(a)?, walk.now(b)?) {
                (Object::Null, fonts @ Object::Dictionary(_)) => {
                    walk.added_fonts(key, &fonts, place)?;
                    Ok(true)
                }
                (Object::Dictionary(was), Object::Dictionary(is)) if key != "ProcSet" => walk
                    .dictionaries(&was, &is, place, |walk, name, a, _, place| {
                        if a.is_null() && key == "Font" {
                            walk.added_font(name, place)?;
                        }
                        Ok(a.is_null())
                    })
                    .map(|()| true),
                _ => Ok(false),
            }
        })
    }

    fn added_resources(&mut self, resources: &Object<'p>, place: &str) -> Result<(), PdfError> {
        let fonts = resources.as_dictionary().and_then(|all| all.get("Font"));
        let fonts = fonts.map_or(Ok(Object::Null), |fonts| self.now(fonts))?;
        self.added_fonts("Font", &fonts, place)
    }

    fn added_fonts(
        &mut self,
        category: &str,
        fonts: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let Some(fonts) = fonts.as_dictionary().filter(|_| category == "Font") else {
            return Ok(());
        };
        for font in &fonts.entries {
            self.added_font(&font.key.text(), place)?;
        }
        Ok(())
    }

    /// A field that asked for this font in vain is drawn with it from now on.
    fn added_font(&mut self, name: &str, place: &str) -> Result<(), PdfError> {
        if self.asked_fonts()?.contains(name) {
            self.note(ChangeKind::Appearance, place);
        }
        Ok(())
    }

    /// The names in every /DA of the signed revision. Read only where a font is added.
    fn asked_fonts(&mut self) -> Result<&HashSet<String>, PdfError> {
        if self.asked_fonts.is_none() {
            let mut names = HashSet::new();
            let old = self.views.old;
            for number in old.numbers()? {
                let generation = match old.entry(number)? {
                    XrefEntry::InFile { generation, .. } => generation,
                    XrefEntry::Compressed { .. } => 0,
                    XrefEntry::Free => continue,
                };
                // What cannot be read is drawn with nothing.
                if let Ok(object) = old.object(ObjectId { number, generation }) {
                    names_in_defaults(old, &object, &mut names);
                }
            }
            self.asked_fonts = Some(names);
        }
        Ok(self.asked_fonts.get_or_insert_default())
    }
}

/// The nesting is bounded by the parser.
fn names_in_defaults(pdf: &Pdf<'_>, object: &Object<'_>, into: &mut HashSet<String>) {
    if let Object::Array(array) = object {
        for item in array.iter() {
            names_in_defaults(pdf, item, into);
        }
    }
    let entries = object.as_dictionary().map(|d| d.entries.as_slice());
    for entry in entries.unwrap_or_default() {
        if entry.key != "DA" {
            names_in_defaults(pdf, &entry.value, into);
        } else if let Ok(Object::String(text)) = pdf.resolve(&entry.value) {
            names(&text.bytes(), into);
        }
    }
}

/// The names in a default appearance string.
fn names(text: &[u8], into: &mut HashSet<String>) {
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    for (start, _) in starts {
        if let Ok(Object::Name(name)) = Parser::new(text, start, 1).object() {
            into.insert(name.text().into_owned());
        }
    }
}
