//! The trailer, the catalog, the DSS and the extensions dictionary.

use super::super::{Dictionary, Fault, Object, PdfError};
use super::rules::ChangeKind;
use super::walk::Walk;

/// Trailer keys that describe the section, not the document (ISO 32000-2,
/// tables 15 and 17).
const SECTION_KEYS: &[&str] = &[
    "Size",
    "Prev",
    "XRefStm",
    "Type",
    "W",
    "Index",
    "Length",
    "Filter",
    "DecodeParms",
    "DL",
];

impl<'p> Walk<'_, 'p, '_> {
    /// Compares the trailers: the catalog is the same object, /Info may note
    /// the revision's own time, the rest stands.
    pub(super) fn trailer(&mut self) -> Result<(), PdfError> {
        let missing = || Fault::Structure("no trailer");
        let old = self.views.old.trailer().cloned().ok_or_else(missing)?;
        let new = self.views.new.trailer().cloned().ok_or_else(missing)?;
        self.dictionaries(&old, &new, "", |walk, key, a, b, place| match key {
            "Root" => walk.root(a, b, place).map(|()| true),
            "Info" => walk.info(a, b, place).map(|()| true),
            "ID" => walk.file_identifier(a, b, place).map(|()| true),
            key => Ok(SECTION_KEYS.contains(&key)),
        })
    }

    /// The first half of /ID is the document's, the second the revision's (14.4).
    fn file_identifier(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let first = |value: &Object<'p>| {
            let id = value.as_array()?.get(0)?.as_string()?;
            Some(id.bytes().into_owned())
        };
        let (was, is) = (first(&self.before(old)?), first(&self.now(new)?));
        // A section that repeats no /ID leaves the document's as it is.
        if was.is_some() && is.is_some() && was != is {
            self.note(ChangeKind::Illegal, format!("{place}[0]"));
        }
        Ok(())
    }

    fn root(&mut self, old: &Object<'p>, new: &Object<'p>, place: &str) -> Result<(), PdfError> {
        let (Object::Reference(id), true) = (new, old == new) else {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        };
        // Nobody else refers to the catalog. Who uses it as something else (a dictionary of
        // fonts, whose /DSS is one of them) finds in it what the rules let change.
        let (old, new) = (self.views.before(*id)?, self.views.now(*id)?);
        match (&old, &new) {
            (Object::Dictionary(a), Object::Dictionary(b)) => self.catalog(a, b),
            _ => {
                self.note(ChangeKind::Illegal, place);
                Ok(())
            }
        }
    }

    fn catalog(&mut self, old: &Dictionary<'p>, new: &Dictionary<'p>) -> Result<(), PdfError> {
        // Fields first: they say which widgets may be on the pages.
        let null = Object::Null;
        let of = |d: &Dictionary<'p>| d.get("AcroForm").unwrap_or(&null).clone();
        self.form(&of(old), &of(new), "/Root/AcroForm")?;
        self.dictionaries(old, new, "/Root", |walk, key, a, b, place| {
            match key {
                "AcroForm" => {}
                "Pages" => walk.page_tree(a, b, place)?,
                "DSS" => walk.security_store(a, b, place)?,
                "Extensions" => walk.extensions(a, b, place)?,
                "Metadata" => walk.metadata(a, b, place)?,
                "StructTreeRoot" => walk.structure_tree(a, b, place)?,
                "Version" => return Ok(walk.version(a, b, place)),
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    /// Validation data may come, go and be replaced: it is judged by what it
    /// says, and what it holds is drawn nowhere. Whatever else refers to the
    /// same objects is compared there.
    fn security_store(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        if self.differs(old, new, "DSS")? {
            let is_dictionary = matches!(self.now(new)?, Object::Dictionary(_));
            let kind = if is_dictionary {
                ChangeKind::ValidationData
            } else {
                ChangeKind::Illegal
            };
            self.note(kind, place);
        }
        Ok(())
    }

    /// Producers announce the DSS in /Extensions (EN 319 142-1, 5.6): entries may
    /// be added, none may be lost.
    fn extensions(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let lost = match (&was, &is) {
            (Object::Null, Object::Dictionary(_)) => false,
            (Object::Dictionary(a), Object::Dictionary(b)) => a
                .entries
                .iter()
                .any(|entry| b.entry(&entry.key.text()).is_none()),
            _ => true,
        };
        if lost {
            self.note(ChangeKind::Illegal, place);
        } else if self.differs(old, new, "Extensions")? {
            self.note(ChangeKind::Metadata, place);
        }
        Ok(())
    }

    /// A revision may need a later version of PDF than the one before.
    fn version(&mut self, old: &Object<'p>, new: &Object<'p>, place: &str) -> bool {
        let name = |value: &Object<'p>| value.as_name().map(|name| name.as_bytes().to_vec());
        match (name(old), name(new)) {
            (a, b) if a == b => {}
            (None, Some(_)) => self.note(ChangeKind::Metadata, place),
            (Some(a), Some(b)) if a < b => self.note(ChangeKind::Metadata, place),
            _ => self.note(ChangeKind::Illegal, place),
        }
        true
    }
}
