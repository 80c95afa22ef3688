//! Equality where no rule allows a difference: token by token, white space and
//! the form of strings apart, through every reference.

use std::collections::HashSet;

use super::super::{Dictionary, Object, ObjectId, PdfError};
use super::graph::Views;

/// Values compared so far, and pairs of references still to be followed.
///
/// References wait in a queue: lists linked through /Next are longer than any
/// stack. A pair that was met before is taken as equal; were it not, its own
/// comparison says so.
#[derive(Default)]
pub(super) struct Strict {
    seen: HashSet<(ObjectId, ObjectId)>,
    queue: Vec<Pending>,
    differences: Vec<String>,
    depth: usize,
}

struct Pending {
    old: ObjectId,
    new: ObjectId,
    key: String,
    place: String,
}

/// Objects that are compared under a rule of their own: a reference to one,
/// where such references are usual, is equal if it is the same.
#[derive(Default)]
pub(super) struct Ruled {
    /// Pages, page tree nodes and elements of the structure tree. What their rules let
    /// change means nothing in any other role, so any reference counts.
    pub(super) structure: HashSet<ObjectId>,
    /// Fields and their widgets, under the keys that name fields and widgets.
    pub(super) fields: HashSet<ObjectId>,
}

/// Keys under which a field or widget is referred to without being drawn.
const FIELD_KEYS: &[&str] = &["Parent", "Obj", "IRT", "Popup", "T", "Fields", "Annotation"];

/// Differences beyond these are not told apart any more.
const ENOUGH: usize = 8;

/// Nesting beyond which two values count as different. A reference on one side
/// only is followed at once, so cycles are possible that the parser's own bound
/// does not see.
const DEPTH: usize = 160;

impl Strict {
    /// Compares two values; references are queued.
    pub(super) fn compare<'p>(
        &mut self,
        views: &Views<'p, '_>,
        old: &Object<'p>,
        new: &Object<'p>,
        key: &str,
        place: &str,
    ) -> Result<(), PdfError> {
        match (old, new) {
            (Object::Reference(a), Object::Reference(b)) => {
                if a != b || views.is_dirty(*b) {
                    self.queue.push(Pending {
                        old: *a,
                        new: *b,
                        key: key.to_owned(),
                        place: place.to_owned(),
                    });
                }
                Ok(())
            }
            (Object::Reference(a), _) => self.values(views, &views.before(*a)?, new, key, place),
            (_, Object::Reference(b)) => self.values(views, old, &views.now(*b)?, key, place),
            _ => self.values(views, old, new, key, place),
        }
    }

    fn values<'p>(
        &mut self,
        views: &Views<'p, '_>,
        old: &Object<'p>,
        new: &Object<'p>,
        key: &str,
        place: &str,
    ) -> Result<(), PdfError> {
        if self.depth >= DEPTH {
            self.differs(place);
            return Ok(());
        }
        self.depth += 1;
        let result = self.members(views, old, new, key, place);
        self.depth -= 1;
        result
    }

    fn members<'p>(
        &mut self,
        views: &Views<'p, '_>,
        old: &Object<'p>,
        new: &Object<'p>,
        key: &str,
        place: &str,
    ) -> Result<(), PdfError> {
        match (old, new) {
            (Object::Array(a), Object::Array(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b.iter()).enumerate() {
                    self.compare(views, a, b, key, &format!("{place}[{index}]"))?;
                }
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => {
                self.dictionaries(views, a, b, place)?;
            }
            (Object::Stream(a), Object::Stream(b)) => {
                self.dictionaries(views, &a.dictionary, &b.dictionary, place)?;
                if a.data != b.data {
                    self.differs(place);
                }
            }
            _ if same_scalar(old, new) => {}
            _ => self.differs(place),
        }
        Ok(())
    }

    fn dictionaries<'p>(
        &mut self,
        views: &Views<'p, '_>,
        old: &Dictionary<'p>,
        new: &Dictionary<'p>,
        place: &str,
    ) -> Result<(), PdfError> {
        for (key, a, b) in pairs(old, new) {
            self.compare(views, a, b, &key, &format!("{place}/{key}"))?;
        }
        Ok(())
    }

    fn differs(&mut self, place: &str) {
        if self.differences.len() < ENOUGH {
            self.differences.push(place.to_owned());
        }
    }

    /// Follows the queued references to the end and returns what differs.
    pub(super) fn finish<'p>(
        mut self,
        views: &Views<'p, '_>,
        ruled: &Ruled,
    ) -> Result<Vec<String>, PdfError> {
        while let Some(pending) = self.queue.pop() {
            if self.differences.len() >= ENOUGH {
                break;
            }
            if ruled.covers(&pending) || !self.seen.insert((pending.old, pending.new)) {
                continue;
            }
            let old = views.before(pending.old)?;
            // What cannot be read now is not what was signed.
            match views.now(pending.new) {
                Ok(new) => self.compare(views, &old, &new, &pending.key, &pending.place)?,
                Err(_) => self.differs(&pending.place),
            }
        }
        Ok(self.differences)
    }
}

impl Ruled {
    fn covers(&self, pending: &Pending) -> bool {
        pending.old == pending.new
            && (self.structure.contains(&pending.new)
                || (self.fields.contains(&pending.new)
                    && FIELD_KEYS.contains(&pending.key.as_str())))
    }
}

/// Both values of every key of either dictionary; `Null` where one lacks it.
pub(super) fn pairs<'d, 'p>(
    old: &'d Dictionary<'p>,
    new: &'d Dictionary<'p>,
) -> Vec<(String, &'d Object<'p>, &'d Object<'p>)> {
    let null = &Object::Null;
    let mut pairs = Vec::with_capacity(new.entries.len());
    // By their bytes: a name need not be text (7.3.5).
    for entry in &old.entries {
        let other = new.entries.iter().find(|one| one.key == entry.key);
        let other = other.map_or(null, |one| &one.value);
        pairs.push((entry.key.text().into_owned(), &entry.value, other));
    }
    for entry in &new.entries {
        if old.entries.iter().all(|one| one.key != entry.key) {
            pairs.push((entry.key.text().into_owned(), null, &entry.value));
        }
    }
    pairs
}

fn same_scalar(old: &Object<'_>, new: &Object<'_>) -> bool {
    match (old, new) {
        (Object::String(a), Object::String(b)) => a.bytes() == b.bytes(),
        (
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_),
            _,
        ) => old == new,
        _ => false,
    }
}
