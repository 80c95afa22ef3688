//! Annotations that are not form fields: added or changed ones are allowed by
//! nothing but a certification at level 3, and then only remarks.

use super::super::{Object, ObjectId, PdfError};
use super::rules::ChangeKind;
use super::walk::Walk;

/// Annotations by which people remark on a document (ISO 32000-2, 12.5.6.2).
/// Links, screens, movies and what else acts or plays is not among them.
const REMARKS: &[&str] = &[
    "Text",
    "FreeText",
    "Line",
    "Square",
    "Circle",
    "Polygon",
    "PolyLine",
    "Highlight",
    "Underline",
    "Squiggly",
    "StrikeOut",
    "Stamp",
    "Caret",
    "Ink",
    "Popup",
];

/// Entries by which an annotation acts.
const ACTIONS: &[&str] = &[
    "A",
    "AA",
    "Dest",
    "PA",
    "FS",
    "RichMediaContent",
    "Movie",
    "Sound",
];

impl<'p> Walk<'_, 'p, '_> {
    /// An annotation that was not there.
    pub(super) fn added_annotation(
        &mut self,
        annotation: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let kind = self.remark_kind(annotation)?;
        self.note(kind, place);
        Ok(())
    }

    /// An annotation that was there and from which a changed object is reached.
    pub(super) fn changed_annotation(&mut self, id: ObjectId, place: &str) -> Result<(), PdfError> {
        let reference = Object::Reference(id);
        if !self.rules.allow_annotations() {
            // The rest of the walk says what exactly differs.
            return self.strict(&reference, &reference, "Annots", place);
        }
        if self.differs(&reference, &reference, "Annots")? {
            let kind = self.remark_kind(&reference)?;
            self.note(kind, place);
        }
        Ok(())
    }

    fn remark_kind(&self, annotation: &Object<'p>) -> Result<ChangeKind, PdfError> {
        let now = self.now(annotation)?;
        let remark = now.as_dictionary().is_some_and(|annotation| {
            let subtype = annotation.get("Subtype").and_then(Object::as_name);
            let known = subtype.is_some_and(|name| REMARKS.contains(&&*name.text()));
            known && !ACTIONS.iter().any(|key| annotation.get(key).is_some())
        });
        Ok(if remark {
            ChangeKind::Annotation
        } else {
            ChangeKind::Illegal
        })
    }
}
