//! Between rows and the types of `domain`. What a row holds was checked when it was written, and is checked again: a
//! damaged row is an error with a name, not a guess.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use waxseal_domain::user::{Email, Username};
use waxseal_domain::{ClientId, StorageError, Timestamp};

/// An error of SQLite as one of the store.
pub(crate) fn engine(error: rusqlite::Error) -> StorageError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => {
            StorageError::Corrupt("a column holds a value of another form")
        }
        other => StorageError::Engine(Box::new(other)),
    }
}

/// Milliseconds since the epoch.
pub(crate) struct Millis(pub(crate) Timestamp);

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|millis| Self(Timestamp::from_millis(millis)))
    }
}

macro_rules! checked_text {
    ($($wrapper:ident($type:ty)),*) => {$(
        /// A column whose text must satisfy the type's own check.
        pub(crate) struct $wrapper(pub(crate) $type);

        impl FromSql for $wrapper {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let text = String::column_result(value)?;
                <$type>::new(text).map(Self).map_err(FromSqlError::other)
            }
        }
    )*};
}

checked_text!(UsernameColumn(Username), EmailColumn(Email), ClientIdColumn(ClientId));
