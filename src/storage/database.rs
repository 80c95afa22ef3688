//! Opening a database.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::migrations;
use super::sql::{Pool, Row, Value};
use super::writer::Writer;
use crate::services::ports::{Entropy, StoreError};

const READERS: u32 = 8;
const BUSY: Duration = Duration::from_secs(10);

/// A database with its schema up to date. Clones share it.
#[derive(Clone)]
pub struct Database {
    pub(super) readers: Pool,
    writers: Pool,
    pub(super) writer: Writer,
    pub(super) entropy: Arc<dyn Entropy>,
}

/// Why a database does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or is not what it should be.
    #[error("the database does not open: {0}")]
    Connect(#[from] sqlx::Error),
    /// Its schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// What it says of its schema cannot be read.
    #[error("the database's schema cannot be told: {0}")]
    Schema(String),
}

impl Database {
    /// Opens a SQLite file, made if it is not there.
    ///
    /// Every commit is on the disk when it returns (WAL, `synchronous=FULL`), and the
    /// write-ahead log is written back by our own writer, never by SQLite on its own.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open_sqlite(path: &Path, entropy: Arc<dyn Entropy>) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("wal_autocheckpoint", "0");
        let writers = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        migrations::sqlite().run(&writers).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self::over(
            Pool::Sqlite(readers),
            Pool::Sqlite(writers),
            entropy,
        ))
    }

    /// Opens a PostgreSQL database by its URL.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open_postgres(url: &str, entropy: Arc<dyn Entropy>) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url)?.application_name("absah");
        let writers = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        migrations::postgres().run(&writers).await?;
        let readers = PgPoolOptions::new()
            .max_connections(READERS)
            .connect_with(options)
            .await?;
        Ok(Self::over(
            Pool::Postgres(readers),
            Pool::Postgres(writers),
            entropy,
        ))
    }

    fn over(readers: Pool, writers: Pool, entropy: Arc<dyn Entropy>) -> Self {
        let writer = Writer::start(writers.clone());
        Self {
            readers,
            writers,
            writer,
            entropy,
        }
    }

    /// Closes every connection, those of the clones too. What was acknowledged is
    /// durable without it.
    pub async fn close(&self) {
        self.writer.stop().await;
        self.readers.close().await;
        self.writers.close().await;
    }

    pub(super) async fn rows(
        &self,
        sql: impl sqlx::SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.readers.rows(sql, values).await?)
    }

    /// The only row, where a key names at most one.
    pub(super) async fn row(
        &self,
        sql: impl sqlx::SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }
}
