//! `store`: the one row about the database as a whole.

use crate::row::{Millis, engine};
use rusqlite::{Connection, OptionalExtension, params};
use waxseal_domain::revocation::Position;
use waxseal_domain::{Incarnation, StorageError, Timestamp};

/// What the row says when the database is opened.
pub(crate) struct Info {
    pub(crate) position: Position,
    pub(crate) high_water: Timestamp,
}

pub(crate) fn load(connection: &Connection) -> rusqlite::Result<Option<Info>> {
    let sql = "SELECT incarnation, revocation_seq, high_water FROM store";
    let read = |row: &rusqlite::Row<'_>| {
        let position = Position { incarnation: Incarnation::from_bytes(row.get(0)?), seq: row.get(1)? };
        Ok(Info { position, high_water: row.get::<_, Millis>(2)?.0 })
    };
    connection.query_row(sql, [], read).optional()
}

pub(crate) fn create(
    connection: &Connection,
    incarnation: Incarnation,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO store (one, incarnation, high_water) VALUES (1, ?1, ?2)";
    connection.execute(sql, params![incarnation.as_bytes(), now.millis()])?;
    Ok(())
}

/// Remembers the store's time, to about a second: every change is a page more to sync.
pub(crate) fn raise_high_water(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let sql = "UPDATE store SET high_water = ?1 WHERE high_water <= ?1 - 1000";
    connection.prepare_cached(sql)?.execute([now.millis()])?;
    Ok(())
}

pub(crate) fn claim_issuer(connection: &Connection, issuer: &str) -> Result<String, StorageError> {
    let sql = "UPDATE store SET issuer = coalesce(issuer, ?1) RETURNING issuer";
    connection.query_row(sql, [issuer], |row| row.get(0)).map_err(engine)
}

pub(crate) fn position(connection: &Connection) -> Result<Position, StorageError> {
    let info = load(connection).map_err(engine)?;
    info.map(|info| info.position).ok_or(StorageError::Corrupt("the row about the store is missing"))
}
