//! Clients and people, with the hashes of their API keys.

use async_trait::async_trait;

use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::accounts::{Client, Person};
use crate::domain::ids::{ClientId, PersonId};
use crate::kernel::hash::Sha256;
use crate::services::ports::{Accounts, StoreError};

pub(super) async fn save_client(
    connection: &mut Connection,
    client: &Client,
    key: Option<Sha256>,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO clients (id, name, key_sha256, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body,
                 key_sha256 = COALESCE(excluded.key_sha256, clients.key_sha256)",
            params![
                client.id,
                client.name.as_str(),
                key.map(|key| key.to_string()),
                json(client)
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn save_person(
    connection: &mut Connection,
    person: &Person,
    key: Option<Sha256>,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO people (id, name, key_sha256, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body,
                 key_sha256 = COALESCE(excluded.key_sha256, people.key_sha256)",
            params![
                person.id,
                person.name.as_str(),
                key.map(|key| key.to_string()),
                json(person)
            ],
        )
        .await?;
    Ok(())
}

/// These types always serialise: they have text keys only.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn client(row: &Row) -> Result<Client, StoreError> {
    row.json("clients.body")
}

fn person(row: &Row) -> Result<Person, StoreError> {
    row.json("people.body")
}

#[async_trait]
impl Accounts for Database {
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let row = self
            .row("SELECT body FROM clients WHERE id = $1", params![id])
            .await?;
        row.as_ref().map(client).transpose()
    }

    async fn clients(&self) -> Result<Vec<Client>, StoreError> {
        let rows = self
            .rows("SELECT body FROM clients ORDER BY name, id", params![])
            .await?;
        rows.iter().map(client).collect()
    }

    async fn client_by_key(&self, hash: &Sha256) -> Result<Option<Client>, StoreError> {
        let sql = "SELECT body FROM clients WHERE key_sha256 = $1";
        let row = self.row(sql, params![hash]).await?;
        row.as_ref().map(client).transpose()
    }

    async fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        let row = self
            .row("SELECT body FROM people WHERE id = $1", params![id])
            .await?;
        row.as_ref().map(person).transpose()
    }

    async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows = self
            .rows("SELECT body FROM people ORDER BY name, id", params![])
            .await?;
        rows.iter().map(person).collect()
    }

    async fn person_by_key(&self, hash: &Sha256) -> Result<Option<Person>, StoreError> {
        let sql = "SELECT body FROM people WHERE key_sha256 = $1";
        let row = self.row(sql, params![hash]).await?;
        row.as_ref().map(person).transpose()
    }
}
