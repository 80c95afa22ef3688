//! Content that acts (ISO 32000-2, 12.6): scripts, additional actions, actions that
//! reach outside the document or change what it shows, and moving pictures.

use super::super::error::PdfError;
use super::super::object::{Dictionary, Object, ObjectId};
use super::super::reader::Pdf;
use super::refusal::{Refusal, RefusalReason};

/// Action types that are refused (12.6.4.1, Table 201). Those that remain go to a
/// place in the document, open a web address, or turn a page.
const ACTIONS: [&str; 13] = [
    "Launch",
    "SubmitForm",
    "ImportData",
    "GoToR",
    "GoToE",
    "GoToDp",
    "Hide",
    "ResetForm",
    "SetOCGState",
    "Rendition",
    "Sound",
    "Movie",
    "RichMediaExecute",
];

/// Annotation types that play something (12.5.6.1, Table 171).
const MULTIMEDIA: [&str; 5] = ["Movie", "Sound", "Screen", "3D", "RichMedia"];

/// Refuses a dictionary that acts, or makes something act.
pub(super) fn check<'p>(
    pdf: &'p Pdf<'p>,
    id: ObjectId,
    dictionary: &Dictionary<'p>,
) -> Result<(), Refusal> {
    let refuse = |reason, detail: String| Err(Refusal::new(reason, Some(id), detail));
    if let Some(kind) = name(pdf, dictionary, "S")? {
        if kind == "JavaScript" {
            return refuse(
                RefusalReason::JavaScript,
                "an action runs JavaScript".into(),
            );
        }
        if ACTIONS.contains(&kind.as_str()) {
            let detail = format!("an action of type /{kind}");
            return refuse(RefusalReason::AdditionalActions, detail);
        }
    }
    if dictionary.get("Rect").is_some()
        && let Some(kind) = name(pdf, dictionary, "Subtype")?
        && MULTIMEDIA.contains(&kind.as_str())
    {
        let detail = format!("an annotation of type /{kind}");
        return refuse(RefusalReason::AdditionalActions, detail);
    }
    if has_additional_actions(pdf, dictionary)? {
        let detail = "an object has additional actions (/AA)".into();
        return refuse(RefusalReason::AdditionalActions, detail);
    }
    Ok(())
}

fn name<'p>(
    pdf: &'p Pdf<'p>,
    dictionary: &Dictionary<'p>,
    key: &str,
) -> Result<Option<String>, PdfError> {
    let value = pdf.get(dictionary, key)?;
    Ok(value.as_name().map(|name| name.text().into_owned()))
}

/// Whether /AA is a dictionary of actions (12.6.3). A font or an image may have the
/// resource name AA: its dictionary has no values with an action's /S.
fn has_additional_actions<'p>(
    pdf: &'p Pdf<'p>,
    dictionary: &Dictionary<'p>,
) -> Result<bool, PdfError> {
    let Object::Dictionary(actions) = pdf.get(dictionary, "AA")? else {
        return Ok(false);
    };
    for entry in &actions.entries {
        let action = pdf.resolve(&entry.value)?;
        if action
            .as_dictionary()
            .is_some_and(|action| action.get("S").is_some())
        {
            return Ok(true);
        }
    }
    Ok(false)
}
