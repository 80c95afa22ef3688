//! Which objects changed, and from which ones a changed object can be reached.

use std::collections::{HashMap, HashSet};

use super::super::parser::Parser;
use super::super::{Object, ObjectId, Pdf, PdfError, XrefEntry};

/// Where the bytes of an object stand: its offset, and its index if it is in an
/// object stream. The same place in two revisions means the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Location {
    offset: usize,
    generation: u16,
    index: Option<u32>,
}

/// The references that objects make, by their location: read once for all
/// comparisons of one file.
#[derive(Debug, Default)]
pub struct EdgeCache(HashMap<Location, Box<[u32]>>);

/// The two readings and what is different between them.
pub(super) struct Views<'p, 'a> {
    pub(super) old: &'p Pdf<'a>,
    pub(super) new: &'p Pdf<'a>,
    dirty: HashSet<u32>,
}

impl<'p, 'a> Views<'p, 'a> {
    pub(super) fn new(
        old: &'p Pdf<'a>,
        new: &'p Pdf<'a>,
        cache: &mut EdgeCache,
    ) -> Result<Self, PdfError> {
        let mut changed = HashSet::new();
        for number in new.numbers()? {
            if location(old, number)? != location(new, number)? {
                changed.insert(number);
            }
        }
        let dirty = ancestors(old, new, &changed, cache)?;
        Ok(Self { old, new, dirty })
    }

    /// Whether a changed object can be reached from this one, itself included.
    pub(super) fn is_dirty(&self, id: ObjectId) -> bool {
        self.dirty.contains(&id.number)
    }

    /// The object in the signed revision; `Null` where it was not there.
    pub(super) fn before(&self, id: ObjectId) -> Result<Object<'p>, PdfError> {
        self.old.object(id)
    }

    /// The object as it is now.
    pub(super) fn now(&self, id: ObjectId) -> Result<Object<'p>, PdfError> {
        self.new.object(id)
    }
}

/// Where an object stands in one reading; `None` where it is not there.
fn location(pdf: &Pdf<'_>, number: u32) -> Result<Option<Location>, PdfError> {
    Ok(match pdf.entry(number)? {
        XrefEntry::Free => None,
        XrefEntry::InFile { offset, generation } => Some(Location {
            offset,
            generation,
            index: None,
        }),
        XrefEntry::Compressed { container, index } => match pdf.entry(container)? {
            XrefEntry::InFile { offset, .. } => Some(Location {
                offset,
                generation: 0,
                index: Some(index),
            }),
            // An object stream is never itself in one (7.5.7).
            XrefEntry::Free | XrefEntry::Compressed { .. } => None,
        },
    })
}

/// The changed objects and all that lead to them, in either reading.
fn ancestors(
    old: &Pdf<'_>,
    new: &Pdf<'_>,
    changed: &HashSet<u32>,
    cache: &mut EdgeCache,
) -> Result<HashSet<u32>, PdfError> {
    let mut dirty = changed.clone();
    if changed.is_empty() {
        return Ok(dirty);
    }
    let mut referrers: HashMap<u32, Vec<u32>> = HashMap::new();
    for number in new.numbers()? {
        for pdf in [new, old] {
            if std::ptr::eq(pdf, old) && !changed.contains(&number) {
                continue;
            }
            for &target in cache.edges(pdf, number)? {
                referrers.entry(target).or_default().push(number);
            }
        }
    }
    let mut queue: Vec<u32> = changed.iter().copied().collect();
    while let Some(number) = queue.pop() {
        for &referrer in referrers.get(&number).into_iter().flatten() {
            if dirty.insert(referrer) {
                queue.push(referrer);
            }
        }
    }
    Ok(dirty)
}

impl EdgeCache {
    /// Takes an object that somebody has read, so that it need not be read again.
    ///
    /// # Errors
    /// The cross-references are damaged.
    pub fn learn(
        &mut self,
        pdf: &Pdf<'_>,
        number: u32,
        object: &Object<'_>,
    ) -> Result<(), PdfError> {
        if let Some(location) = location(pdf, number)? {
            self.0.entry(location).or_insert_with(|| {
                let mut targets = Vec::new();
                references(object, &mut targets);
                with_container(pdf, number, targets)
            });
        }
        Ok(())
    }

    /// The numbers of the objects that an object refers to.
    fn edges(&mut self, pdf: &Pdf<'_>, number: u32) -> Result<&[u32], PdfError> {
        let Some(location) = location(pdf, number)? else {
            return Ok(&[]);
        };
        let edges = self.0.entry(location).or_insert_with(|| {
            let id = ObjectId {
                number,
                generation: location.generation,
            };
            let mut targets = Vec::new();
            match pdf.object(id) {
                Ok(object) => references(&object, &mut targets),
                // A stream whose /Length no longer leads to its end: what it refers to,
                // the length among it, still says whether it is what was signed.
                Err(_) => value_alone(pdf, id, location, &mut targets),
            }
            with_container(pdf, number, targets)
        });
        Ok(edges)
    }
}

/// The references of an object's value, without the data of a stream.
fn value_alone(pdf: &Pdf<'_>, id: ObjectId, at: Location, into: &mut Vec<u32>) {
    let mut parser = Parser::new(pdf.bytes(), at.offset, pdf.limits().depth);
    if at.index.is_none()
        && parser.header() == Some(id)
        && let Ok(value) = parser.object()
    {
        references(&value, into);
    }
}

/// The references of an object, each once; one in an object stream depends on that too.
fn with_container(pdf: &Pdf<'_>, number: u32, mut targets: Vec<u32>) -> Box<[u32]> {
    if let Ok(XrefEntry::Compressed { container, .. }) = pdf.entry(number) {
        targets.push(container);
    }
    targets.sort_unstable();
    targets.dedup();
    targets.into_boxed_slice()
}

/// Collects references; the nesting is bounded by the parser.
fn references(object: &Object<'_>, into: &mut Vec<u32>) {
    match object {
        Object::Reference(id) => into.push(id.number),
        Object::Array(array) => array.iter().for_each(|item| references(item, into)),
        Object::Dictionary(_) | Object::Stream(_) => {
            let entries = object.as_dictionary().map(|d| d.entries.as_slice());
            for entry in entries.unwrap_or_default() {
                references(&entry.value, into);
            }
        }
        _ => {}
    }
}
