//! The interactive form: fields that are signed, filled in or added
//! (ISO 32000-2, 12.7, 12.8.2.2).

use std::collections::HashSet;

use super::super::{Array, Dictionary, Object, ObjectId, PdfError};
use super::rules::ChangeKind;
use super::walk::Walk;

/// Nesting of fields beyond which nothing is compared any more.
const DEPTH: usize = 32;

/// Widget flags that signing or filling in may set (ISO 32000-2, table 167):
/// print, read only, locked, locked contents.
const SETTABLE_FLAGS: i64 = 4 | 64 | 128 | 512;

/// What a field takes from the fields above it.
#[derive(Clone, Default)]
pub(super) struct Above<'p> {
    name: String,
    kind: Option<Object<'p>>,
    /// Whether the value above was changed by an allowed change.
    value_changed: bool,
    depth: usize,
}

impl<'p> Above<'p> {
    /// What the fields below this one take from it.
    fn below(&self, field: &Dictionary<'p>) -> Self {
        let own = field.get("T").and_then(Object::as_string);
        let name = match own.map(|own| own.text()) {
            Some(own) if self.name.is_empty() => own,
            Some(own) => format!("{}.{own}", self.name),
            None => self.name.clone(),
        };
        Self {
            name,
            kind: field.get("FT").cloned().or_else(|| self.kind.clone()),
            value_changed: self.value_changed,
            depth: self.depth + 1,
        }
    }

    fn is_signature(&self) -> bool {
        self.is_of(&["Sig"])
    }

    /// Whether it is a field that people fill in. An annotation without a kind is none,
    /// though it stands among the fields.
    fn is_fillable(&self) -> bool {
        self.is_of(&["Tx", "Ch", "Btn"])
    }

    fn is_of(&self, kinds: &[&str]) -> bool {
        let name = self.kind.as_ref().and_then(Object::as_name);
        name.is_some_and(|name| kinds.iter().any(|kind| *name == *kind))
    }
}

impl<'p> Walk<'_, 'p, '_> {
    /// Compares the interactive form dictionaries.
    pub(super) fn form(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        match (&was, &is) {
            (Object::Null, Object::Null) => Ok(()),
            (Object::Null, Object::Dictionary(form)) => self.added_form(form, place),
            (Object::Dictionary(a), Object::Dictionary(b)) => {
                self.dictionaries(a, b, place, |walk, key, a, b, place| {
                    match key {
                        "Fields" => walk.field_lists(a, b, &Above::default(), place)?,
                        "SigFlags" => walk.signature_flags(a, b, place),
                        "DR" => walk.default_resources(a, b, place)?,
                        _ => return Ok(false),
                    }
                    Ok(true)
                })
            }
            _ => {
                self.note(ChangeKind::Illegal, place);
                Ok(())
            }
        }
    }

    /// A form where there was none: defaults that no field uses do no harm.
    fn added_form(&mut self, form: &Dictionary<'p>, place: &str) -> Result<(), PdfError> {
        for entry in &form.entries {
            match &*entry.key.text() {
                "Fields" => {
                    let place = format!("{place}/Fields");
                    self.field_lists(&Object::Null, &entry.value, &Above::default(), &place)?;
                }
                "SigFlags" | "DR" | "DA" | "Q" => {}
                key => self.note(ChangeKind::Illegal, format!("{place}/{key}")),
            }
        }
        Ok(())
    }

    /// Flags may be set, not cleared (12.7.3, table 225).
    fn signature_flags(&mut self, old: &Object<'p>, new: &Object<'p>, place: &str) {
        let bits = |value: &Object<'p>| value.as_integer().unwrap_or(0);
        if bits(old) & !bits(new) != 0 {
            self.note(ChangeKind::Illegal, place);
        }
    }

    /// Fields that were there are still there; the others are new.
    fn field_lists(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        above: &Above<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let (was, is) = (self.before(old)?, self.now(new)?);
        let before: Option<HashSet<ObjectId>> = match &was {
            Object::Null => Some(HashSet::new()),
            Object::Array(list) => list.iter().map(Object::as_reference).collect(),
            _ => None,
        };
        let after = is.as_array().and_then(references);
        let (Some(before), Some(after)) = (before, after) else {
            return self.strict(old, new, "Fields", place);
        };
        if above.depth >= DEPTH || before.iter().any(|id| !after.contains(id)) {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        }
        for id in after {
            let place = format!("{place}[{id} R]");
            if before.contains(&id) {
                self.field(id, above, &place)?;
            } else {
                self.added_field(id, above, &place)?;
            }
        }
        Ok(())
    }

    /// A field that was there.
    fn field(&mut self, id: ObjectId, above: &Above<'p>, place: &str) -> Result<(), PdfError> {
        if !self.views.is_dirty(id) || !self.ruled.fields.insert(id) {
            return Ok(());
        }
        self.compared_widgets.insert(id);
        let (was, is) = (self.views.before(id)?, self.views.now(id)?);
        let (Object::Dictionary(was), Object::Dictionary(is)) = (&was, &is) else {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        };
        let mut here = above.below(was);
        let null = Object::Null;
        let value = |d: &Dictionary<'p>| d.get("V").unwrap_or(&null).clone();
        let changed = self.value(&value(was), &value(is), &here, place)?;
        here.value_changed |= changed;
        self.dictionaries(was, is, place, |walk, key, a, b, place| {
            walk.field_entry(key, a, b, &here, place)
        })
    }

    /// One entry of a field or widget; answers whether a rule covers it.
    fn field_entry(
        &mut self,
        key: &str,
        old: &Object<'p>,
        new: &Object<'p>,
        field: &Above<'p>,
        place: &str,
    ) -> Result<bool, PdfError> {
        match key {
            "V" => {}
            "Kids" => self.field_lists(old, new, field, place)?,
            // A new value is shown by a new appearance; a signature that was
            // there keeps its own.
            "AP" | "AS" => {
                if !field.value_changed && self.differs(old, new, key)? {
                    self.note(ChangeKind::Appearance, place);
                }
            }
            "F" | "Ff" if field.value_changed => {
                let settable = if key == "F" { SETTABLE_FLAGS } else { 1 };
                let bits = |value: &Object<'p>| value.as_integer().unwrap_or(0);
                return Ok(bits(old) & !bits(new) == 0 && bits(new) & !bits(old) & !settable == 0);
            }
            "M" | "I" | "RV" if field.value_changed => {}
            "P" => return Ok(old.is_null() && self.is_page(new)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether a value refers to a page of the signed revision.
    fn is_page(&self, value: &Object<'p>) -> bool {
        let page = value
            .as_reference()
            .and_then(|id| self.views.before(id).ok());
        page.is_some_and(|page| {
            page.as_dictionary()
                .is_some_and(|d| d.has_name("Type", "Page"))
        })
    }

    /// Compares the values of a field that was there; answers whether it was
    /// filled in or signed.
    fn value(
        &mut self,
        old: &Object<'p>,
        new: &Object<'p>,
        field: &Above<'p>,
        place: &str,
    ) -> Result<bool, PdfError> {
        let place = format!("{place}/V");
        if field.is_signature() {
            if !self.before(old)?.is_null() {
                // A signature that was there stands, in all its bytes.
                self.strict(old, new, "V", &place)?;
                return Ok(false);
            }
            if self.now(new)?.is_null() {
                return Ok(false);
            }
            let kind = match self.signature(new)? {
                Some(_) => ChangeKind::Signed,
                None => ChangeKind::Illegal,
            };
            self.note_field(kind, field, place);
            return Ok(kind == ChangeKind::Signed);
        }
        let changed = self.differs(old, new, "V")?;
        if changed {
            let kind = match field.is_fillable() {
                true => ChangeKind::FormFilled,
                false => ChangeKind::Illegal,
            };
            self.note_field(kind, field, place);
        }
        Ok(changed)
    }

    fn note_field(&mut self, kind: ChangeKind, field: &Above<'p>, place: String) {
        let locked = kind != ChangeKind::DocumentTimestamp && self.rules.locks(&field.name);
        let kind = if locked {
            ChangeKind::LockedField
        } else {
            kind
        };
        self.note(kind, place);
    }

    /// A field that was not there: a signature field, signed, or empty and unseen.
    fn added_field(
        &mut self,
        id: ObjectId,
        above: &Above<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        let is = self.views.now(id)?;
        let fresh = self.views.before(id)?.is_null() && self.ruled.fields.insert(id);
        let (Object::Dictionary(field), true) = (&is, fresh && above.depth < DEPTH) else {
            self.note(ChangeKind::Illegal, place);
            return Ok(());
        };
        let here = above.below(field);
        let kids = self.kids(field)?;
        if !here.is_signature() && field.get("V").is_none() && !kids.is_empty() {
            // A name above the new field.
            for kid in kids {
                self.added_field(kid, &here, place)?;
            }
            return Ok(());
        }
        let kind = self.added_kind(id, field, &kids, &here)?;
        self.note_field(kind, &here, place.to_owned());
        Ok(())
    }

    fn added_kind(
        &mut self,
        id: ObjectId,
        field: &Dictionary<'p>,
        kids: &[ObjectId],
        here: &Above<'p>,
    ) -> Result<ChangeKind, PdfError> {
        let Some(visible) = self.added_widgets(id, field, kids)? else {
            return Ok(ChangeKind::Illegal);
        };
        let null = Object::Null;
        let value = field.get("V").unwrap_or(&null).clone();
        if !here.is_signature() {
            return Ok(ChangeKind::Illegal);
        }
        if self.now(&value)?.is_null() {
            let empty = !visible && field.get("AP").is_none();
            return Ok(if empty {
                ChangeKind::EmptyField
            } else {
                ChangeKind::Illegal
            });
        }
        Ok(match self.signature(&value)? {
            None => ChangeKind::Illegal,
            Some(timestamp) if !visible && timestamp => ChangeKind::DocumentTimestamp,
            Some(_) if !visible => ChangeKind::Signed,
            // A certified page is not drawn over by a field it did not have.
            Some(_) if self.rules.doc_mdp.is_some() => ChangeKind::Forbidden,
            Some(_) => ChangeKind::VisibleSignature,
        })
    }

    /// Takes note of the widgets of a new field; answers whether one is seen,
    /// nothing if one is more than a picture of the field.
    fn added_widgets(
        &mut self,
        id: ObjectId,
        field: &Dictionary<'p>,
        kids: &[ObjectId],
    ) -> Result<Option<bool>, PdfError> {
        self.new_widgets.insert(id);
        let mut visible = draws(field);
        let mut harmless = !acts(field);
        for kid in kids {
            let fresh = self.views.before(*kid)?.is_null();
            match self.views.now(*kid)? {
                Object::Dictionary(widget) if fresh && widget.get("T").is_none() => {
                    visible |= draws(&widget);
                    harmless &= !acts(&widget);
                    self.new_widgets.insert(*kid);
                }
                _ => harmless = false,
            }
        }
        Ok(harmless.then_some(visible))
    }

    fn kids(&self, field: &Dictionary<'p>) -> Result<Vec<ObjectId>, PdfError> {
        let kids = match field.get("Kids") {
            Some(kids) => self.now(kids)?,
            None => return Ok(Vec::new()),
        };
        Ok(kids.as_array().and_then(references).unwrap_or_default())
    }

    /// Whether a value is a signature dictionary of its own that was not there
    /// before; answers whether it is a document time-stamp.
    fn signature(&mut self, value: &Object<'p>) -> Result<Option<bool>, PdfError> {
        if let Object::Reference(id) = value {
            let fresh = self.views.before(*id)?.is_null();
            if !fresh || !self.new_values.insert(*id) {
                return Ok(None);
            }
        }
        let value = self.now(value)?;
        let Object::Dictionary(signature) = &value else {
            return Ok(None);
        };
        let whole = signature.get("ByteRange").is_some() && signature.get("Contents").is_some();
        Ok(match signature.get("Type").and_then(Object::as_name) {
            _ if !whole => None,
            None => Some(false),
            Some(name) if *name == "Sig" => Some(false),
            Some(name) if *name == "DocTimeStamp" => Some(true),
            Some(_) => None,
        })
    }
}

fn references(list: &Array<'_>) -> Option<Vec<ObjectId>> {
    list.iter().map(Object::as_reference).collect()
}

/// Whether a widget covers an area that viewers draw in, on the screen or on paper.
/// Hidden is taken at its word; no-view hides from the screen alone, so it must not
/// be printed either, nor come up under the mouse (ISO 32000-2, table 167).
fn draws(widget: &Dictionary<'_>) -> bool {
    const HIDDEN: i64 = 2;
    const PRINT: i64 = 4;
    const NO_VIEW: i64 = 32;
    const TOGGLE_NO_VIEW: i64 = 256;
    let flags = widget.get("F").and_then(Object::as_integer).unwrap_or(0);
    let unseen = flags & HIDDEN != 0 || flags & (NO_VIEW | PRINT | TOGGLE_NO_VIEW) == NO_VIEW;
    let Some(rect) = widget.get("Rect") else {
        return false;
    };
    let side = |index| rect.as_array()?.get(index)?.as_number();
    let flat = match (side(0), side(1), side(2), side(3)) {
        (Some(x1), Some(y1), Some(x2), Some(y2)) => {
            (x2 - x1).abs() < f64::EPSILON || (y2 - y1).abs() < f64::EPSILON
        }
        _ => false,
    };
    !flat && !unseen
}

/// Whether a field or widget does something when it is used.
fn acts(field: &Dictionary<'_>) -> bool {
    ["A", "AA"].iter().any(|key| field.get(key).is_some())
}
