//! Transform methods of signature reference dictionaries: DocMDP and FieldMDP
//! (ISO 32000-2, 12.8.2), and the lock of a field (12.7.5.5, Table 236).

use super::super::error::PdfError;
use super::super::object::{Dictionary, Object};
use super::super::reader::Pdf;

/// Fields that a signature locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMdp {
    /// Every field.
    All,
    /// The fields named.
    Include(Vec<String>),
    /// Every field but those named.
    Exclude(Vec<String>),
}

impl FieldMdp {
    /// Whether a field of this fully qualified name is locked. A name stands also
    /// for the fields below it.
    #[must_use]
    pub fn locks(&self, field: &str) -> bool {
        let within = |name: &String| {
            let rest = field.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        match self {
            Self::All => true,
            Self::Include(names) => names.iter().any(within),
            Self::Exclude(names) => !names.iter().any(within),
        }
    }

    /// Reads /Action and /Fields. An unknown action locks everything.
    fn read<'p>(pdf: &'p Pdf<'p>, parameters: &Dictionary<'p>) -> Result<Self, PdfError> {
        let mut names = Vec::new();
        if let Some(fields) = pdf.get(parameters, "Fields")?.as_array() {
            for field in fields.iter() {
                names.extend(pdf.resolve(field)?.as_string().map(|name| name.text()));
            }
        }
        let action = pdf.get(parameters, "Action")?;
        Ok(match action.as_name() {
            Some(action) if *action == "Include" => Self::Include(names),
            Some(action) if *action == "Exclude" => Self::Exclude(names),
            _ => Self::All,
        })
    }
}

/// The transforms of one signature.
#[derive(Default)]
pub(in crate::kernel::pdf) struct Transforms {
    pub(in crate::kernel::pdf) doc_mdp: Option<u8>,
    pub(super) field_mdp: Vec<FieldMdp>,
}

/// Reads the /Reference array of a signature dictionary (Table 256).
pub(in crate::kernel::pdf) fn read<'p>(
    pdf: &'p Pdf<'p>,
    signature: &Dictionary<'p>,
) -> Result<Transforms, PdfError> {
    let mut transforms = Transforms::default();
    let references = pdf.get(signature, "Reference")?;
    let Some(references) = references.as_array() else {
        return Ok(transforms);
    };
    for reference in references.iter() {
        let reference = pdf.resolve(reference)?;
        let Some(reference) = reference.as_dictionary() else {
            continue;
        };
        let parameters = pdf.get(reference, "TransformParams")?;
        let parameters = parameters.as_dictionary();
        let method = pdf.get(reference, "TransformMethod")?;
        match method.as_name().map(|name| name.as_bytes()) {
            Some(b"DocMDP") => {
                let written = parameters.map_or(Ok(Object::Null), |one| pdf.get(one, "P"))?;
                let level = permission(&written).unwrap_or(2);
                // Of several the strictest: none of them can have been meant to loosen.
                let known = transforms.doc_mdp.unwrap_or(level);
                transforms.doc_mdp = Some(known.min(level));
            }
            Some(b"FieldMDP") => {
                let lock = match parameters {
                    Some(parameters) => FieldMdp::read(pdf, parameters)?,
                    None => FieldMdp::All,
                };
                transforms.field_mdp.push(lock);
            }
            _ => {}
        }
    }
    Ok(transforms)
}

/// /P of DocMDP's parameters (Table 257, where its absence means 2) or of a lock
/// (Table 236, where it means nothing). What is not 1, 2 or 3 permits nothing.
fn permission(written: &Object<'_>) -> Option<u8> {
    match written {
        Object::Null => None,
        Object::Integer(2) => Some(2),
        Object::Integer(3) => Some(3),
        _ => Some(1),
    }
}

/// The /Lock of a signature field (12.7.5.5, Table 236).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLock {
    /// The fields that signing it locks.
    pub fields: FieldMdp,
    /// What the document permits once it is signed: 1, 2 or 3 as in DocMDP.
    pub permission: Option<u8>,
}

/// Reads the /Lock of a signature field.
pub(super) fn field_lock<'p>(
    pdf: &'p Pdf<'p>,
    field: &Dictionary<'p>,
) -> Result<Option<FieldLock>, PdfError> {
    let lock = pdf.get(field, "Lock")?;
    let Some(lock) = lock.as_dictionary() else {
        return Ok(None);
    };
    Ok(Some(FieldLock {
        fields: FieldMdp::read(pdf, lock)?,
        permission: permission(&pdf.get(lock, "P")?),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lock_what_is_below_them() {
        let include = FieldMdp::Include(vec!["a.b".into()]);
        assert!(include.locks("a.b") && include.locks("a.b.c"));
        assert!(!include.locks("a") && !include.locks("a.bc"));
        let exclude = FieldMdp::Exclude(vec!["a".into()]);
        assert!(!exclude.locks("a.x") && exclude.locks("b"));
        assert!(FieldMdp::All.locks("x"));
    }
}
