//! Ceremonies under way: taken once.

use time::Duration;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, SqlError, params};
use crate::domain::ceremonies::{CEREMONY_LIFETIME, Ceremony};
use crate::domain::ids::CeremonyId;
use crate::services::ports::StoreError;

/// How long one that lapsed is kept, since clocks differ a little between replicas.
const KEPT: Duration = Duration::minutes(5);

pub(super) async fn add(connection: &mut Connection, ceremony: &Ceremony) -> Result<(), SqlError> {
    let lapsed = ceremony.expires - CEREMONY_LIFETIME - KEPT;
    connection
        .execute("DELETE FROM ceremonies WHERE expires < $1", params![lapsed])
        .await?;
    let sql = "INSERT INTO ceremonies (id, expires, body) VALUES ($1, $2, $3)";
    let values = params![ceremony.id, ceremony.expires, json(ceremony)];
    connection.execute(sql, values).await.map(drop)
}

pub(super) async fn take(
    database: &Database,
    id: CeremonyId,
) -> Result<Option<Ceremony>, StoreError> {
    let taken = database.writer.write(move |connection| {
        Box::pin(async move {
            let sql = "DELETE FROM ceremonies WHERE id = $1 RETURNING body";
            let rows = connection.rows(sql, params![id]).await?;
            let ceremony = rows.first().map(|row| row.json("ceremonies.body"));
            Ok(ceremony.transpose()?)
        })
    });
    Ok(taken.await?)
}
