//! `clients`.

use crate::row::engine;
use rusqlite::Connection;
use waxseal_domain::{ClientId, StorageError};

pub(crate) fn ensure(connection: &Connection, id: &ClientId) -> Result<(), StorageError> {
    let sql = "INSERT INTO clients (id) VALUES (?1) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql).and_then(|mut s| s.execute([id.as_str()])).map_err(engine)?;
    Ok(())
}
