//! Invitations: made by administrators or at the machine itself, used once.

use super::{Entry, EntryError, Token};
use crate::domain::accounts::{Person, Role};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{InvitationId, PersonId};
use crate::domain::invitations::{INVITATION_LIFETIME, Invitation, Purpose};
use crate::services::error::ServiceError;
use crate::services::ports::{Changes, EntryWrite};

/// An invitation that can be used, and who is invited: nobody yet where the first administrator
/// is.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Who is invited.
    pub person: Option<Person>,
}

impl Entry {
    /// Invites a person who has no passkey. Earlier invitations of his end. The link is shown to
    /// no one again.
    ///
    /// # Errors
    /// He has a passkey, which adds further ones; or may not act.
    pub async fn invite(&self, by: Actor, person: &Person) -> Result<String, ServiceError> {
        if !person.active {
            return Err(EntryError::Rule("the person's access has ended").into());
        }
        if !self.standing(&person.id).await?.is_empty() {
            let rule =
                "the person has a passkey: it adds further ones, or the account is recovered";
            return Err(EntryError::Rule(rule).into());
        }
        self.made(by, person.id, Purpose::Enrolment).await
    }

    /// Invites the first administrator of an instance that has none; `None` where there is one.
    ///
    /// # Errors
    /// The store's.
    pub async fn invite_first(&self) -> Result<Option<String>, ServiceError> {
        if self.has_administrator().await? {
            return Ok(None);
        }
        // The same id each time, so that a newer link ends those before it.
        let person = PersonId::new(time::OffsetDateTime::UNIX_EPOCH, [0; 10]);
        let link = self.made(Actor::Operator, person, Purpose::FirstAdministrator);
        link.await.map(Some)
    }

    async fn has_administrator(&self) -> Result<bool, ServiceError> {
        let people = self.store.people().await?;
        Ok(people.iter().any(|one| one.is(Role::Administrator)))
    }

    async fn made(
        &self,
        by: Actor,
        person: PersonId,
        purpose: Purpose,
    ) -> Result<String, ServiceError> {
        let (at, token) = (self.now(), Token::from_random(self.random()?));
        let invitation = Invitation {
            id: InvitationId::new(at, self.random()?),
            person,
            purpose,
            by: match by {
                Actor::Person(id) => Some(id),
                _ => None,
            },
            at,
            expires: at + INVITATION_LIFETIME,
            spent: None,
        };
        let subject = match purpose {
            Purpose::FirstAdministrator => Subject::Instance,
            _ => Subject::Person(person),
        };
        let event = Event::new(at, by, Act::InvitationMade, subject)
            .with("invitation", invitation.id.to_string());
        let changes = Changes::new()
            .with(EntryWrite::AddInvitation(invitation, token.hash()).into())
            .event(&event, &*self.entropy)?;
        self.store.commit(changes).await?;
        // After the hash sign: it reaches no server, no log and no preview before it is used.
        Ok(format!(
            "{}/console/enrol#{}",
            self.place.url,
            token.reveal()
        ))
    }

    /// What a link's secret invites to.
    ///
    /// # Errors
    /// [`EntryError::Invitation`].
    pub async fn invited(&self, token: &str) -> Result<Invited, ServiceError> {
        let token = Token::presented(token).ok_or(EntryError::Invitation)?;
        let invitation = self.store.invitation_by_token(&token.hash()).await?;
        let invitation = invitation.filter(|one| one.stands(self.now()));
        let invitation = invitation.ok_or(EntryError::Invitation)?;
        let person = match invitation.purpose {
            Purpose::FirstAdministrator if self.has_administrator().await? => {
                return Err(EntryError::Invitation.into());
            }
            Purpose::FirstAdministrator => None,
            _ => {
                let person = self.store.person(&invitation.person).await?;
                let person = person.filter(|person| person.active);
                Some(person.ok_or(EntryError::Invitation)?)
            }
        };
        Ok(Invited { invitation, person })
    }
}
