//! The words of a comparison: what is allowed, and what was found.

use std::fmt;

use super::super::signatures::FieldMdp;
use super::super::signing::DocMdp;

/// What may change after a signature.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The certification in force, if the document is certified.
    pub doc_mdp: Option<DocMdp>,
    /// The fields that are locked.
    pub locks: Vec<FieldMdp>,
}

impl Rules {
    /// Whether forms may be filled in. Without a certification they may: an
    /// approval signature alone forbids no further signatures.
    pub(super) fn allow_form_filling(&self) -> bool {
        self.doc_mdp != Some(DocMdp::NoChanges)
    }

    /// Whether annotations may be changed: only where a certification says so.
    pub(super) fn allow_annotations(&self) -> bool {
        self.doc_mdp == Some(DocMdp::Annotations)
    }

    pub(super) fn locks(&self, name: &str) -> bool {
        self.locks.iter().any(|lock| lock.locks(name))
    }
}

/// How far changes go, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModificationClass {
    /// None that counts.
    None,
    /// Validation data and document time-stamps.
    Lta,
    /// Fields filled in or signed.
    FormFilling,
    /// Annotations.
    Annotations,
    /// What no rule allows.
    Illegal,
}

/// One kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The DSS, or an entry of /Extensions.
    ValidationData,
    /// A document time-stamp was added.
    DocumentTimestamp,
    /// A date, a program or an identifier of the revision itself.
    Metadata,
    /// A field was signed, or added and signed without being seen.
    Signed,
    /// A field was added and signed, and draws on a page.
    VisibleSignature,
    /// An empty signature field that shows nothing.
    EmptyField,
    /// A field's value was changed.
    FormFilled,
    /// A field looks different while its value is the same.
    Appearance,
    /// An annotation was added or changed.
    Annotation,
    /// Something that only a looser certification would allow.
    Forbidden,
    /// A locked field.
    LockedField,
    /// Anything else.
    Illegal,
}

impl ChangeKind {
    /// How far this kind of change goes.
    #[must_use]
    pub const fn class(self) -> ModificationClass {
        match self {
            Self::ValidationData | Self::DocumentTimestamp | Self::Metadata => {
                ModificationClass::Lta
            }
            Self::Signed
            | Self::VisibleSignature
            | Self::EmptyField
            | Self::FormFilled
            | Self::Appearance => ModificationClass::FormFilling,
            Self::Annotation => ModificationClass::Annotations,
            Self::Forbidden | Self::LockedField | Self::Illegal => ModificationClass::Illegal,
        }
    }
}

/// One change and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change.
    pub kind: ChangeKind,
    /// The path from the trailer.
    pub place: String,
}

impl Change {
    /// How far a set of changes goes. Metadata that changes alone is no
    /// companion of an allowed change: nothing excuses it.
    #[must_use]
    pub fn class_of(changes: &[Self]) -> ModificationClass {
        let alone = changes.iter().all(|c| c.kind == ChangeKind::Metadata);
        if alone && !changes.is_empty() {
            return ModificationClass::Illegal;
        }
        changes
            .iter()
            .map(|change| change.kind.class())
            .max()
            .unwrap_or(ModificationClass::None)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_alone_is_excused_by_nothing() {
        let change = |kind| Change {
            kind,
            place: String::new(),
        };
        let alone = [change(ChangeKind::Metadata)];
        assert_eq!(Change::class_of(&alone), ModificationClass::Illegal);
        let together = [
            change(ChangeKind::Metadata),
            change(ChangeKind::ValidationData),
        ];
        assert_eq!(Change::class_of(&together), ModificationClass::Lta);
        assert_eq!(Change::class_of(&[]), ModificationClass::None);
    }
}
