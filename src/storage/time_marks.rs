//! How far into the future each time-stamping authority may have spoken.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::database::Database;
use super::sql::params;
use crate::services::ports::{StoreError, TimeMarks};

#[async_trait]
impl TimeMarks for Database {
    async fn marks(&self) -> Result<Vec<(String, OffsetDateTime)>, StoreError> {
        let sql = "SELECT instance, mark FROM time_marks ORDER BY instance";
        let rows = self.rows(sql, params![]).await?;
        let mark = |row: &super::sql::Row| {
            Ok((
                row.text("time_marks.instance")?,
                row.time("time_marks.mark")?,
            ))
        };
        rows.iter().map(mark).collect()
    }

    async fn raise(&self, instance: &str, to: OffsetDateTime) -> Result<(), StoreError> {
        let values = params![instance, to];
        let raised = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "INSERT INTO time_marks (instance, mark) VALUES ($1, $2)
                           ON CONFLICT (instance) DO UPDATE SET mark = excluded.mark
                           WHERE time_marks.mark < excluded.mark";
                Ok(connection.execute(sql, values).await.map(drop)?)
            })
        });
        Ok(raised.await?)
    }
}
