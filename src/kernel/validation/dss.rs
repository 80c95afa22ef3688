//! The document security store as a source of certificates and revocation data
//! (EN 319 142-1, 5.4.2), with the place of each object in the file: what lies
//! before a document time-stamp is proven by it.

use std::collections::HashSet;

use super::evidence::Evidence;
use crate::kernel::pdf::{Dictionary, Object, ObjectId, Pdf, PdfError};

/// The arrays of the store, and what they are called in /VRI.
const KINDS: [(&str, &str, Kind); 3] = [
    ("Certs", "Cert", Kind::Certificate),
    ("OCSPs", "OCSP", Kind::Ocsp),
    ("CRLs", "CRL", Kind::Crl),
];

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Certificate,
    Ocsp,
    Crl,
}

/// Takes what the store holds, entries of /VRI included. What cannot be read is
/// skipped: a validation without it says what is missing.
///
/// # Errors
/// The catalog or the store itself cannot be read.
pub(super) fn collect(pdf: &Pdf<'_>, evidence: &mut Evidence) -> Result<(), PdfError> {
    let store = pdf.get(&pdf.catalog()?, "DSS")?;
    let Some(store) = store.as_dictionary() else {
        return Ok(());
    };
    let mut seen = HashSet::new();
    for (global, _, kind) in KINDS {
        list(pdf, store, global, kind, (evidence, &mut seen))?;
    }
    let related = pdf.get(store, "VRI")?;
    for entry in related.as_dictionary().map_or(&[][..], |vri| &vri.entries) {
        let value = pdf.resolve(&entry.value)?;
        if let Some(information) = value.as_dictionary() {
            for (_, related, kind) in KINDS {
                list(pdf, information, related, kind, (evidence, &mut seen))?;
            }
        }
    }
    Ok(())
}

fn list(
    pdf: &Pdf<'_>,
    dictionary: &Dictionary<'_>,
    key: &str,
    kind: Kind,
    // What /VRI names stands in the store's own arrays as well.
    (evidence, seen): (&mut Evidence, &mut HashSet<(Kind, ObjectId)>),
) -> Result<(), PdfError> {
    let Some(array) = dictionary.get(key) else {
        return Ok(());
    };
    let array = match array {
        Object::Reference(id) => pdf.object(*id)?,
        other => other.clone(),
    };
    let items = array.as_array().map_or(&[][..], |array| &array.items);
    for item in items {
        if let Object::Reference(id) = item.value
            && seen.insert((kind, id))
            && let Ok(Object::Stream(stream)) = pdf.object(id)
            && let Ok(data) = pdf.stream_data(&stream)
        {
            let end = stream.data_span.end;
            match kind {
                Kind::Certificate => evidence.certificate_der(&data, end),
                Kind::Ocsp => evidence.ocsp(&data, Some(end)),
                Kind::Crl => evidence.crl(&data, Some(end)),
            }
        }
    }
    Ok(())
}
