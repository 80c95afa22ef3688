//! Adding a passkey: it is made, and then used once before it counts. The first use shows that
//! it works, and whether it gives PRF outputs, which many authenticators do not tell when they
//! make one.

use super::passkeys::patience;
use super::wire::{Asked, CreationOptions, Octets, RelyingPartyEntity, UseOptions, UserEntity};
use super::{Answer, Creation, Entry, EntryError, Token};
use crate::domain::accounts::{Person, Role};
use crate::domain::ceremonies::{Made, Newcomer, Right, Ritual};
use crate::domain::credentials::{AddedBy, Credential, CredentialId, label};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{CeremonyId, PersonId};
use crate::domain::invitations::Purpose;
use crate::domain::sessions::Session;
use crate::kernel::hash::Sha256;
use crate::kernel::webauthn::{CoseKey, verify_registration};
use crate::services::error::ServiceError;
use crate::services::ports::{Changes, EntryWrite, UnlockSecret, Write};

/// Who added a passkey.
#[derive(Debug)]
pub struct Enrolled {
    /// Who.
    pub person: Person,
    /// The new passkey.
    pub credential: Credential,
    /// A session, where an invitation was used.
    pub session: Option<Token>,
}

impl Entry {
    /// Asks the holder of a link to make his first passkey. The first administrator says who he
    /// is: his name and the office he holds.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn ask_first(
        &self,
        token: &str,
        introduces: Option<(String, String)>,
    ) -> Result<Asked<CreationOptions>, ServiceError> {
        let invited = self.invited(token).await?;
        let (name, introduces) = match (invited.person, introduces) {
            (Some(person), None) => (person.name, None),
            (None, Some((name, office))) => {
                let said = label(&name).zip(label(&office));
                let said = said.ok_or(EntryError::Rule("a name and an office are needed"))?;
                (said.0.clone(), Some(said))
            }
            _ => return Err(EntryError::Invitation.into()),
        };
        let invitation = invited.invitation;
        let person = match invitation.purpose {
            Purpose::FirstAdministrator => PersonId::new(self.now(), self.random()?),
            _ => invitation.person,
        };
        let newcomer = Newcomer {
            person,
            introduces,
            by: Right::Invitation(invitation.id),
        };
        self.ask_creation(newcomer, name, &[]).await
    }

    /// Asks who is signed in, and has just proved himself, to make another passkey.
    ///
    /// # Errors
    /// The store's.
    pub async fn ask_further(
        &self,
        person: &Person,
        session: &Session,
    ) -> Result<Asked<CreationOptions>, ServiceError> {
        let newcomer = Newcomer {
            person: person.id,
            introduces: None,
            by: Right::Session(session.id, session.credential.clone()),
        };
        let own = self.standing(&person.id).await?;
        self.ask_creation(newcomer, person.name.clone(), &own).await
    }

    async fn ask_creation(
        &self,
        newcomer: Newcomer,
        name: String,
        own: &[Credential],
    ) -> Result<Asked<CreationOptions>, ServiceError> {
        let user = newcomer.person.to_bytes().to_vec();
        let ceremony = self.ceremony(Ritual::Creation(newcomer))?;
        let options = CreationOptions {
            rp: RelyingPartyEntity {
                id: self.place.relying_party().id.to_owned(),
                name: self.place.office.clone(),
            },
            user: UserEntity {
                id: Octets(user),
                name,
            },
            challenge: Octets(ceremony.challenge.to_vec()),
            algorithms: CoseKey::ALGORITHMS.to_vec(),
            exclude: own.iter().map(|one| one.id.clone()).collect(),
            timeout: patience(),
        };
        self.begin(ceremony, options).await
    }

    /// Takes what was made, and asks for its first use; tells whose it will be.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn made_passkey(
        &self,
        ceremony: CeremonyId,
        creation: &Creation,
        called: &str,
    ) -> Result<(Asked<UseOptions>, PersonId), ServiceError> {
        let ceremony = self.taken(ceremony).await?;
        let Ritual::Creation(newcomer) = ceremony.purpose else {
            return Err(EntryError::Lapsed.into());
        };
        let party = self.place.relying_party();
        let made = verify_registration(party, &ceremony.challenge, &creation.registration());
        let made = made.map_err(EntryError::from)?;
        let id = CredentialId::new(&made.id).map_err(|_| EntryError::UnknownPasskey)?;
        if id != creation.id || self.store.credential(&id).await?.is_some() {
            return Err(EntryError::KnownPasskey.into());
        }
        let made = Made {
            id,
            public_key: made.public_key,
            sign_count: made.sign_count,
            backup_eligible: made.backup_eligible,
            backed_up: made.backed_up,
            label: label(called).unwrap_or_else(|| "Passkey".to_owned()),
        };
        let salt = prf_salt(&newcomer.person);
        let candidate = self.candidate(&newcomer, &made, false);
        let person = newcomer.person;
        let ritual = Ritual::FirstUse {
            newcomer,
            made: Box::new(made),
        };
        let asked = self.ask_use(ritual, &[candidate], Some(salt)).await?;
        Ok((asked, person))
    }

    /// Adds the passkey that was made and has now been used. An invitation is spent and opens a
    /// session. `prf`: whether the first use gave a PRF output.
    ///
    /// # Errors
    /// [`EntryError`]: nothing was added.
    pub async fn enrol(
        &self,
        session: Option<&Session>,
        ceremony: CeremonyId,
        answer: &Answer,
        (prf, secret): (bool, Option<&UnlockSecret>),
    ) -> Result<Enrolled, ServiceError> {
        let ceremony = self.taken(ceremony).await?;
        let Ritual::FirstUse { newcomer, made } = ceremony.purpose else {
            return Err(EntryError::Lapsed.into());
        };
        if answer.id != made.id {
            return Err(EntryError::UnknownPasskey.into());
        }
        let candidate = self.candidate(&newcomer, &made, prf);
        let credential = self.used(&ceremony.challenge, candidate, answer)?;
        let (person, changes) = self.joined(&newcomer, session).await?;
        let write = EntryWrite::AddCredential(Box::new(credential.clone()));
        let changes = changes
            .with(write.into())
            .event(&added_event(&credential), &*self.entropy)?
            .and(self.first_key(&person, secret).await?);
        let (token, changes) = match newcomer.by {
            Right::Invitation(_) => {
                let (token, opened) = self.opened(&person, &credential.id)?;
                (Some(token), changes.and(opened))
            }
            Right::Session(..) => (None, changes),
        };
        self.store.commit(changes).await?;
        Ok(Enrolled {
            person,
            credential,
            session: token,
        })
    }

    /// Whether a person's key is to be made when he enrols: he signs and has none, and the
    /// issuing key is at hand.
    ///
    /// # Errors
    /// The store's.
    pub async fn needs_key(&self, person: &PersonId) -> Result<bool, ServiceError> {
        if !self.keys.as_ref().is_some_and(|keys| keys.makes()) {
            return Ok(false);
        }
        let known = self.store.person(person).await?;
        let signs = known.is_some_and(|person| person.is(Role::Signatory));
        Ok(signs && self.store.key_in_use(person).await?.is_none())
    }

    /// A signatory's key, made, sealed under what he gave and certified; nothing where he needs
    /// none.
    async fn first_key(
        &self,
        person: &Person,
        secret: Option<&UnlockSecret>,
    ) -> Result<Changes, ServiceError> {
        let changes = Changes::new();
        let keys = self.keys.as_ref();
        let Some(keys) = keys.filter(|keys| keys.makes()) else {
            return Ok(changes);
        };
        if !self.needs_key(&person.id).await? {
            return Ok(changes);
        }
        let secret = secret.ok_or(EntryError::Rule("a signatory's key needs what seals it"))?;
        let made = keys.make(person, secret).await;
        let made = made.map_err(|error| ServiceError::Unavailable(error.to_string()))?;
        let (actor, subject) = (Actor::Person(person.id), Subject::Person(person.id));
        let event = Event::new(self.now(), actor, Act::KeyEnrolled, subject)
            .with("certificate", made.record.fingerprint().to_string())
            .with("kind", made.record.kind.as_str());
        let event = match &made.copy {
            Some(copy) => event.with("credential", copy.credential.to_string()),
            None => event,
        };
        let changes = changes.with(Write::SaveKey(made.record));
        let changes = match made.copy {
            Some(copy) => changes.with(EntryWrite::AddKeyCopy(copy).into()),
            None => changes,
        };
        Ok(changes.event(&event, &*self.entropy)?)
    }

    fn candidate(&self, newcomer: &Newcomer, made: &Made, prf: bool) -> Credential {
        let at = self.now();
        Credential {
            id: made.id.clone(),
            person: newcomer.person,
            public_key: made.public_key.clone(),
            sign_count: made.sign_count,
            backup_eligible: made.backup_eligible,
            backed_up: made.backed_up,
            prf,
            label: made.label.clone(),
            added: at,
            added_by: match &newcomer.by {
                Right::Invitation(invitation) => AddedBy::Invitation {
                    invitation: *invitation,
                },
                Right::Session(_, credential) => AddedBy::Passkey {
                    credential: credential.clone(),
                },
            },
            used: at,
            ended: None,
        }
    }

    /// Who adds the passkey, and what is written so that he may.
    async fn joined(
        &self,
        newcomer: &Newcomer,
        session: Option<&Session>,
    ) -> Result<(Person, Changes), ServiceError> {
        let changes = match &newcomer.by {
            Right::Invitation(id) => {
                Changes::new().with(EntryWrite::SpendInvitation(*id, self.now()).into())
            }
            Right::Session(id, _) if session.is_some_and(|one| one.id == *id) => Changes::new(),
            Right::Session(..) => return Err(EntryError::Lapsed.into()),
        };
        let Some((name, office)) = &newcomer.introduces else {
            let person = self.store.person(&newcomer.person).await?;
            let person = person.filter(|person| person.active);
            return Ok((person.ok_or(EntryError::Invitation)?, changes));
        };
        let person = Person {
            id: newcomer.person,
            name: name.clone(),
            office: office.clone(),
            rank: None,
            nip: None,
            roles: vec![Role::Administrator],
            active: true,
        };
        let subject = Subject::Person(person.id);
        let event = Event::new(self.now(), Actor::Operator, Act::PersonSaved, subject)
            .with("active", true)
            .with("new_key", false)
            .with("roles", Role::Administrator.name());
        let changes = changes
            .with(Write::SavePerson(person.clone(), None))
            .event(&event, &*self.entropy)?;
        Ok((person, changes))
    }
}

/// What a person's passkeys evaluate: the same for all of them, since each answers differently.
pub(in crate::services) fn prf_salt(person: &PersonId) -> Sha256 {
    Sha256::of_parts(&[b"absah prf salt v1\n", &person.to_bytes()])
}

fn added_event(credential: &Credential) -> Event {
    let actor = Actor::Person(credential.person);
    let subject = Subject::Person(credential.person);
    let event = Event::new(credential.added, actor, Act::PasskeyAdded, subject)
        .with("backed_up", credential.backed_up)
        .with("backup_eligible", credential.backup_eligible)
        .with("credential", credential.id.to_string())
        .with("prf", credential.prf)
        .with("public_key", hex::encode(&credential.public_key));
    match &credential.added_by {
        AddedBy::Invitation { invitation } => event.with("invitation", invitation.to_string()),
        AddedBy::Passkey { credential } => event.with("added_with", credential.to_string()),
    }
}
