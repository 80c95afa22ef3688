//! The page tree (ISO 32000-2, 7.7.3).

use super::error::{Fault, PdfError};
use super::object::{Dictionary, Object, ObjectId};
use super::reader::Pdf;
use std::collections::BTreeSet;

/// The attributes that a page inherits from the nodes above it (7.7.3.4).
const INHERITABLE: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// A page with what it inherits.
#[derive(Clone, Debug)]
pub struct Page<'p> {
    /// The page object.
    pub id: ObjectId,
    /// Its number, from 1.
    pub number: usize,
    /// Its dictionary.
    pub dictionary: Dictionary<'p>,
    inherited: [Option<Object<'p>>; 4],
}

impl<'p> Page<'p> {
    /// The value of a key of the page, or one that it inherits. Not resolved.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Object<'p>> {
        self.dictionary.get(key).or_else(|| {
            let index = INHERITABLE.iter().position(|name| *name == key)?;
            self.inherited.get(index)?.as_ref()
        })
    }
}

/// A node still to be visited.
struct Pending<'p> {
    id: ObjectId,
    depth: usize,
    inherited: [Option<Object<'p>>; 4],
}

/// Walks the leaves of the page tree in order.
struct Walk<'p> {
    pdf: &'p Pdf<'p>,
    /// The next node is the last.
    pending: Vec<Pending<'p>>,
    seen: BTreeSet<ObjectId>,
    found: usize,
}

impl<'a> Pdf<'a> {
    /// All pages in order.
    pub fn pages(&self) -> Result<Vec<Page<'_>>, PdfError> {
        let mut walk = self.walk_pages()?;
        let mut pages = Vec::new();
        while let Some(page) = walk.next()? {
            pages.push(page);
        }
        Ok(pages)
    }

    /// The page with a number, from 1; `None` beyond the last. The tree is walked
    /// up to it: /Count is not trusted.
    pub fn page(&self, number: usize) -> Result<Option<Page<'_>>, PdfError> {
        let mut walk = self.walk_pages()?;
        while let Some(page) = walk.next()? {
            if page.number == number {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    fn walk_pages(&self) -> Result<Walk<'_>, PdfError> {
        let catalog = self.catalog()?;
        let root = catalog
            .get("Pages")
            .and_then(Object::as_reference)
            .ok_or(Fault::Structure("the catalog has no page tree"))?;
        let root = Pending {
            id: root,
            depth: 0,
            inherited: [const { None }; 4],
        };
        Ok(Walk {
            pdf: self,
            pending: vec![root],
            seen: BTreeSet::new(),
            found: 0,
        })
    }
}

impl<'p> Walk<'p> {
    fn next(&mut self) -> Result<Option<Page<'p>>, PdfError> {
        while let Some(node) = self.pending.pop() {
            if !self.seen.insert(node.id) {
                return Err(PdfError::structure(
                    node.id,
                    "the page tree has a node twice",
                ));
            }
            let Object::Dictionary(dictionary) = self.pdf.object(node.id)? else {
                return Err(PdfError::structure(node.id, "a page is not a dictionary"));
            };
            match dictionary.get("Kids") {
                Some(kids) if !dictionary.has_name("Type", "Page") => {
                    let kids = self.pdf.resolve(kids)?;
                    self.descend(&node, &dictionary, &kids)?;
                }
                _ if dictionary.has_name("Type", "Page") => {
                    return self.leaf(node, dictionary).map(Some);
                }
                _ => return Err(PdfError::structure(node.id, "a page without its /Type")),
            }
        }
        Ok(None)
    }

    fn descend(
        &mut self,
        node: &Pending<'p>,
        dictionary: &Dictionary<'p>,
        kids: &Object<'p>,
    ) -> Result<(), PdfError> {
        let limit = self.pdf.limits().depth;
        if node.depth >= limit {
            let what = "levels of the page tree";
            return Err(PdfError::from(Fault::TooComplex { what, limit }).within(node.id));
        }
        let kids = kids
            .as_array()
            .ok_or_else(|| PdfError::structure(node.id, "/Kids is not an array"))?;
        let mut inherited = node.inherited.clone();
        for (value, key) in inherited.iter_mut().zip(INHERITABLE) {
            if let Some(own) = dictionary.get(key) {
                *value = Some(own.clone());
            }
        }
        for kid in kids.iter().rev() {
            let id = kid
                .as_reference()
                .ok_or_else(|| PdfError::structure(node.id, "a kid is not a reference"))?;
            self.pending.push(Pending {
                id,
                depth: node.depth + 1,
                inherited: inherited.clone(),
            });
        }
        Ok(())
    }

    fn leaf(
        &mut self,
        node: Pending<'p>,
        dictionary: Dictionary<'p>,
    ) -> Result<Page<'p>, PdfError> {
        self.found += 1;
        let limit = self.pdf.limits().pages;
        if self.found > limit {
            let what = "pages";
            return Err(Fault::TooComplex { what, limit }.into());
        }
        Ok(Page {
            id: node.id,
            number: self.found,
            dictionary,
            inherited: node.inherited,
        })
    }
}
