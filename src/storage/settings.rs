//! Settings by name.

use async_trait::async_trait;

use super::database::Database;
use super::sql::{Connection, SqlError, params};
use crate::services::ports::{Settings, StoreError};

pub(super) async fn save(
    connection: &mut Connection,
    name: &str,
    value: &str,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO settings (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )
        .await?;
    Ok(())
}

#[async_trait]
impl Settings for Database {
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = self
            .row("SELECT value FROM settings WHERE name = $1", params![name])
            .await?;
        row.map(|row| row.text("settings.value")).transpose()
    }
}
