//! `signing_keys`.

use crate::row::{Millis, engine};
use rusqlite::{Connection, Row, params};
use waxseal_domain::StorageError;
use waxseal_domain::signing_key::{KeyPurpose, KeyState, StoredKey};

pub(crate) fn list(connection: &Connection) -> Result<Vec<StoredKey>, StorageError> {
    let sql = "SELECT kid, algorithm, purpose, state, key_epoch, sealed, created_at FROM signing_keys
               WHERE state <> 'gone' ORDER BY created_at, kid";
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    let rows = statement.query_map([], |row| Ok(read(row))).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    rows.map_err(engine)?.into_iter().collect()
}

pub(crate) fn insert_first(
    connection: &Connection,
    purpose: KeyPurpose,
    keys: &[StoredKey],
) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE purpose = ?1)";
    let present: bool = connection.query_row(sql, [purpose.as_str()], |row| row.get(0)).map_err(engine)?;
    if !present {
        keys.iter().try_for_each(|key| insert(connection, key))?;
    }
    Ok(!present)
}

fn insert(connection: &Connection, key: &StoredKey) -> Result<(), StorageError> {
    let sql = "INSERT INTO signing_keys (kid, algorithm, purpose, state, key_epoch, sealed, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (purpose, state, created_at) = (key.purpose.as_str(), key.state.as_str(), key.created_at.millis());
    let values = params![key.kid, key.algorithm, purpose, state, key.key_epoch, key.sealed, created_at];
    connection.execute(sql, values).map_err(engine)?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<StoredKey, StorageError> {
    let text = |index: usize| row.get::<_, String>(index).map_err(engine);
    Ok(StoredKey {
        kid: text(0)?,
        algorithm: text(1)?,
        purpose: KeyPurpose::parse(&text(2)?)
            .ok_or(StorageError::Corrupt("a signing key has an unknown purpose"))?,
        state: KeyState::parse(&text(3)?)
            .ok_or(StorageError::Corrupt("a signing key has an unknown state"))?,
        key_epoch: row.get(4).map_err(engine)?,
        sealed: row.get(5).map_err(engine)?,
        created_at: row.get::<_, Millis>(6).map_err(engine)?.0,
    })
}
