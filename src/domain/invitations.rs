//! Invitations: a link that lets one person add his first passkey, once, for some days.
//!
//! The link's secret is known to its holder; what is kept is its SHA-256. Recovery is an
//! invitation too, after everything the person had has ended.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::ids::{InvitationId, PersonId};

/// How long an invitation can be used.
pub const INVITATION_LIFETIME: Duration = Duration::days(3);

/// One invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited. A newcomer becomes a person under this id by using it.
    pub person: PersonId,
    /// What it is for.
    pub purpose: Purpose,
    /// Who invites; the operator of the machine where it is nobody.
    pub by: Option<PersonId>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// When it lapses.
    #[serde(with = "time::serde::rfc3339")]
    pub expires: OffsetDateTime,
    /// When it was used, or a newer one took its place.
    #[serde(with = "time::serde::rfc3339::option")]
    pub spent: Option<OffsetDateTime>,
}

/// What an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The first administrator of a fresh instance, who says himself who he is.
    FirstAdministrator,
    /// A person who is registered.
    Enrolment,
    /// A person whose passkeys and key were ended because he lost them.
    Recovery,
}

impl Invitation {
    /// Whether it can be used. A clock that went back does not prolong it.
    #[must_use]
    pub fn stands(&self, now: OffsetDateTime) -> bool {
        let lifetime = self.expires - self.at;
        self.spent.is_none() && now < self.expires && now.saturating_add(lifetime) >= self.at
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);

    #[test]
    fn an_invitation_is_used_once_and_in_time() {
        let fresh = Invitation {
            id: InvitationId::new(NOW, [1; 10]),
            person: PersonId::new(NOW, [2; 10]),
            purpose: Purpose::Enrolment,
            by: None,
            at: NOW,
            expires: NOW + INVITATION_LIFETIME,
            spent: None,
        };
        assert!(fresh.stands(NOW));
        assert!(!fresh.stands(fresh.expires));
        assert!(!fresh.stands(NOW - INVITATION_LIFETIME - Duration::SECOND));
        let spent = Invitation {
            spent: Some(NOW),
            ..fresh
        };
        assert!(!spent.stands(NOW));
    }
}
