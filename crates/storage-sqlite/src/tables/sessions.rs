//! `sessions`.

use super::revocations;
use crate::row::{ClientIdColumn, Millis, engine};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};
use std::time::Duration;
use waxseal_domain::repository::{BeginSessionError, LogoutOutcome, RefreshOutcome};
use waxseal_domain::revocation::{Cause, Target};
use waxseal_domain::session::refresh::{Decision, Presented, Refusal, decide, speaks_for};
use waxseal_domain::session::{
    Epochs, Generation, KeyThumbprint, NewSession, Rotations, SecretHash, Session, SessionPolicy,
};
use waxseal_domain::{Incarnation, SessionId, StorageError, Timestamp, UserId};

/// In the order that [`read`] expects.
const COLUMNS: &str =
    "id, user_id, client_id, s_hash, cnf, epoch_all, epoch_client, epoch_subject, generation,
    rotated_at_1, rotated_at_2, rotated_at_3, rotated_at_4, incarnation, device, created_at, idle_expires_at,
    expires_at, revoked_at";

/// What a statement about sessions needs to know of its surroundings.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) incarnation: Incarnation,
    pub(crate) now: Timestamp,
}

pub(crate) fn begin(
    context: Context<'_>,
    new: &NewSession,
    policy: &SessionPolicy,
) -> Result<Session, BeginSessionError> {
    let sql = format!(
        "INSERT INTO sessions (id, user_id, client_id, s_hash, cnf, epoch_all, epoch_client, epoch_subject,
             incarnation, device, created_at, idle_expires_at, expires_at)
         SELECT :id, users.id, clients.id, :s_hash, :cnf, store.epoch, clients.epoch, users.epoch,
             :incarnation, :device, :now, :idle_expires_at, :expires_at
         FROM users, clients, store
         WHERE users.id = :user AND users.state = 'active' AND users.credential_version = :version AND clients.id = :client
         RETURNING {COLUMNS}"
    );
    let expires_at = context.now.saturating_add(policy.absolute_lifetime);
    let values = named_params! {
        ":id": new.id.as_bytes(), ":user": new.user_id.as_bytes(), ":client": new.client_id.as_str(),
        ":s_hash": new.secret_hash.0, ":cnf": new.cnf.map(|cnf| cnf.0), ":device": new.device,
        ":version": new.credential_version, ":incarnation": context.incarnation.as_bytes(),
        ":now": context.now.millis(), ":expires_at": expires_at.millis(),
        ":idle_expires_at": policy.idle_expiry(context.now, expires_at).millis(),
    };
    query_one(context.connection, &sql, values)?.ok_or(BeginSessionError::CredentialChanged)
}

pub(crate) fn refresh(
    context: Context<'_>,
    presented: &Presented,
    policy: &SessionPolicy,
    entry_lifetime: Duration,
) -> Result<RefreshOutcome, StorageError> {
    let Context { incarnation, now, .. } = context;
    if let Some(session) = swap(context, presented, policy)? {
        return Ok(RefreshOutcome::Rotated { session, at: now });
    }
    let Some(session) = find(context.connection, presented.session_id)? else {
        return Ok(RefreshOutcome::Refused(Refusal::Unknown));
    };
    match decide(&session, presented, incarnation, policy, now) {
        // The writer is alone, so a swap that failed a moment ago fails again: the generations are used up.
        Decision::SwapAgain => Ok(RefreshOutcome::Contended),
        Decision::Replay(reason) => Ok(RefreshOutcome::Replayed { session, at: now, reason }),
        Decision::Refuse(refusal) => Ok(RefreshOutcome::Refused(refusal)),
        Decision::MoveForward => match move_forward(context, presented, policy)? {
            Some(session) => Ok(RefreshOutcome::Rotated { session, at: now }),
            None => Ok(RefreshOutcome::Contended),
        },
        Decision::Revoke => {
            revoke(context, session.id, Cause::RefreshTokenReuse, entry_lifetime)?;
            Ok(RefreshOutcome::Reused)
        }
    }
}

/// The compare-and-swap: everything that must hold stands in the `WHERE`.
fn swap(
    context: Context<'_>,
    presented: &Presented,
    policy: &SessionPolicy,
) -> Result<Option<Session>, StorageError> {
    let sql = format!(
        "UPDATE sessions SET generation = generation + 1, incarnation = :incarnation,
             rotated_at_4 = rotated_at_3, rotated_at_3 = rotated_at_2, rotated_at_2 = rotated_at_1, rotated_at_1 = :now,
             idle_expires_at = min(:idle_expires_at, expires_at)
         WHERE id = :id AND generation = :generation AND s_hash = :s_hash AND client_id = :client AND cnf IS :cnf
             AND revoked_at IS NULL AND :now < idle_expires_at AND :now < expires_at AND generation < 4294967295
         RETURNING {COLUMNS}"
    );
    advance(context, presented, policy, &sql)
}

/// Continues a row of an earlier incarnation from a token that is newer than the row.
fn move_forward(
    context: Context<'_>,
    presented: &Presented,
    policy: &SessionPolicy,
) -> Result<Option<Session>, StorageError> {
    let sql = format!(
        "UPDATE sessions SET generation = :generation + 1, incarnation = :incarnation,
             rotated_at_4 = NULL, rotated_at_3 = NULL, rotated_at_2 = NULL, rotated_at_1 = :now,
             idle_expires_at = min(:idle_expires_at, expires_at)
         WHERE id = :id AND generation < :generation AND incarnation <> :incarnation AND s_hash = :s_hash
             AND client_id = :client AND cnf IS :cnf
             AND revoked_at IS NULL AND :now < idle_expires_at AND :now < expires_at AND :generation < 4294967295
         RETURNING {COLUMNS}"
    );
    advance(context, presented, policy, &sql)
}

fn advance(
    context: Context<'_>,
    presented: &Presented,
    policy: &SessionPolicy,
    sql: &str,
) -> Result<Option<Session>, StorageError> {
    let values = named_params! {
        ":id": presented.session_id.as_bytes(), ":generation": presented.generation.number(),
        ":s_hash": presented.secret_hash.0, ":client": presented.client_id.as_str(),
        ":cnf": presented.cnf.map(|cnf| cnf.0), ":incarnation": context.incarnation.as_bytes(),
        ":now": context.now.millis(), ":idle_expires_at": context.now.saturating_add(policy.idle_lifetime).millis(),
    };
    query_one(context.connection, sql, values)
}

pub(crate) fn end(
    context: Context<'_>,
    presented: &Presented,
    entry_lifetime: Duration,
) -> Result<LogoutOutcome, StorageError> {
    match find(context.connection, presented.session_id)? {
        Some(session) if speaks_for(&session, presented) => {
            let revoked = revoke(context, session.id, Cause::Logout, entry_lifetime)?;
            Ok(if revoked { LogoutOutcome::Revoked } else { LogoutOutcome::AlreadyOver })
        }
        _ => Ok(LogoutOutcome::Refused),
    }
}

/// Revokes a session and logs it, in this transaction. Returns whether it was not revoked before.
fn revoke(
    context: Context<'_>,
    id: SessionId,
    cause: Cause,
    entry_lifetime: Duration,
) -> Result<bool, StorageError> {
    let sql =
        "UPDATE sessions SET revoked_at = :now, revoke_cause = :cause WHERE id = :id AND revoked_at IS NULL";
    let values =
        named_params! { ":id": id.as_bytes(), ":now": context.now.millis(), ":cause": cause.as_str() };
    let revoked =
        context.connection.prepare_cached(sql).and_then(|mut s| s.execute(values)).map_err(engine)? > 0;
    if revoked {
        let expires_at = context.now.saturating_add(entry_lifetime);
        revocations::append(context.connection, &Target::Session(id), cause, context.now, expires_at)?;
    }
    Ok(revoked)
}

pub(crate) fn find(connection: &Connection, id: SessionId) -> Result<Option<Session>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id = :id");
    query_one(connection, &sql, named_params! { ":id": id.as_bytes() })
}

pub(crate) fn list_live(
    connection: &Connection,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions
         WHERE user_id = :user AND revoked_at IS NULL AND :now < idle_expires_at AND :now < expires_at
         ORDER BY created_at DESC, id DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(engine)?;
    let rows = statement.query_map(named_params! { ":user": user.as_bytes(), ":now": now.millis() }, read);
    rows.and_then(Iterator::collect).map_err(engine)
}

fn query_one(
    connection: &Connection,
    sql: &str,
    values: &[(&str, &dyn ToSql)],
) -> Result<Option<Session>, StorageError> {
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    statement.query_row(values, read).optional().map_err(engine)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Session> {
    let time = |index: usize| row.get::<_, Millis>(index).map(|millis| millis.0);
    let maybe_time = |index: usize| row.get::<_, Option<Millis>>(index).map(|millis| millis.map(|m| m.0));
    Ok(Session {
        id: SessionId::from_bytes(row.get(0)?),
        user_id: UserId::from_bytes(row.get(1)?),
        client_id: row.get::<_, ClientIdColumn>(2)?.0,
        secret_hash: SecretHash(row.get(3)?),
        cnf: row.get::<_, Option<[u8; 32]>>(4)?.map(KeyThumbprint),
        epochs: Epochs { all: row.get(5)?, client: row.get(6)?, subject: row.get(7)? },
        generation: Generation::new(row.get(8)?),
        rotations: Rotations([maybe_time(9)?, maybe_time(10)?, maybe_time(11)?, maybe_time(12)?]),
        incarnation: Incarnation::from_bytes(row.get(13)?),
        device: row.get(14)?,
        created_at: time(15)?,
        idle_expires_at: time(16)?,
        expires_at: time(17)?,
        revoked_at: maybe_time(18)?,
    })
}
