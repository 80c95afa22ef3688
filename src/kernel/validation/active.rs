//! Content that acts by itself, or when a field is filled in (ISO 32000-2, 12.6): what
//! can make a file show something else than what was signed.
//!
//! Links that wait for the reader (to the web, to another file) are not among it:
//! nothing here follows them.

use super::finding::{Finding, FindingCode};
use crate::kernel::pdf::difference::EdgeCache;
use crate::kernel::pdf::{Dictionary, Object, ObjectId, Pdf, PdfError};

/// How many are named.
const NAMED: usize = 5;

/// Names what acts. Comparing revisions needs the same walk over every object: it learns
/// from this one.
pub(super) fn findings(pdf: &Pdf<'_>, edges: &mut EdgeCache) -> Vec<Finding> {
    let mut found = match pdf.catalog() {
        Ok(catalog) => at_opening(pdf, &catalog),
        Err(error) => return vec![Finding::new(FindingCode::FileDamaged).detail(error)],
    };
    match everywhere(pdf, NAMED.saturating_sub(found.len()), edges) {
        Ok(more) => found.extend(more),
        // Not all of the file can be looked at: what may act there is not known.
        Err(error) => found.push(error.to_string()),
    }
    let note = |what: String| Finding::new(FindingCode::ActiveContent).detail(what);
    found.into_iter().map(note).collect()
}

/// What the catalog starts when the file is opened, or has drawn in the place of the pages.
fn at_opening(pdf: &Pdf<'_>, catalog: &Dictionary<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let has = |[outer, inner]: [&str; 2]| {
        pdf.get(catalog, outer).is_ok_and(|value| {
            let dictionary = value.as_dictionary();
            dictionary.is_some_and(|inside| inside.get(inner).is_some())
        })
    };
    if pdf
        .get(catalog, "OpenAction")
        .is_ok_and(|action| is_active(&action))
    {
        found.push("/OpenAction".to_owned());
    }
    if has(["Names", "JavaScript"]) {
        found.push("/Names /JavaScript".to_owned());
    }
    if has(["AcroForm", "XFA"]) {
        found.push("/AcroForm /XFA".to_owned());
    }
    found
}

/// An action that does more than go to a page of this document. Destinations are
/// arrays, names and strings.
fn is_active(action: &Object<'_>) -> bool {
    action
        .as_dictionary()
        .is_some_and(|action| !action.has_name("S", "GoTo") || action.get("Next").is_some())
}

/// Scripts and additional actions of any object.
fn everywhere(pdf: &Pdf<'_>, most: usize, edges: &mut EdgeCache) -> Result<Vec<String>, PdfError> {
    let mut found = Vec::new();
    for number in pdf.numbers()? {
        if found.len() >= most {
            break;
        }
        let id = ObjectId::new(number);
        // What cannot be read is met where it matters.
        let Ok(object) = pdf.object(id) else {
            continue;
        };
        edges.learn(pdf, number, &object)?;
        if let Some(what) = acts(pdf, &object) {
            found.push(format!("{what} ({number})"));
        }
    }
    Ok(found)
}

/// What an object does by itself; its nesting is bounded by the parser.
fn acts(pdf: &Pdf<'_>, object: &Object<'_>) -> Option<&'static str> {
    if let Object::Array(items) = object {
        return items.iter().find_map(|item| acts(pdf, item));
    }
    let dictionary = object.as_dictionary()?;
    if dictionary.has_name("S", "JavaScript") {
        return Some("/JavaScript");
    }
    if has_additional_actions(pdf, dictionary) {
        return Some("/AA");
    }
    let mut values = dictionary.entries.iter().map(|entry| &entry.value);
    values.find_map(|value| acts(pdf, value))
}

/// Whether /AA holds an action (12.6.3): a resource may be named AA as well.
fn has_additional_actions(pdf: &Pdf<'_>, dictionary: &Dictionary<'_>) -> bool {
    let Ok(Object::Dictionary(actions)) = pdf.get(dictionary, "AA") else {
        return false;
    };
    actions.entries.iter().any(|entry| {
        let action = pdf.resolve(&entry.value);
        action.is_ok_and(|action| {
            let kind = action.as_dictionary().and_then(|one| one.get("S"));
            kind.is_some() && is_active(&action)
        })
    })
}
