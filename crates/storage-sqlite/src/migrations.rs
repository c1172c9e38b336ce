//! The schema, step by step. Steps are compiled in and never edited once released: their checksums are stored.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

struct Migration {
    version: i64,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, sql: include_str!("../migrations/0001_initial.sql") }];

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationError {
    #[error(
        "migration {0} was applied in another form than this program knows; was the database made by a changed build?"
    )]
    Changed(i64),
    #[error(
        "the database is at schema version {found}, newer than this program's {known}; run a newer program"
    )]
    Newer { found: i64, known: i64 },
    #[error(transparent)]
    Engine(#[from] rusqlite::Error),
}

/// Applies what is missing, in one transaction, and checks what was applied before.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), MigrationError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT",
    )?;
    let found: i64 =
        transaction.query_row("SELECT coalesce(max(version), 0) FROM migrations", [], |row| row.get(0))?;
    let known = MIGRATIONS.last().map_or(0, |last| last.version);
    if found > known {
        return Err(MigrationError::Newer { found, known });
    }
    for migration in MIGRATIONS {
        apply(&transaction, migration)?;
    }
    Ok(transaction.commit()?)
}

fn apply(connection: &Connection, migration: &Migration) -> Result<(), MigrationError> {
    let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, migration.sql.as_bytes());
    let applied: Option<Vec<u8>> = connection
        .query_row("SELECT sha256 FROM migrations WHERE version = ?1", [migration.version], |row| row.get(0))
        .optional()?;
    match applied {
        Some(before) if before == sha256.as_ref() => Ok(()),
        Some(_) => Err(MigrationError::Changed(migration.version)),
        None => {
            connection.execute_batch(migration.sql)?;
            let values = params![migration.version, sha256.as_ref()];
            connection.execute("INSERT INTO migrations (version, sha256) VALUES (?1, ?2)", values)?;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applying_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        let applied: i64 =
            connection.query_row("SELECT count(*) FROM migrations", [], |row| row.get(0)).unwrap();
        assert_eq!(usize::try_from(applied), Ok(MIGRATIONS.len()));
    }

    #[test]
    fn a_changed_or_newer_schema_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.execute("INSERT INTO migrations VALUES (99, x'00')", []).unwrap();
        assert!(matches!(migrate(&mut connection), Err(MigrationError::Newer { found: 99, known: 1 })));
        connection
            .execute_batch("DELETE FROM migrations WHERE version = 99; UPDATE migrations SET sha256 = x'00'")
            .unwrap();
        assert!(matches!(migrate(&mut connection), Err(MigrationError::Changed(1))));
    }
}
