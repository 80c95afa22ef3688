//! Typed pools and connections behind one face.

use std::future::Future;
use std::io;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool};

use super::{Row, SqlError, Value};

/// The pool of either database.
#[derive(Clone)]
pub(in crate::storage) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One connection of either database.
pub(in crate::storage) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// What PostgreSQL gets to answer one statement. One that was stopped, or a host that
/// fell off the network, would otherwise hold the caller for ever. SQLite has no such
/// limit: it waits for our own disk.
const PATIENCE: Duration = Duration::from_secs(8);
/// What a connection that failed gets to undo its transaction; its end undoes it too.
const PARTING: Duration = Duration::from_secs(2);

async fn patient<T>(answer: impl Future<Output = Result<T, SqlError>>) -> Result<T, SqlError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(SqlError::Io(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("PostgreSQL did not answer within {PATIENCE:?}"),
        ))),
    }
}

macro_rules! bound {
    ($sql:expr, $values:expr, $database:ty) => {{
        let mut query = sqlx::query::<$database>($sql);
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
                Value::Octets(octets) => query.bind(octets),
            };
        }
        query
    }};
}

impl Pool {
    pub(in crate::storage) async fn connect(&self) -> Result<Connection, SqlError> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        })
    }

    pub(in crate::storage) async fn rows(
        &self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, SqlError> {
        Ok(match self {
            Self::Sqlite(pool) => {
                let query = bound!(sql, values, Sqlite);
                query
                    .fetch_all(pool)
                    .await?
                    .into_iter()
                    .map(Row::Sqlite)
                    .collect()
            }
            Self::Postgres(pool) => {
                let query = bound!(sql, values, Postgres);
                patient(query.fetch_all(pool))
                    .await?
                    .into_iter()
                    .map(Row::Postgres)
                    .collect()
            }
        })
    }

    pub(in crate::storage) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Connection {
    pub(in crate::storage) async fn rows(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, SqlError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let query = bound!(sql, values, Sqlite);
                let rows = query.fetch_all(&mut **connection).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(connection) => {
                let query = bound!(sql, values, Postgres);
                let rows = patient(query.fetch_all(&mut **connection)).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a statement and tells how many rows it touched.
    pub(in crate::storage) async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<u64, SqlError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let query = bound!(sql, values, Sqlite);
                query.execute(&mut **connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                let query = bound!(sql, values, Postgres);
                let done = patient(query.execute(&mut **connection)).await?;
                done.rows_affected()
            }
        })
    }

    /// Opens a transaction that writes. The log's counter is taken first, so that
    /// transactions of all replicas queue up there and cannot lock each other out.
    pub(in crate::storage) async fn begin(&mut self) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(_) => self.execute("BEGIN IMMEDIATE", Vec::new()).await?,
            Self::Postgres(_) => {
                self.execute("BEGIN", Vec::new()).await?;
                self.execute(
                    "SELECT size FROM log_state WHERE id = 1 FOR UPDATE",
                    Vec::new(),
                )
                .await?
            }
        };
        Ok(())
    }

    /// Undoes the open transaction; tells whether the connection can be used again.
    pub(in crate::storage) async fn roll_back(&mut self) -> bool {
        let undone = self.execute("ROLLBACK", Vec::new());
        tokio::time::timeout(PARTING, undone)
            .await
            .is_ok_and(|undone| undone.is_ok())
    }

    /// Leaves the pool for good: its state is not known.
    pub(in crate::storage) async fn discard(self) {
        match self {
            Self::Sqlite(connection) => drop(connection.detach()),
            Self::Postgres(connection) => drop(connection.detach()),
        }
    }
}
