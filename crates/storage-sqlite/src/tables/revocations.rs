//! `revocations`.

use super::info;
use crate::row::{Millis, engine};
use rusqlite::{Connection, Row, params};
use waxseal_domain::revocation::{Cause, Position, Revocation, Target};
use waxseal_domain::{ClientId, StorageError, Timestamp};

/// The one place that writes the log. The number comes from the row about the store, so commit order is the order of
/// numbers on every engine.
pub(crate) fn append(
    connection: &Connection,
    target: &Target,
    cause: Cause,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE store SET revocation_seq = revocation_seq + 1 RETURNING revocation_seq";
    let seq: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(engine)?;
    let (kind, key, epoch) = columns(target);
    let sql = "INSERT INTO revocations (seq, kind, key, epoch, at, expires_at, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![seq, kind, key, epoch, at.millis(), expires_at.millis(), cause.as_str()];
    connection.prepare_cached(sql).and_then(|mut s| s.execute(values)).map_err(engine)?;
    let forget = "DELETE FROM revocations WHERE expires_at <= ?1";
    connection.prepare_cached(forget).and_then(|mut s| s.execute([at.millis()])).map_err(engine)?;
    Ok(())
}

pub(crate) fn since(
    connection: &Connection,
    after: Position,
    now: Timestamp,
) -> Result<Option<(Position, Vec<Revocation>)>, StorageError> {
    let head = info::position(connection)?;
    if head.incarnation != after.incarnation || after.seq > head.seq {
        return Ok(None);
    }
    Ok(Some((head, live_after(connection, after.seq, now)?)))
}

pub(crate) fn live_after(
    connection: &Connection,
    seq: u64,
    now: Timestamp,
) -> Result<Vec<Revocation>, StorageError> {
    let sql = "SELECT seq, kind, key, epoch, at, expires_at FROM revocations
               WHERE seq > ?1 AND expires_at > ?2 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    let rows = statement.query_map(params![seq, now.millis()], |row| Ok(read(row)));
    let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(engine)?;
    rows.into_iter().collect()
}

fn columns(target: &Target) -> (&'static str, String, Option<u32>) {
    match target {
        Target::Session(id) => ("session", id.to_string(), None),
        Target::Token(jti) => ("token", jti.clone(), None),
        Target::SigningKey(kid) => ("signing_key", kid.clone(), None),
        Target::Subject(id, epoch) => ("subject", id.to_string(), Some(*epoch)),
        Target::Client(id, epoch) => ("client", id.to_string(), Some(*epoch)),
        Target::All(epoch) => ("all", String::new(), Some(*epoch)),
    }
}

fn read(row: &Row<'_>) -> Result<Revocation, StorageError> {
    let (kind, key): (String, String) = (row.get(1).map_err(engine)?, row.get(2).map_err(engine)?);
    let target = target(&kind, key, row.get(3).map_err(engine)?);
    Ok(Revocation {
        seq: row.get(0).map_err(engine)?,
        target: target.ok_or(StorageError::Corrupt("a revocation names nothing that is known"))?,
        at: row.get::<_, Millis>(4).map_err(engine)?.0,
        expires_at: row.get::<_, Millis>(5).map_err(engine)?.0,
    })
}

fn target(kind: &str, key: String, epoch: Option<u32>) -> Option<Target> {
    match (kind, epoch) {
        ("session", None) => key.parse().ok().map(Target::Session),
        ("token", None) => Some(Target::Token(key)),
        ("signing_key", None) => Some(Target::SigningKey(key)),
        ("subject", Some(epoch)) => key.parse().ok().map(|id| Target::Subject(id, epoch)),
        ("client", Some(epoch)) => ClientId::new(key).ok().map(|id| Target::Client(id, epoch)),
        ("all", Some(epoch)) => Some(Target::All(epoch)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use waxseal_domain::{SessionId, UserId};

    #[test]
    fn every_target_is_read_back() {
        let client = ClientId::new("web").unwrap();
        let targets = [
            Target::Session(SessionId::from_bytes([1; 16])),
            Target::Token("abc".into()),
            Target::SigningKey("def".into()),
            Target::Subject(UserId::from_bytes([2; 16]), 3),
            Target::Client(client, 4),
            Target::All(5),
        ];
        for expected in targets {
            let (kind, key, epoch) = columns(&expected);
            assert_eq!(target(kind, key, epoch), Some(expected));
        }
        assert_eq!(target("session", "not an id".into(), None), None);
        assert_eq!(target("all", String::new(), None), None, "a counter is missing");
    }
}
