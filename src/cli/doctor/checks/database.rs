//! The database: reachable, and of this program's schema.

use super::Check;
use crate::cli::config::Config;
use crate::cli::prompt;
use crate::storage::{OpenError, Schema};

/// The check, and how the schema stands where that can be told.
pub(super) async fn check(config: &Config) -> (Check, Option<Schema>) {
    let (name, mend) = match &config.storage.database_url_file {
        None => (
            "SQLite",
            "start `absah serve` once, or name the folder with --data",
        ),
        Some(_) => (
            "PostgreSQL",
            "check that the server runs and that storage.database_url_file names it",
        ),
    };
    match schema(config).await {
        Ok(Schema::Current) => {
            let found = format!("{name} answers, its schema is current");
            (Check::good("database", found), Some(Schema::Current))
        }
        Ok(Schema::Behind) => {
            let found = format!("{name} answers, its schema is older than this program");
            let mend = "make a backup, then start `absah serve`: it brings it up to date";
            (
                Check::warning("database", found, mend),
                Some(Schema::Behind),
            )
        }
        Ok(Schema::Ahead) => {
            let found = format!("{name} answers, a newer program made its schema");
            let mend = "run the newest version of absah";
            (Check::error("database", found, mend), Some(Schema::Ahead))
        }
        Err(error) => (Check::error("database", error, mend), None),
    }
}

async fn schema(config: &Config) -> Result<Schema, String> {
    let told = |error: OpenError| error.to_string();
    match &config.storage.database_url_file {
        None => {
            let file = config.storage.data.join("absah.db");
            Schema::of_sqlite(&file).await.map_err(told)
        }
        Some(file) => {
            let url = prompt::passphrase(Some(file), "database URL");
            let url = url.map_err(|error| error.to_string())?;
            Schema::of_postgres(url.reveal()).await.map_err(told)
        }
    }
}
