//! Mandates (*delegasi, Plt., Plh.*): who may sign for whom, by which decree, for
//! which permit types, from when to when (Karawang 40/2017, pasal 16(1)).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::{MandateId, PersonId};
use super::permit_type::{PermitTypeCode, SignatureSlot};

/// One mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Its id.
    pub id: MandateId,
    /// Under which title it is used.
    pub kind: MandateKind,
    /// The number of the decree that gives it.
    pub decree: String,
    /// Whose right to sign it passes on.
    pub grantor: PersonId,
    /// Who holds it.
    pub holder: PersonId,
    /// Which permit types it covers.
    pub scope: Scope,
    /// From when it is in force.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The first moment at which it is no longer in force.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// When it was ended before its time.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
}

/// The title under which a mandate is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// *Pelaksana tugas*: acting, the office being vacant.
    Plt,
    /// *Pelaksana harian*: acting for some days, the holder being away.
    Plh,
    /// A delegation of certain permit types.
    Delegation,
}

/// Which permit types a mandate covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All that the grantor may sign.
    All,
    /// These.
    PermitTypes(Vec<PermitTypeCode>),
}

/// By what right a person signs: the proof that the question was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningRight {
    /// His own office.
    Own,
    /// A mandate.
    Mandate(Mandate),
}

/// A person may not sign here now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{person} may not sign documents of this type now, in his own right or by a mandate")]
pub struct NoSigningRight {
    /// The person.
    pub person: PersonId,
}

impl MandateKind {
    /// How the title is written before an office: "Plt. Kepala Dinas".
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Plt => "Plt.",
            Self::Plh => "Plh.",
            Self::Delegation => "a.n.",
        }
    }
}

impl Mandate {
    /// Whether it is in force at a moment.
    #[must_use]
    pub fn in_force(&self, at: OffsetDateTime) -> bool {
        self.from <= at && at < self.until && self.revoked_at.is_none_or(|end| at < end)
    }

    /// Whether it covers a permit type.
    #[must_use]
    pub fn covers(&self, permit_type: &PermitTypeCode) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::PermitTypes(codes) => codes.contains(permit_type),
        }
    }
}

impl SigningRight {
    /// Finds the right by which a person may sign: his own first, else a mandate
    /// of someone who may.
    ///
    /// # Errors
    /// [`NoSigningRight`] where there is none.
    pub fn find(
        person: PersonId,
        slot: &SignatureSlot,
        permit_type: &PermitTypeCode,
        mandates: &[Mandate],
        at: OffsetDateTime,
    ) -> Result<Self, NoSigningRight> {
        if slot.signatories.contains(&person) {
            return Ok(Self::Own);
        }
        mandates
            .iter()
            .find(|mandate| {
                mandate.holder == person
                    && slot.signatories.contains(&mandate.grantor)
                    && mandate.in_force(at)
                    && mandate.covers(permit_type)
            })
            .cloned()
            .map(Self::Mandate)
            .ok_or(NoSigningRight { person })
    }

    /// The mandate, where it is one.
    #[must_use]
    pub fn mandate(&self) -> Option<&Mandate> {
        match self {
            Self::Own => None,
            Self::Mandate(mandate) => Some(mandate),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::kernel::pdf::placement::Placement;

    const FROM: OffsetDateTime = datetime!(2026-11-01 00:00 UTC);
    const UNTIL: OffsetDateTime = datetime!(2026-12-01 00:00 UTC);

    fn person(n: u8) -> PersonId {
        PersonId::new(FROM, [n; 10])
    }

    fn mandate() -> Mandate {
        Mandate {
            id: MandateId::new(FROM, [9; 10]),
            kind: MandateKind::Plh,
            decree: "800/123/2026".into(),
            grantor: person(1),
            holder: person(2),
            scope: Scope::PermitTypes(vec!["SIPB".parse().unwrap()]),
            from: FROM,
            until: UNTIL,
            revoked_at: None,
        }
    }

    fn right(
        who: u8,
        permit_type: &str,
        mandate: Mandate,
        at: OffsetDateTime,
    ) -> Result<SigningRight, NoSigningRight> {
        let slot = SignatureSlot {
            field: "Signature1".into(),
            office: "Kepala Dinas".into(),
            signatories: vec![person(1)],
            placement: Placement::Invisible,
        };
        SigningRight::find(
            person(who),
            &slot,
            &permit_type.parse().unwrap(),
            &[mandate],
            at,
        )
    }

    #[test]
    fn the_office_holder_needs_no_mandate() {
        assert_eq!(right(1, "SIPP", mandate(), UNTIL), Ok(SigningRight::Own));
    }

    #[test]
    fn a_mandate_in_force_serves() {
        assert_eq!(
            right(2, "SIPB", mandate(), FROM),
            Ok(SigningRight::Mandate(mandate()))
        );
    }

    #[test]
    fn a_mandate_serves_no_other_person_type_or_time() {
        let refused = |person_number: u8| {
            Err(NoSigningRight {
                person: person(person_number),
            })
        };
        let before = FROM - time::Duration::SECOND;
        assert_eq!(right(3, "SIPB", mandate(), FROM), refused(3));
        assert_eq!(right(2, "SIPP", mandate(), FROM), refused(2));
        assert_eq!(right(2, "SIPB", mandate(), before), refused(2));
        assert_eq!(right(2, "SIPB", mandate(), UNTIL), refused(2));
        let ended = Mandate {
            revoked_at: Some(FROM),
            ..mandate()
        };
        assert_eq!(right(2, "SIPB", ended, FROM), refused(2));
        let of_a_stranger = Mandate {
            grantor: person(7),
            ..mandate()
        };
        assert_eq!(right(2, "SIPB", of_a_stranger, FROM), refused(2));
    }
}
