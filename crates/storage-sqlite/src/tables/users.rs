//! `users`.

use crate::row::{EmailColumn, Millis, UsernameColumn, engine};
use rusqlite::{Connection, OptionalExtension, Row, params};
use waxseal_domain::repository::InsertUserError;
use waxseal_domain::user::{Credential, NewUser, PasswordHash, User, UserState, Username};
use waxseal_domain::{StorageError, Timestamp, UserId};

pub(crate) fn insert(
    connection: &Connection,
    user: &NewUser,
    now: Timestamp,
) -> Result<User, InsertUserError> {
    let sql = "INSERT INTO users (id, username, username_key, email, state, password_hash, created_at)
               VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?6) ON CONFLICT (username_key) DO NOTHING";
    let email = user.email.as_ref().map(waxseal_domain::user::Email::as_str);
    let (name, key, hash) = (user.username.as_str(), user.username.key(), user.password_hash.as_phc());
    let values = params![user.id.as_bytes(), name, key, email, hash, now.millis()];
    match connection.execute(sql, values).map_err(engine)? {
        0 => Err(InsertUserError::UsernameTaken),
        _ => Ok(User {
            id: user.id,
            username: user.username.clone(),
            email: user.email.clone(),
            state: UserState::Active,
            created_at: now,
        }),
    }
}

pub(crate) fn find(connection: &Connection, id: UserId) -> Result<Option<User>, StorageError> {
    let sql = "SELECT id, username, email, state, created_at FROM users WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    statement.query_row([id.as_bytes()], read).optional().map_err(engine)
}

pub(crate) fn find_credential(
    connection: &Connection,
    name: &Username,
) -> Result<Option<Credential>, StorageError> {
    let sql = "SELECT id, username, email, state, created_at, password_hash, credential_version
               FROM users WHERE username_key = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    let read = |row: &Row<'_>| {
        let password_hash = PasswordHash::from_phc(row.get::<_, String>(5)?);
        Ok(Credential { user: read(row)?, password_hash, version: row.get(6)? })
    };
    statement.query_row([name.key()], read).optional().map_err(engine)
}

fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    let state: String = row.get(3)?;
    Ok(User {
        id: UserId::from_bytes(row.get(0)?),
        username: row.get::<_, UsernameColumn>(1)?.0,
        email: row.get::<_, Option<EmailColumn>>(2)?.map(|email| email.0),
        // The table's CHECK knows two states; whatever is not the one that may log in may not.
        state: if state == "active" { UserState::Active } else { UserState::Disabled },
        created_at: row.get::<_, Millis>(4)?.0,
    })
}
