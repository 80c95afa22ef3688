//! People and clients: registered, given a new key, switched off.

use super::{Administration, AdministrationError, ApiKey};
use crate::domain::accounts::{Client, Person, Role};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{ClientId, PersonId};
use crate::domain::permit_type::PermitTypeCode;
use crate::kernel::hash::Sha256;
use crate::services::ports::Write;

/// A permit system to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What it is called.
    pub name: String,
    /// The permit types it may submit; none named, all.
    pub permit_types: Vec<PermitTypeCode>,
}

/// A person to be registered.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The name as printed, with academic titles.
    pub name: String,
    /// The office held.
    pub office: String,
    /// The rank.
    pub rank: Option<String>,
    /// The civil servant's number.
    pub nip: Option<String>,
    /// What he may do.
    pub roles: Vec<Role>,
}

impl Administration {
    /// Registers a client. The key is shown to no one again.
    ///
    /// # Errors
    /// A permit type is not there, or the register cannot be written.
    pub async fn add_client(
        &self,
        actor: Actor,
        new: NewClient,
    ) -> Result<(Client, ApiKey), AdministrationError> {
        for code in &new.permit_types {
            self.permit_type(code).await?;
        }
        let client = Client {
            id: ClientId::new(self.now(), self.random()?),
            name: printable("name", new.name)?,
            permit_types: new.permit_types,
            active: true,
        };
        let key = ApiKey::from_random(self.random()?);
        self.save_client(actor, &client, Some(key.hash())).await?;
        Ok((client, key))
    }

    /// Gives a client another key; the former one ends.
    ///
    /// # Errors
    /// There is no such client, or the register cannot be written.
    pub async fn new_client_key(
        &self,
        actor: Actor,
        id: ClientId,
    ) -> Result<ApiKey, AdministrationError> {
        let client = self.client(id).await?;
        let key = ApiKey::from_random(self.random()?);
        self.save_client(actor, &client, Some(key.hash())).await?;
        Ok(key)
    }

    /// Switches a client on or off.
    ///
    /// # Errors
    /// There is no such client, or the register cannot be written.
    pub async fn switch_client(
        &self,
        actor: Actor,
        id: ClientId,
        active: bool,
    ) -> Result<Client, AdministrationError> {
        let client = Client {
            active,
            ..self.client(id).await?
        };
        self.save_client(actor, &client, None).await?;
        Ok(client)
    }

    /// All clients, by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn clients(&self) -> Result<Vec<Client>, AdministrationError> {
        Ok(self.store.clients().await?)
    }

    /// The client of an id or a name.
    ///
    /// # Errors
    /// There is none, or more than one of that name.
    pub async fn find_client(&self, name: &str) -> Result<Client, AdministrationError> {
        let clients = self.store.clients().await?;
        let fits = |client: &Client| client.name == name || client.id.to_string() == name;
        only(clients, "client", name, fits)
    }

    /// Registers a person. The key is shown to no one again.
    ///
    /// # Errors
    /// A text is not printable, or the register cannot be written.
    pub async fn add_person(
        &self,
        actor: Actor,
        new: NewPerson,
    ) -> Result<(Person, ApiKey), AdministrationError> {
        let person = Person {
            id: PersonId::new(self.now(), self.random()?),
            name: printable("name", new.name)?,
            office: printable("office", new.office)?,
            rank: new.rank.map(|rank| printable("rank", rank)).transpose()?,
            nip: new.nip.map(|nip| printable("nip", nip)).transpose()?,
            roles: new.roles,
            active: true,
        };
        let key = ApiKey::from_random(self.random()?);
        self.save_person(actor, &person, Some(key.hash())).await?;
        Ok((person, key))
    }

    /// Gives a person another key; the former one ends.
    ///
    /// # Errors
    /// There is no such person, or the register cannot be written.
    pub async fn new_person_key(
        &self,
        actor: Actor,
        id: PersonId,
    ) -> Result<ApiKey, AdministrationError> {
        let person = self.person(id).await?;
        let key = ApiKey::from_random(self.random()?);
        self.save_person(actor, &person, Some(key.hash())).await?;
        Ok(key)
    }

    /// Switches a person on or off.
    ///
    /// # Errors
    /// There is no such person, or the register cannot be written.
    pub async fn switch_person(
        &self,
        actor: Actor,
        id: PersonId,
        active: bool,
    ) -> Result<Person, AdministrationError> {
        let person = Person {
            active,
            ..self.person(id).await?
        };
        self.save_person(actor, &person, None).await?;
        Ok(person)
    }

    /// All people, by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn people(&self) -> Result<Vec<Person>, AdministrationError> {
        Ok(self.store.people().await?)
    }

    /// The person of an id, a NIP or a name.
    ///
    /// # Errors
    /// There is none, or more than one of that name.
    pub async fn find_person(&self, name: &str) -> Result<Person, AdministrationError> {
        let people = self.store.people().await?;
        let fits = |person: &Person| {
            person.name == name
                || person.id.to_string() == name
                || person.nip.as_deref() == Some(name)
        };
        only(people, "person", name, fits)
    }

    pub(super) async fn person(&self, id: PersonId) -> Result<Person, AdministrationError> {
        let person = self.store.person(&id).await?;
        person.ok_or_else(|| AdministrationError::unknown("person", &id))
    }

    async fn client(&self, id: ClientId) -> Result<Client, AdministrationError> {
        let client = self.store.client(&id).await?;
        client.ok_or_else(|| AdministrationError::unknown("client", &id))
    }

    async fn save_client(
        &self,
        actor: Actor,
        client: &Client,
        key: Option<Sha256>,
    ) -> Result<(), AdministrationError> {
        let event = Event::new(
            self.now(),
            actor,
            Act::ClientSaved,
            Subject::Client(client.id),
        )
        .with("active", client.active)
        .with("new_key", key.is_some());
        self.write(Write::SaveClient(client.clone(), key), &event)
            .await
    }

    async fn save_person(
        &self,
        actor: Actor,
        person: &Person,
        key: Option<Sha256>,
    ) -> Result<(), AdministrationError> {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
        let event = Event::new(
            self.now(),
            actor,
            Act::PersonSaved,
            Subject::Person(person.id),
        )
        .with("active", person.active)
        .with("new_key", key.is_some())
        .with("roles", roles.join(" "));
        self.write(Write::SavePerson(person.clone(), key), &event)
            .await
    }
}

/// The only one that fits.
fn only<T>(
    all: Vec<T>,
    what: &'static str,
    name: &str,
    fits: impl Fn(&T) -> bool,
) -> Result<T, AdministrationError> {
    let mut fitting = all.into_iter().filter(|one| fits(one));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(AdministrationError::unknown(what, &name)),
        (Some(_), Some(_)) => {
            let name = name.to_owned();
            Err(AdministrationError::Ambiguous { what, name })
        }
    }
}

/// Texts that are printed on permits and certificates.
fn printable(what: &str, text: String) -> Result<String, AdministrationError> {
    let long = text.chars().count() > 200;
    if text.trim().is_empty() || long || text.chars().any(char::is_control) {
        return Err(AdministrationError::Rule(format!(
            "the {what} has 1 to 200 printable characters"
        )));
    }
    Ok(text)
}
