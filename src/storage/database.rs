//! Opening a database.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::sql::{Pool, Row, Value};
use super::writer::Writer;
use super::{migrations, sqlite_files};
use crate::services::ports::{Entropy, StoreError};

const READERS: u32 = 8;
const BUSY: Duration = Duration::from_secs(10);
/// What PostgreSQL gets to take a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// A replica that vanishes in the middle of a transaction holds up the others no longer.
const LET_GO: &str = "SET idle_in_transaction_session_timeout = '30s'";

/// A database with its schema up to date. Clones share it.
#[derive(Clone)]
pub struct Database {
    pub(super) readers: Pool,
    writers: Pool,
    pub(super) writer: Writer,
    pub(super) entropy: Arc<dyn Entropy>,
    left_open: bool,
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
        let left_open = sqlite_files::settle(path);
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
        sqlite_files::keep_names(path);
        let database = Self::over(Pool::Sqlite(readers), Pool::Sqlite(writers), entropy);
        Ok(Self {
            left_open,
            ..database
        })
    }

    /// Opens a PostgreSQL database by its URL.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open_postgres(url: &str, entropy: Arc<dyn Entropy>) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url)?.application_name("absah");
        let pool = || {
            PgPoolOptions::new()
                .acquire_timeout(CONNECT)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        connection.execute(LET_GO).await?;
                        Ok(())
                    })
                })
        };
        let writers = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        migrations::postgres().run(&writers).await?;
        let readers = pool()
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
            left_open: false,
        }
    }

    /// Checks a SQLite file that an earlier process did not close: it was killed, or
    /// stopped itself after a failed fsync. Reads all of it. PostgreSQL recovers itself.
    ///
    /// # Errors
    /// The file is damaged: it must be restored from a backup.
    pub async fn check_after_crash(&self) -> Result<(), StoreError> {
        if !self.left_open {
            return Ok(());
        }
        let rows = self.rows("PRAGMA quick_check(1)", Vec::new()).await?;
        let found = rows
            .first()
            .map(|row| row.text("quick_check"))
            .transpose()?;
        match found.as_deref() {
            Some("ok") => Ok(()),
            found => Err(StoreError::Corrupt(found.unwrap_or("no answer").to_owned())),
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
