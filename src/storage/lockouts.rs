//! Wrong passphrases, counted by person.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::database::Database;
use super::events;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::PersonId;
use crate::domain::lockout::Lockout;
use crate::services::ports::{CommitError, Entropy, Leaf, Lockouts, StoreError};

const FIND: &str = "SELECT failures, at FROM wrong_secrets WHERE person = $1";

pub(super) async fn end(connection: &mut Connection, person: PersonId) -> Result<(), SqlError> {
    let sql = "DELETE FROM wrong_secrets WHERE person = $1";
    connection.execute(sql, params![person]).await?;
    Ok(())
}

fn lockout(row: &Row) -> Result<Lockout, StoreError> {
    Ok(Lockout {
        failures: row.number("wrong_secrets.failures")?,
        at: row.time("wrong_secrets.at")?,
    })
}

/// Transactions that write queue up, of all replicas: none of two counts is lost.
async fn count(
    connection: &mut Connection,
    person: PersonId,
    at: OffsetDateTime,
    entropy: &dyn Entropy,
) -> Result<Lockout, CommitError> {
    let rows = connection.rows(FIND, params![person]).await?;
    let before = rows.first().map(lockout).transpose()?;
    let counted = Lockout::again(before, at);
    let sql = "INSERT INTO wrong_secrets (person, failures, at) VALUES ($1, $2, $3)
               ON CONFLICT (person) DO UPDATE SET failures = excluded.failures, at = excluded.at";
    connection
        .execute(sql, params![person, counted.failures, counted.at])
        .await?;
    let event = Event::new(
        at,
        Actor::Service,
        Act::SecretRefused,
        Subject::Person(person),
    )
    .with("failures", i64::from(counted.failures));
    let leaf =
        Leaf::new(&event, entropy).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    events::append(connection, &[leaf]).await?;
    Ok(counted)
}

#[async_trait]
impl Lockouts for Database {
    async fn lockout(&self, person: &PersonId) -> Result<Option<Lockout>, StoreError> {
        let row = self.row(FIND, params![person]).await?;
        row.as_ref().map(lockout).transpose()
    }

    async fn count_wrong_secret(
        &self,
        person: &PersonId,
        at: OffsetDateTime,
    ) -> Result<Lockout, StoreError> {
        let (person, entropy) = (*person, self.entropy.clone());
        let counted = self.writer.write(move |connection| {
            Box::pin(async move { count(connection, person, at, &*entropy).await })
        });
        Ok(counted.await?)
    }
}
