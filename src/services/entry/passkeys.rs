//! Using a passkey: to open a session, to prove oneself again.

use super::enrolment::prf_salt;
use super::wire::{Asked, Octets, UseOptions};
use super::{Answer, Entry, EntryError, Token};
use crate::domain::accounts::Person;
use crate::domain::approval::Approval;
use crate::domain::ceremonies::{CEREMONY_LIFETIME, Ceremony, Ritual};
use crate::domain::credentials::Credential;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{CeremonyId, PersonId};
use crate::domain::sessions::Session;
use crate::kernel::hash::Sha256;
use crate::kernel::webauthn::{KnownCredential, verify_assertion};
use crate::services::error::ServiceError;
use crate::services::ports::{Changes, EntryWrite};

/// A passkey that answered as it should.
#[derive(Debug)]
pub(in crate::services) struct Proven {
    /// Whose it is.
    pub(in crate::services) person: Person,
    /// The passkey, with what is new about it.
    pub(in crate::services) credential: Credential,
    /// Its counter before.
    before: u32,
}

impl Proven {
    /// What is written of it: refused where the passkey was used meanwhile, or ended.
    pub(in crate::services) fn changes(&self) -> Changes {
        let used = EntryWrite::UseCredential(Box::new(self.credential.clone()), self.before);
        Changes::new().with(used.into())
    }
}

impl Entry {
    /// Asks whoever comes to prove himself with any passkey of this office.
    ///
    /// # Errors
    /// The store's.
    pub async fn ask_sign_in(&self) -> Result<Asked<UseOptions>, ServiceError> {
        self.ask_use(Ritual::SignIn, &[], None).await
    }

    /// Opens a session for who answered.
    ///
    /// # Errors
    /// [`EntryError`]: nobody gets in.
    pub async fn sign_in(
        &self,
        ceremony: CeremonyId,
        answer: &Answer,
    ) -> Result<(Token, Person), ServiceError> {
        let ceremony = self.taken(ceremony).await?;
        if ceremony.purpose != Ritual::SignIn {
            return Err(EntryError::Lapsed.into());
        }
        let proven = self.proven(&ceremony.challenge, answer).await?;
        let (token, opened) = self.opened(&proven.person, &proven.credential.id)?;
        self.store.commit(proven.changes().and(opened)).await?;
        Ok((token, proven.person))
    }

    /// Asks who is signed in to prove himself again, with one of his own passkeys.
    ///
    /// # Errors
    /// The store's.
    pub async fn ask_proof(&self, session: &Session) -> Result<Asked<UseOptions>, ServiceError> {
        let own = self.standing(&session.person).await?;
        let ritual = Ritual::Proof {
            session: session.id,
        };
        self.ask_use(ritual, &own, None).await
    }

    /// Notes that he did.
    ///
    /// # Errors
    /// [`EntryError`]: the session stays as it was.
    pub async fn prove(
        &self,
        session: &Session,
        ceremony: CeremonyId,
        answer: &Answer,
    ) -> Result<(), ServiceError> {
        let ceremony = self.taken(ceremony).await?;
        let wanted = Ritual::Proof {
            session: session.id,
        };
        if ceremony.purpose != wanted {
            return Err(EntryError::Lapsed.into());
        }
        let proven = self.proven(&ceremony.challenge, answer).await?;
        if proven.person.id != session.person {
            return Err(EntryError::UnknownPasskey.into());
        }
        let (at, actor) = (self.now(), Actor::Person(session.person));
        let event = Event::new(
            at,
            actor,
            Act::SessionProven,
            Subject::Person(session.person),
        )
        .with("credential", proven.credential.id.to_string())
        .with("session", session.id.to_string());
        let changes = proven
            .changes()
            .with(EntryWrite::ProveSession(session.id, at).into())
            .event(&event, &*self.entropy)?;
        Ok(self.store.commit(changes).await?)
    }

    /// How a signatory's passkeys are asked for an approval: its challenge is theirs.
    ///
    /// # Errors
    /// The store's.
    pub async fn approval_options(
        &self,
        person: &Person,
        approval: &Approval,
    ) -> Result<UseOptions, ServiceError> {
        let own = self.standing(&person.id).await?;
        Ok(UseOptions {
            rp_id: self.place.relying_party().id.to_owned(),
            challenge: Octets(approval.challenge().as_bytes().to_vec()),
            allow: own.iter().map(|one| one.id.clone()).collect(),
            prf: Some(Octets(prf_salt(&person.id).as_bytes().to_vec())),
            timeout: patience(),
        })
    }

    /// A person's passkeys that open something.
    ///
    /// # Errors
    /// The store's.
    pub async fn standing(&self, person: &PersonId) -> Result<Vec<Credential>, ServiceError> {
        let mut all = self.store.credentials_of(person).await?;
        all.retain(Credential::stands);
        Ok(all)
    }

    /// Checks an answer to a challenge: whose passkey it is, and that it holds.
    pub(in crate::services) async fn proven(
        &self,
        challenge: &[u8],
        answer: &Answer,
    ) -> Result<Proven, ServiceError> {
        let known = self.store.credential(&answer.id).await?;
        let known = known.filter(Credential::stands);
        let known = known.ok_or(EntryError::UnknownPasskey)?;
        let person = self.store.person(&known.person).await?;
        let person = person.filter(|person| person.active);
        let person = person.ok_or(EntryError::UnknownPasskey)?;
        let owner = known.person.to_bytes();
        if answer.user.as_ref().is_some_and(|user| user.0 != owner) {
            return Err(EntryError::UnknownPasskey.into());
        }
        let before = known.sign_count;
        let credential = self.used(challenge, known, answer)?;
        Ok(Proven {
            person,
            credential,
            before,
        })
    }

    /// The passkey as it is after an answer that holds.
    pub(super) fn used(
        &self,
        challenge: &[u8],
        known: Credential,
        answer: &Answer,
    ) -> Result<Credential, EntryError> {
        let facts = KnownCredential {
            public_key: &known.public_key,
            sign_count: known.sign_count,
            backup_eligible: known.backup_eligible,
        };
        let party = self.place.relying_party();
        let used = verify_assertion(party, challenge, facts, &answer.assertion())?;
        Ok(Credential {
            sign_count: used.sign_count,
            backed_up: used.backed_up,
            used: self.now(),
            ..known
        })
    }

    pub(super) async fn ask_use(
        &self,
        ritual: Ritual,
        allowed: &[Credential],
        prf: Option<Sha256>,
    ) -> Result<Asked<UseOptions>, ServiceError> {
        let ceremony = self.ceremony(ritual)?;
        let options = UseOptions {
            rp_id: self.place.relying_party().id.to_owned(),
            challenge: Octets(ceremony.challenge.to_vec()),
            allow: allowed.iter().map(|one| one.id.clone()).collect(),
            prf: prf.map(|salt| Octets(salt.as_bytes().to_vec())),
            timeout: patience(),
        };
        self.begin(ceremony, options).await
    }

    pub(super) fn ceremony(&self, purpose: Ritual) -> Result<Ceremony, ServiceError> {
        let at = self.now();
        Ok(Ceremony {
            id: CeremonyId::new(at, self.random()?),
            challenge: self.random()?,
            purpose,
            expires: at + CEREMONY_LIFETIME,
        })
    }

    pub(super) async fn begin<T>(
        &self,
        ceremony: Ceremony,
        options: T,
    ) -> Result<Asked<T>, ServiceError> {
        let id = ceremony.id;
        let changes = Changes::new().with(EntryWrite::AddCeremony(ceremony).into());
        self.store.commit(changes).await?;
        Ok(Asked {
            ceremony: id,
            options,
        })
    }

    /// The ceremony that is answered: taken away whatever comes of the answer.
    pub(super) async fn taken(&self, id: CeremonyId) -> Result<Ceremony, ServiceError> {
        let taken = self.store.take_ceremony(&id).await?;
        let standing = taken.filter(|one| one.stands(self.now()));
        standing.ok_or_else(|| EntryError::Lapsed.into())
    }
}

/// What the browser is told about a ceremony's lifetime, in milliseconds.
pub(super) fn patience() -> u64 {
    u64::try_from(CEREMONY_LIFETIME.whole_milliseconds()).unwrap_or_default()
}
