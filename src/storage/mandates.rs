//! Mandates.

use async_trait::async_trait;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, SqlError, params};
use crate::domain::ids::PersonId;
use crate::domain::mandate::Mandate;
use crate::services::ports::{Mandates, StoreError};

pub(super) async fn save(connection: &mut Connection, mandate: &Mandate) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO mandates (id, grantor, holder, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            params![mandate.id, mandate.grantor, mandate.holder, json(mandate)],
        )
        .await?;
    Ok(())
}

#[async_trait]
impl Mandates for Database {
    async fn mandates_of(&self, holder: &PersonId) -> Result<Vec<Mandate>, StoreError> {
        let sql = "SELECT body FROM mandates WHERE holder = $1 ORDER BY id DESC";
        let rows = self.rows(sql, params![holder]).await?;
        rows.iter().map(|row| row.json("mandates.body")).collect()
    }

    async fn mandates(&self) -> Result<Vec<Mandate>, StoreError> {
        let rows = self
            .rows("SELECT body FROM mandates ORDER BY id DESC", params![])
            .await?;
        rows.iter().map(|row| row.json("mandates.body")).collect()
    }
}
