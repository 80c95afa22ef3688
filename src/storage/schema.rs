//! Whether a database is there and its schema is this program's, found without changing it.

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::OpenError;
use super::migrations;
use super::sql::Pool;
use crate::services::ports::StoreError;

/// How a database's schema stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// It is this program's.
    Current,
    /// It is older, or there is none yet: the service brings it up to date when it starts.
    Behind,
    /// A newer program made it.
    Ahead,
}

impl Schema {
    /// That of a SQLite file.
    ///
    /// # Errors
    /// There is no such file, or it is no database.
    pub async fn of_sqlite(path: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let known = "SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations'";
        Self::of(Pool::Sqlite(pool), known, &migrations::sqlite()).await
    }

    /// That of a PostgreSQL database.
    ///
    /// # Errors
    /// It cannot be reached.
    pub async fn of_postgres(url: &str) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url)?.application_name("absah doctor");
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let known = "SELECT 1 WHERE to_regclass('_sqlx_migrations') IS NOT NULL";
        Self::of(Pool::Postgres(pool), known, &migrations::postgres()).await
    }

    async fn of(pool: Pool, known: &'static str, wanted: &Migrator) -> Result<Self, OpenError> {
        let applied = applied(&pool, known).await;
        pool.close().await;
        let applied = applied?;
        let wanted: BTreeSet<i64> = wanted.iter().map(|one| one.version).collect();
        Ok(if applied == wanted {
            Self::Current
        } else if applied.is_subset(&wanted) {
            Self::Behind
        } else {
            Self::Ahead
        })
    }
}

async fn applied(pool: &Pool, known: &'static str) -> Result<BTreeSet<i64>, OpenError> {
    if pool.rows(known, Vec::new()).await?.is_empty() {
        return Ok(BTreeSet::new());
    }
    let versions = "SELECT version FROM _sqlx_migrations";
    let rows = pool.rows(versions, Vec::new()).await?;
    let numbers = rows
        .iter()
        .map(|row| row.number("_sqlx_migrations.version"));
    let numbers: Result<_, StoreError> = numbers.collect();
    numbers.map_err(|error| OpenError::Schema(error.to_string()))
}
