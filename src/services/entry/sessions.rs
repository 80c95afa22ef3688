//! Sessions: opened by who proved himself with a passkey, looked up by their cookie.

use time::Duration;

use super::{Entry, Token};
use crate::domain::accounts::Person;
use crate::domain::credentials::CredentialId;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::SessionId;
use crate::domain::sessions::Session;
use crate::services::error::ServiceError;
use crate::services::ports::{Changes, EntryWrite};

/// How exactly it is known when a session was last used: a write a minute, not one for
/// each page.
const SEEN_EVERY: Duration = Duration::minutes(1);

impl Entry {
    /// Whose session a cookie is, if it stands and its owner may still act. Notes that it is
    /// being used.
    ///
    /// # Errors
    /// The store's.
    pub async fn authenticate(
        &self,
        cookie: &Token,
    ) -> Result<Option<(Person, Session)>, ServiceError> {
        let session = self.store.session_by_token(&cookie.hash()).await?;
        let now = self.now();
        let Some(session) = session.filter(|session| session.stands(&self.limits, now)) else {
            return Ok(None);
        };
        let person = self.store.person(&session.person).await?;
        let Some(person) = person.filter(|person| person.active) else {
            return Ok(None);
        };
        if now - session.seen >= SEEN_EVERY {
            self.store.see_session(&session.id, now).await?;
        }
        Ok(Some((person, session)))
    }

    /// Whether a session's owner proved himself so lately that a sensitive act needs no other
    /// proof.
    #[must_use]
    pub fn is_proven(&self, session: &Session) -> bool {
        session.is_proven(&self.limits, self.now())
    }

    /// Ends a session: its owner leaves.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_session(&self, session: &Session) -> Result<(), ServiceError> {
        let (at, actor) = (self.now(), Actor::Person(session.person));
        let event = Event::new(
            at,
            actor,
            Act::SessionEnded,
            Subject::Person(session.person),
        )
        .with("session", session.id.to_string());
        let changes = Changes::new()
            .with(EntryWrite::EndSession(session.id, at).into())
            .event(&event, &*self.entropy)?;
        Ok(self.store.commit(changes).await?)
    }

    /// A new session of who has just proved himself, and what is written for it.
    pub(super) fn opened(
        &self,
        person: &Person,
        credential: &CredentialId,
    ) -> Result<(Token, Changes), ServiceError> {
        let (at, token) = (self.now(), Token::from_random(self.random()?));
        let session = Session {
            id: SessionId::new(at, self.random()?),
            person: person.id,
            credential: credential.clone(),
            opened: at,
            seen: at,
            proven: at,
            ended: None,
        };
        let actor = Actor::Person(person.id);
        let event = Event::new(at, actor, Act::SessionOpened, Subject::Person(person.id))
            .with("credential", credential.to_string())
            .with("session", session.id.to_string());
        let changes = Changes::new()
            .with(EntryWrite::AddSession(session, token.hash()).into())
            .event(&event, &*self.entropy)?;
        Ok((token, changes))
    }
}
