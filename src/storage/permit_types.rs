//! Permit types.

use async_trait::async_trait;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, SqlError, params};
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::services::ports::{PermitTypes, StoreError};

pub(super) async fn save(
    connection: &mut Connection,
    permit_type: &PermitType,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO permit_types (code, body) VALUES ($1, $2)
             ON CONFLICT (code) DO UPDATE SET body = excluded.body",
            params![&permit_type.code, json(permit_type)],
        )
        .await?;
    Ok(())
}

#[async_trait]
impl PermitTypes for Database {
    async fn permit_type(&self, code: &PermitTypeCode) -> Result<Option<PermitType>, StoreError> {
        let sql = "SELECT body FROM permit_types WHERE code = $1";
        let row = self.row(sql, params![code]).await?;
        row.map(|row| row.json("permit_types.body")).transpose()
    }

    async fn permit_types(&self) -> Result<Vec<PermitType>, StoreError> {
        let rows = self
            .rows("SELECT body FROM permit_types ORDER BY code", params![])
            .await?;
        rows.iter()
            .map(|row| row.json("permit_types.body"))
            .collect()
    }
}
