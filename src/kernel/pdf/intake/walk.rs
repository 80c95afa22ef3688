//! Every object of a file, read once and looked into.
//!
//! Objects that nothing refers to are looked into as well: what another reader
//! would reach is not known here.

use super::super::error::PdfError;
use super::super::object::{Dictionary, Object, ObjectId, Stream};
use super::super::reader::Pdf;
use super::super::xref::XrefEntry;
use super::active;
use super::refusal::{Refusal, RefusalReason};

/// Refuses a file for what any of its objects is.
pub(super) fn check_objects<'p>(pdf: &'p Pdf<'p>) -> Result<(), Refusal> {
    for number in pdf.numbers()? {
        let Some(id) = in_use(pdf, number)? else {
            continue;
        };
        let object = pdf.object(id)?;
        if let Object::Stream(stream) = &object {
            check_stream(pdf, id, stream)?;
        }
        check_value(pdf, id, &object)?;
    }
    Ok(())
}

fn in_use(pdf: &Pdf<'_>, number: u32) -> Result<Option<ObjectId>, PdfError> {
    Ok(match pdf.entry(number)? {
        XrefEntry::Free => None,
        XrefEntry::InFile { generation, .. } => Some(ObjectId { number, generation }),
        XrefEntry::Compressed { .. } => Some(ObjectId::new(number)),
    })
}

/// Looks into everything that is nested in an object. The parser bounds the depth.
fn check_value<'p>(pdf: &'p Pdf<'p>, id: ObjectId, value: &Object<'p>) -> Result<(), Refusal> {
    match value {
        Object::Array(array) => array.iter().try_for_each(|item| check_value(pdf, id, item)),
        Object::Dictionary(dictionary) => check_dictionary(pdf, id, dictionary),
        Object::Stream(stream) => check_dictionary(pdf, id, &stream.dictionary),
        _ => Ok(()),
    }
}

fn check_dictionary<'p>(
    pdf: &'p Pdf<'p>,
    id: ObjectId,
    dictionary: &Dictionary<'p>,
) -> Result<(), Refusal> {
    active::check(pdf, id, dictionary)?;
    let mut values = dictionary.entries.iter().map(|entry| &entry.value);
    values.try_for_each(|value| check_value(pdf, id, value))
}

/// Refuses data from elsewhere (ISO 32000-2, 7.3.8.2 and 8.10.4), and a stream that
/// inflates beyond what the limits leave.
fn check_stream<'p>(pdf: &'p Pdf<'p>, id: ObjectId, stream: &Stream<'p>) -> Result<(), Refusal> {
    let dictionary = &stream.dictionary;
    let external = if dictionary.get("F").is_some() {
        Some("the data of the stream is in another file (/F)")
    } else if dictionary.has_name("Subtype", "Form") && dictionary.get("Ref").is_some() {
        Some("the form shows a page of another file (/Ref)")
    } else {
        None
    };
    if let Some(detail) = external {
        return Err(Refusal::new(
            RefusalReason::ExternalStream,
            Some(id),
            detail,
        ));
    }
    // These two were decoded when the file was read.
    let counted = dictionary.has_name("Type", "XRef") || dictionary.has_name("Type", "ObjStm");
    if !counted {
        pdf.measure(stream).map_err(|error| error.within(id))?;
    }
    Ok(())
}
