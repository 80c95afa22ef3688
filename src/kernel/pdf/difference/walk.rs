//! The walk from the trailer: what every rule of this room shares.

use std::collections::HashSet;

use super::super::{Dictionary, Object, ObjectId, PdfError};
use super::graph::Views;
use super::rules::{Change, ChangeKind, Rules};
use super::strict::{Ruled, Strict, pairs};

/// One comparison under way.
pub(super) struct Walk<'w, 'p, 'a> {
    pub(super) views: &'w Views<'p, 'a>,
    pub(super) rules: &'w Rules,
    pub(super) ruled: Ruled,
    /// Widgets of new fields that a rule accepted: what may newly be on a page.
    pub(super) new_widgets: HashSet<ObjectId>,
    /// Widgets of fields that were there: they have been compared as fields.
    pub(super) compared_widgets: HashSet<ObjectId>,
    /// Elements of the structure tree that a rule accepted.
    pub(super) new_elements: HashSet<ObjectId>,
    /// Signature values that a rule accepted: each belongs to one field.
    pub(super) new_values: HashSet<ObjectId>,
    /// The fonts that the fields of the signed revision ask for, once somebody asked.
    pub(super) asked_fonts: Option<HashSet<String>>,
    strict: Strict,
    changes: Vec<Change>,
}

/// Changes beyond these add nothing to the answer.
const ENOUGH: usize = 64;

impl<'w, 'p, 'a> Walk<'w, 'p, 'a> {
    pub(super) fn new(views: &'w Views<'p, 'a>, rules: &'w Rules) -> Self {
        Self {
            views,
            rules,
            ruled: Ruled::default(),
            new_widgets: HashSet::new(),
            compared_widgets: HashSet::new(),
            new_elements: HashSet::new(),
            new_values: HashSet::new(),
            asked_fonts: None,
            strict: Strict::default(),
            changes: Vec::new(),
        }
    }

    /// Walks both readings from their trailers.
    pub(super) fn run(mut self) -> Result<Vec<Change>, PdfError> {
        self.trailer()?;
        let strict = std::mem::take(&mut self.strict);
        for place in strict.finish(self.views, &self.ruled)? {
            self.note(ChangeKind::Illegal, place);
        }
        Ok(self.changes)
    }

    /// Notes a change, or that a looser certification would be needed for it.
    pub(super) fn note(&mut self, kind: ChangeKind, place: impl Into<String>) {
        let forbidden = match kind {
            ChangeKind::Signed
            | ChangeKind::VisibleSignature
            | ChangeKind::EmptyField
            | ChangeKind::FormFilled
            | ChangeKind::Appearance => !self.rules.allow_form_filling(),
            ChangeKind::Annotation => !self.rules.allow_annotations(),
            _ => false,
        };
        let kind = match self.rules.doc_mdp {
            Some(_) if forbidden => ChangeKind::Forbidden,
            None if forbidden => ChangeKind::Illegal,
            _ => kind,
        };
        let place = place.into();
        // Room is kept for what decides.
        if self.changes.len() < ENOUGH || kind.class() == super::ModificationClass::Illegal {
            self.changes.push(Change { kind, place });
        }
        self.changes.truncate(2 * ENOUGH);
    }

    /// Compares a value that no rule lets differ.
    pub(super) fn strict(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        key: &str,
        place: &str,
    ) -> Result<(), PdfError> {
        self.strict.compare(self.views, old, new, key, place)
    }

    /// Whether two values differ, without holding it against anyone.
    pub(super) fn differs(
        &self,
        old: &Object<'p>,
        new: &Object<'p>,
        key: &str,
    ) -> Result<bool, PdfError> {
        let mut strict = Strict::default();
        strict.compare(self.views, old, new, key, "")?;
        Ok(!strict.finish(self.views, &self.ruled)?.is_empty())
    }

    /// The value in the signed revision, references followed.
    pub(super) fn before(&self, value: &Object<'p>) -> Result<Object<'p>, PdfError> {
        match value {
            Object::Reference(id) => self.views.before(*id),
            other => Ok(other.clone()),
        }
    }

    /// The value as it is now, references followed.
    pub(super) fn now(&self, value: &Object<'p>) -> Result<Object<'p>, PdfError> {
        match value {
            Object::Reference(id) => self.views.now(*id),
            other => Ok(other.clone()),
        }
    }

    /// Compares two dictionaries key by key: `rule` answers whether it took care
    /// of a key, what it leaves must be equal.
    pub(super) fn dictionaries(
        &mut self,
        old: &Dictionary<'p>,
        new: &Dictionary<'p>,
        place: &str,
        mut rule: impl FnMut(&mut Self, &str, &Object<'p>, &Object<'p>, &str) -> Result<bool, PdfError>,
    ) -> Result<(), PdfError> {
        for (key, a, b) in pairs(old, new) {
            let place = format!("{place}/{key}");
            if !rule(self, &key, a, b, &place)? {
                self.strict(a, b, &key, &place)?;
            }
        }
        Ok(())
    }
}
