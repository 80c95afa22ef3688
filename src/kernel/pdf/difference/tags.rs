//! The structure tree (ISO 32000-2, 14.7): producers that keep a document tagged add
//! an element for the widget of a signature field that they add (14.8.4.7, PDF/UA).
//! Elements about new widgets may be added; what was tagged stays as it was.

use std::collections::HashMap;

use super::super::{Dictionary, Object, ObjectId, PdfError};
use super::pages::pair;
use super::rules::ChangeKind;
use super::walk::Walk;

/// Nesting of elements beyond which nothing is compared any more.
const DEPTH: usize = 64;

/// What an element about a widget may be: a form element, and groups around it.
const KINDS: &[&str] = &["Form", "Annot", "Sect", "Div", "Part", "NonStruct"];

/// What such an element may say. Not among it: /ActualText and /E, which replace
/// what is read, and attributes.
const ENTRIES: &[&str] = &["Type", "S", "P", "Pg", "K", "T", "Alt", "Lang", "ID", "NS"];

impl<'p> Walk<'_, 'p, '_> {
    /// Compares the structure tree roots. Fields come first: they say which widgets
    /// are new.
    pub(super) fn structure_tree(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (Object::Dictionary(a), Object::Dictionary(b), Object::Reference(id)) =
            (&was, &is, new)
        else {
            return self.strict(old, new, "StructTreeRoot", place);
        };
        if old != new {
            return self.strict(old, new, "StructTreeRoot", place);
        }
        self.ruled.structure.insert(*id);
        self.kids_of(*id, a, b, place, 0)?;
        self.dictionaries(a, b, place, |walk, key, a, b, place| {
            match key {
                "K" => {}
                "ParentTree" => walk.parent_tree(a, b, place, 0)?,
                "ParentTreeNextKey" => return Ok(grown(a, b)),
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    /// Compares /K of two readings of one element: what was there is there, in its
    /// order; what is new is about a new widget.
    fn kids_of(
        &mut self,
        parent: ObjectId,
        was: &Dictionary<'p>,
        is: &Dictionary<'p>,
        place: &str,
        depth: usize,
    ) -> Result<(), PdfError> {
        let place = format!("{place}/K");
        let kids = |dictionary: &Dictionary<'p>| dictionary.get("K").cloned();
        let before = self.listed(kids(was), false)?;
        let after = self.listed(kids(is), true)?;
        let mut old = before.iter().peekable();
        for kid in &after {
            let same = old.peek().is_some_and(|old| pair(old, kid));
            match (same.then(|| old.next()).flatten(), kid) {
                (Some(_), Object::Reference(id)) => self.element(*id, &place, depth)?,
                (Some(old), _) => self.strict(old, kid, "K", &place)?,
                (None, _) => {
                    if !self.is_about_new_widgets(kid, parent, depth)? {
                        self.note(ChangeKind::Illegal, place.as_str());
                    }
                }
            }
        }
        if old.next().is_some() {
            self.note(ChangeKind::Illegal, place);
        }
        Ok(())
    }

    /// A list, or the one item that stands in its place.
    fn listed(&self, value: Option<Object<'p>>, now: bool) -> Result<Vec<Object<'p>>, PdfError> {
        let Some(value) = value else {
            return Ok(Vec::new());
        };
        let resolved = if now {
            self.now(&value)?
        } else {
            self.before(&value)?
        };
        Ok(match &resolved {
            Object::Null => Vec::new(),
            Object::Array(items) => items.iter().cloned().collect(),
            _ => vec![value],
        })
    }

    /// An element that was there.
    fn element(&mut self, id: ObjectId, place: &str, depth: usize) -> Result<(), PdfError> {
        if !self.views.is_dirty(id) {
            return Ok(());
        }
        let (was, is) = (self.views.before(id)?, self.views.now(id)?);
        let (Object::Dictionary(a), Object::Dictionary(b)) = (&was, &is) else {
            let reference = Object::Reference(id);
            return self.strict(&reference, &reference, "K", place);
        };
        // Marked content and object references have no kids.
        if depth >= DEPTH || a.get("S").is_none() {
            let reference = Object::Reference(id);
            return self.strict(&reference, &reference, "K", place);
        }
        if !self.ruled.structure.insert(id) {
            return Ok(());
        }
        self.kids_of(id, a, b, place, depth + 1)?;
        self.dictionaries(a, b, place, |_, key, _, _, _| Ok(key == "K"))
    }

    /// Whether a new entry of /K is an element about new widgets and nothing else.
    fn is_about_new_widgets(
        &mut self,
        kid: &Object<'p>,
        parent: ObjectId,
        depth: usize,
    ) -> Result<bool, PdfError> {
        let Object::Reference(id) = kid else {
            return Ok(false);
        };
        let fresh = self.views.before(*id)?.is_null() && depth < DEPTH;
        let is = self.views.now(*id)?;
        let Some(element) = is.as_dictionary().filter(|_| fresh) else {
            return Ok(false);
        };
        let kind = element.get("S").and_then(Object::as_name);
        let sound = kind.is_some_and(|kind| KINDS.contains(&&*kind.text()))
            && element.get("P").and_then(Object::as_reference) == Some(parent)
            && only(element, ENTRIES);
        if !sound || !self.new_elements.insert(*id) {
            return Ok(false);
        }
        for kid in self.listed(element.get("K").cloned(), true)? {
            let about =
                self.is_new_widget(&kid)? || self.is_about_new_widgets(&kid, *id, depth + 1)?;
            if !about {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether an object reference (14.7.5.3) is to a widget that a rule accepted.
    fn is_new_widget(&self, kid: &Object<'p>) -> Result<bool, PdfError> {
        let kid = self.now(kid)?;
        Ok(kid.as_dictionary().is_some_and(|reference| {
            let object = reference.get("Obj").and_then(Object::as_reference);
            reference.has_name("Type", "OBJR")
                && only(reference, &["Type", "Obj", "Pg"])
                && object.is_some_and(|id| self.new_widgets.contains(&id))
        }))
    }

    /// The number tree from widgets and pages to elements (7.9.7): numbers that were
    /// there stand, new ones lead to new elements.
    fn parent_tree(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
        depth: usize,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (Object::Dictionary(a), Object::Dictionary(b)) = (&was, &is) else {
            return self.strict(old, new, "ParentTree", place);
        };
        if depth >= DEPTH {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        }
        self.dictionaries(a, b, place, |walk, key, a, b, place| {
            match key {
                "Nums" => walk.numbers(a, b, place)?,
                "Kids" => walk.number_nodes(a, b, place, depth)?,
                "Limits" => return walk.widened(a, b),
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    fn number_nodes(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
        depth: usize,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        match (&was, &is) {
            (Object::Array(a), Object::Array(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b.iter()) {
                    self.parent_tree(a, b, place, depth + 1)?;
                }
                Ok(())
            }
            _ => self.strict(old, new, "Kids", place),
        }
    }

    fn numbers(&mut self, old: &Object<'p>, new: &Object<'p>, place: &str) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let (Some(was), Some(is)) = (numbered(&was), numbered(&is)) else {
            return self.strict(old, new, "Nums", place);
        };
        for (number, value) in &is {
            let accepted = |id: ObjectId| self.new_elements.contains(&id);
            match was.get(number) {
                Some(old) => self.strict(old, value, "Nums", place)?,
                None if value.as_reference().is_some_and(accepted) => {}
                None => self.note(ChangeKind::Illegal, place),
            }
        }
        if was.keys().any(|number| !is.contains_key(number)) {
            self.note(ChangeKind::Illegal, place);
        }
        Ok(())
    }

    /// The least and greatest number of a node: they may grow apart.
    fn widened(&self, old: &Object<'p>, new: &Object<'p>) -> Result<bool, PdfError> {
        let bounds = |value: Object<'p>| {
            let list = value.as_array()?;
            Some((list.get(0)?.as_integer()?, list.get(1)?.as_integer()?))
        };
        let (was, is) = (bounds(self.before(old)?), bounds(self.now(new)?));
        Ok(was
            .zip(is)
            .is_some_and(|((low, high), (lower, higher))| lower <= low && high <= higher))
    }
}

fn only(dictionary: &Dictionary<'_>, keys: &[&str]) -> bool {
    let mut entries = dictionary.entries.iter();
    entries.all(|entry| keys.contains(&&*entry.key.text()))
}

fn grown(old: &Object<'_>, new: &Object<'_>) -> bool {
    let numbers = old.as_integer().zip(new.as_integer());
    numbers.is_some_and(|(old, new)| old <= new)
}

/// The pairs of a number tree's leaf; nothing where a number is none, or is there twice.
fn numbered<'p>(value: &Object<'p>) -> Option<HashMap<i64, Object<'p>>> {
    let items: Vec<_> = value.as_array()?.iter().collect();
    let mut pairs = HashMap::with_capacity(items.len() / 2);
    for pair in items.chunks(2) {
        let [number, value] = pair else {
            return None;
        };
        if pairs
            .insert(number.as_integer()?, (*value).clone())
            .is_some()
        {
            return None;
        }
    }
    Some(pairs)
}
