//! The schema's versions, embedded in the binary.
//!
//! A version that was released is never edited; what changes is a new one, in both
//! folders under the same number.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

pub(super) fn sqlite() -> Migrator {
    migrator(&[
        (
            1,
            "register",
            include_str!("migrations/sqlite/0001_register.sql"),
        ),
        (
            2,
            "faults",
            include_str!("migrations/sqlite/0002_faults.sql"),
        ),
        (
            3,
            "passkeys",
            include_str!("migrations/sqlite/0003_passkeys.sql"),
        ),
        (
            4,
            "reading",
            include_str!("migrations/sqlite/0004_reading.sql"),
        ),
        (
            6,
            "reports",
            include_str!("migrations/sqlite/0006_reports.sql"),
        ),
    ])
}

pub(super) fn postgres() -> Migrator {
    migrator(&[
        (
            1,
            "register",
            include_str!("migrations/postgres/0001_register.sql"),
        ),
        (
            2,
            "faults",
            include_str!("migrations/postgres/0002_faults.sql"),
        ),
        (
            3,
            "passkeys",
            include_str!("migrations/postgres/0003_passkeys.sql"),
        ),
        (
            4,
            "reading",
            include_str!("migrations/postgres/0004_reading.sql"),
        ),
        (
            6,
            "reports",
            include_str!("migrations/postgres/0006_reports.sql"),
        ),
    ])
}

fn migrator(versions: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |(version, name, sql): &(i64, &'static str, &'static str)| {
        let name = Cow::Borrowed(*name);
        Migration::new(
            *version,
            name,
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(versions.iter().map(migration).collect())
}
