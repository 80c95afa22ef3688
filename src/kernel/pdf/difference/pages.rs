//! The page tree, the pages and the order of their annotations.

use super::super::{Array, Dictionary, Object, ObjectId, PdfError};
use super::rules::ChangeKind;
use super::walk::Walk;

/// Nesting of page tree nodes beyond which nothing is compared any more.
const DEPTH: usize = 64;

impl<'p> Walk<'_, 'p, '_> {
    pub(super) fn page_tree(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        self.page_node(old, new, place, 0)
    }

    fn page_node(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
        depth: usize,
    ) -> Result<(), PdfError> {
        let (Object::Reference(id), true, true) = (new, old == new, depth < DEPTH) else {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        };
        // A node that is met a second time makes the tree a graph.
        if !self.ruled.structure.insert(*id) {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        }
        if !self.views.is_dirty(*id) {
            return Ok(());
        }
        match (self.views.before(*id)?, self.views.now(*id)?) {
            (Object::Dictionary(a), Object::Dictionary(b)) if a.get("Kids").is_some() => self
                .dictionaries(&a, &b, place, |walk, key, a, b, place| match key {
                    "Kids" => walk.page_kids(a, b, place, depth).map(|()| true),
                    _ => Ok(false),
                }),
            (Object::Dictionary(a), Object::Dictionary(b)) => self.page(&a, &b, place),
            _ => {
                self.note(ChangeKind::Illegal, place);
                Ok(())
            }
        }
    }

    fn page_kids(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
        depth: usize,
    ) -> Result<(), PdfError> {
        let (old, new) = (self.before(old)?, self.now(new)?);
        match (&old, &new) {
            (Object::Array(a), Object::Array(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b.iter()).enumerate() {
                    self.page_node(a, b, &format!("{place}[{index}]"), depth + 1)?;
                }
            }
            _ => self.note(ChangeKind::Illegal, place),
        }
        Ok(())
    }

    fn page(
        &mut self,
        old: &Dictionary<'p>,
        new: &Dictionary<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        self.dictionaries(old, new, place, |walk, key, a, b, place| match key {
            "Annots" => walk.annotations(a, b, place).map(|()| true),
            _ => Ok(false),
        })
    }

    /// The annotations that were there are still there, in their order; what
    /// stands between or after them is new.
    fn annotations(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (was, is) = match (&was, &is) {
            (Object::Array(a), Object::Array(b)) => (Some(a), b),
            (Object::Null, Object::Array(b)) => (None, b),
            (Object::Null, Object::Null) => return Ok(()),
            _ => {
                self.note(ChangeKind::Illegal, place);
                return Ok(());
            }
        };
        self.annotation_lists(was, is, place)
    }

    fn annotation_lists(
        &mut self,
        was: Option<&Array<'p>>,
        is: &Array<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let mut old = was.into_iter().flat_map(Array::iter).peekable();
        for (index, annotation) in is.iter().enumerate() {
            let place = format!("{place}[{index}]");
            // Direct annotations have no name to know them by: they pair by order.
            let same = old.peek().is_some_and(|old| pair(old, annotation));
            match (same.then(|| old.next()).flatten(), annotation) {
                (Some(old), _) => self.annotation(old, annotation, &place)?,
                (None, Object::Reference(id)) if self.new_widgets.contains(id) => {}
                (None, _) => self.added_annotation(annotation, &place)?,
            }
        }
        if old.next().is_some() {
            self.note(ChangeKind::Illegal, place);
        }
        Ok(())
    }

    /// One annotation that was there.
    fn annotation(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        match new {
            Object::Reference(id) => self.indirect_annotation(*id, place),
            _ => self.strict(old, new, "Annots", place),
        }
    }

    fn indirect_annotation(&mut self, id: ObjectId, place: &str) -> Result<(), PdfError> {
        if !self.views.is_dirty(id) || self.compared_widgets.contains(&id) {
            return Ok(());
        }
        self.changed_annotation(id, place)
    }
}

/// Whether the next old entry is this one.
pub(super) fn pair(old: &Object<'_>, new: &Object<'_>) -> bool {
    match (old, new) {
        (Object::Reference(a), Object::Reference(b)) => a == b,
        (Object::Reference(_), _) | (_, Object::Reference(_)) => false,
        _ => true,
    }
}
