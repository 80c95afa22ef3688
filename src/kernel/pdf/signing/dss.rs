//! The Document Security Store (ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2):
//! certificates, OCSP responses and CRLs that validation needs later, each
//! stored once, with a VRI dictionary that names those of one signature.

use std::collections::HashMap;

use crate::kernel::hash::{HashAlgorithm, Sha256};
use crate::kernel::pdf::{Dictionary, Object, ObjectId, Pdf, PdfError, Update};

use super::form::array;

/// What a validator needs to check a signature years later, each in DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationData {
    /// Certificates (RFC 5280).
    pub certificates: Vec<Vec<u8>>,
    /// Whole OCSP responses (RFC 6960).
    pub ocsps: Vec<Vec<u8>>,
    /// CRLs (RFC 5280).
    pub crls: Vec<Vec<u8>>,
}

impl ValidationData {
    /// Adds what `other` has and this has not.
    pub fn extend(&mut self, other: Self) {
        let merge = |into: &mut Vec<Vec<u8>>, from: Vec<Vec<u8>>| {
            for item in from {
                if !into.contains(&item) {
                    into.push(item);
                }
            }
        };
        merge(&mut self.certificates, other.certificates);
        merge(&mut self.ocsps, other.ocsps);
        merge(&mut self.crls, other.crls);
    }

    /// The three lists with their keys in the DSS and in a VRI dictionary.
    fn lists(&self) -> [(&'static str, &'static str, &[Vec<u8>]); 3] {
        [
            ("Certs", "Cert", &self.certificates),
            ("OCSPs", "OCSP", &self.ocsps),
            ("CRLs", "CRL", &self.crls),
        ]
    }
}

/// The key of a signature in the VRI dictionary: SHA-1 of the value of its
/// `/Contents`, padding included, as upper-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VriKey(String);

impl VriKey {
    /// The key of a signature with these `/Contents`.
    #[must_use]
    pub fn of(contents: &[u8]) -> Self {
        Self(hex::encode_upper(HashAlgorithm::Sha1.digest(&[contents])))
    }
}

/// Adds validation data to the DSS of a document, making one where it has none.
///
/// # Errors
/// The document's own DSS cannot be read.
pub fn append_dss(
    update: &mut Update<'_>,
    data: &ValidationData,
    vri: Option<&VriKey>,
) -> Result<(), PdfError> {
    let store = store(update)?;
    let known = known(update.pdf())?;
    let mut entry = String::from("<</Type/VRI");
    for (list, vri_list, items) in data.lists() {
        let ids = put_items(update, store, list, &known, items)?;
        if !ids.is_empty() {
            entry.push_str(&format!("/{vri_list}{}", array(&ids)));
        }
    }
    entry.push_str(">>");
    if let Some(VriKey(key)) = vri {
        let entry = update.add(entry.into_bytes());
        update.set_in(store, &["VRI", key], entry.reference().as_bytes())?;
    }
    Ok(())
}

/// The object of the document's DSS; a direct one moves out of the catalog.
fn store(update: &mut Update<'_>) -> Result<ObjectId, PdfError> {
    let pdf = update.pdf();
    let catalog_id = pdf.catalog_id()?;
    let catalog = pdf.catalog()?;
    let body = match catalog
        .entry("DSS")
        .map(|entry| (&entry.value, entry.value_span))
    {
        Some((Object::Reference(id), _)) => return Ok(*id),
        Some((Object::Dictionary(_), span)) => {
            let source = pdf
                .indirect(catalog_id)?
                .map_or(&[][..], |found| found.source);
            span.of(source).to_vec()
        }
        _ => b"<</Type/DSS>>".to_vec(),
    };
    let id = update.add(body);
    update.set(catalog_id, "DSS", id.reference().as_bytes())?;
    Ok(id)
}

/// Stores what is not stored yet and gives the objects of all.
fn put_items(
    update: &mut Update<'_>,
    store: ObjectId,
    list: &str,
    known: &HashMap<Sha256, ObjectId>,
    items: &[Vec<u8>],
) -> Result<Vec<ObjectId>, PdfError> {
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let stored = known.get(&Sha256::of(item)).copied();
        ids.push(match stored {
            Some(id) => id,
            None => {
                let id = update.add_stream(b"", item, false);
                update.append(store, list, id.reference().as_bytes())?;
                id
            }
        });
    }
    Ok(ids)
}

/// The content that the document's DSS has already, by its digest.
fn known(pdf: &Pdf<'_>) -> Result<HashMap<Sha256, ObjectId>, PdfError> {
    let mut known = HashMap::new();
    let dss = pdf.get(&pdf.catalog()?, "DSS")?;
    let Some(dss) = dss.as_dictionary() else {
        return Ok(known);
    };
    for list in ["Certs", "OCSPs", "CRLs"] {
        for (digest, id) in contents(pdf, dss, list)? {
            known.insert(digest, id);
        }
    }
    Ok(known)
}

fn contents(
    pdf: &Pdf<'_>,
    dss: &Dictionary<'_>,
    list: &str,
) -> Result<Vec<(Sha256, ObjectId)>, PdfError> {
    let mut contents = Vec::new();
    let array = pdf.get(dss, list)?;
    let members = array.as_array().into_iter().flat_map(|array| array.iter());
    for id in members.filter_map(Object::as_reference) {
        if let Object::Stream(stream) = pdf.object(id)? {
            contents.push((Sha256::of(&pdf.stream_data(&stream)?), id));
        }
    }
    Ok(contents)
}
