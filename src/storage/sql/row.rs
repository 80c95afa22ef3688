//! Reading a row. A column that does not hold what it should names itself: a
//! database that was tampered with must not look like a missing row.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Row as _, Type};
use time::OffsetDateTime;

use crate::services::ports::StoreError;

/// A row of either database. Columns are named `table.column`; the table is there
/// for the reader of an error.
pub(in crate::storage) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(in crate::storage) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.read(column)
    }

    pub(in crate::storage) fn optional_text(
        &self,
        column: &str,
    ) -> Result<Option<String>, StoreError> {
        self.read(column)
    }

    pub(in crate::storage) fn octets(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.read(column)
    }

    pub(in crate::storage) fn optional_octets(
        &self,
        column: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(column)
    }

    /// A whole number within the bounds of its type.
    pub(in crate::storage) fn number<T: TryFrom<i64>>(
        &self,
        column: &str,
    ) -> Result<T, StoreError> {
        let number: i64 = self.read(column)?;
        T::try_from(number).map_err(|_| corrupt(column, &format!("{number} is out of bounds")))
    }

    pub(in crate::storage) fn time(&self, column: &str) -> Result<OffsetDateTime, StoreError> {
        moment(column, self.read(column)?)
    }

    pub(in crate::storage) fn optional_time(
        &self,
        column: &str,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let micros: Option<i64> = self.read(column)?;
        micros.map(|micros| moment(column, micros)).transpose()
    }

    /// Text that names something: an id, a hash, a code.
    pub(in crate::storage) fn parsed<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: FromStr<Err: Display>,
    {
        self.text(column)?
            .parse()
            .map_err(|error| corrupt(column, &error))
    }

    /// The same, where there may be none.
    pub(in crate::storage) fn optional_parsed<T>(
        &self,
        column: &str,
    ) -> Result<Option<T>, StoreError>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.optional_text(column)?;
        let parsed = text.map(|text| text.parse().map_err(|error| corrupt(column, &error)));
        parsed.transpose()
    }

    /// An entity that is kept as JSON.
    pub(in crate::storage) fn json<T: DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|error| corrupt(column, &error))
    }

    fn read<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, sqlx::Sqlite>
            + Type<sqlx::Sqlite>
            + for<'r> Decode<'r, sqlx::Postgres>
            + Type<sqlx::Postgres>,
        for<'n> &'n str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        let name = column.rsplit('.').next().unwrap_or(column);
        match self {
            Self::Sqlite(row) => row.try_get(name),
            Self::Postgres(row) => row.try_get(name),
        }
        .map_err(|error| corrupt(column, &error))
    }
}

pub(in crate::storage) fn corrupt(column: &str, reason: &dyn Display) -> StoreError {
    StoreError::Corrupt(format!("{column}: {reason}"))
}

fn moment(column: &str, micros: i64) -> Result<OffsetDateTime, StoreError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .map_err(|error| corrupt(column, &error))
}
