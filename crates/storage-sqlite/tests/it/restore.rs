//! A database that went back in time keeps people logged in, and only once.

use std::sync::Arc;
use std::time::Duration;
use waxseal_domain::repository::{ClientRepository, RefreshOutcome, SessionRepository, UserRepository};
use waxseal_domain::session::refresh::{Presented, Refusal};
use waxseal_domain::session::{Generation, NewSession, SecretHash, SessionPolicy};
use waxseal_domain::user::{NewUser, PasswordHash, Username};
use waxseal_domain::{ClientId, SessionId, UserId};
use waxseal_storage_sqlite::SqliteStore;
use waxseal_test_support::{MockClock, SeededRandomness};

const ENTRY: Duration = Duration::from_secs(700);

#[tokio::test]
async fn a_token_newer_than_its_row_is_taken_only_after_a_restore() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let open = || SqliteStore::open(&path, Arc::new(MockClock::new()), &SeededRandomness::new(1)).unwrap();
    let policy = SessionPolicy::default();
    let store = open();
    let presented = begin(&store, &policy).await;
    let refresh = async |store: &SqliteStore, generation: u32| {
        let presented = Presented { generation: Generation::new(generation), ..presented.clone() };
        store.refresh_session(&presented, &policy, ENTRY).await.unwrap()
    };
    let ahead = refresh(&store, 9).await;
    assert!(matches!(ahead, RefreshOutcome::Refused(Refusal::FromTheFuture)), "{ahead:?}");
    drop(store);

    let other_life = rusqlite::Connection::open(&path).unwrap();
    other_life.execute("UPDATE store SET incarnation = ?1", [[0xff_u8; 16]]).unwrap();
    drop(other_life);
    let restored = open();
    let outcome = refresh(&restored, 9).await;
    let RefreshOutcome::Rotated { session, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(session.generation, Generation::new(10), "it goes on from the token");
    let again = refresh(&restored, 40).await;
    assert!(matches!(again, RefreshOutcome::Refused(Refusal::FromTheFuture)), "once only: {again:?}");
}

async fn begin(store: &SqliteStore, policy: &SessionPolicy) -> Presented {
    let client_id = ClientId::new("web").unwrap();
    let user = NewUser {
        id: UserId::from_bytes([1; 16]),
        username: Username::new("alice").unwrap(),
        email: None,
        password_hash: PasswordHash::from_phc("hash"),
    };
    store.ensure_client(&client_id).await.unwrap();
    let user = store.insert_user(user).await.unwrap();
    let new = NewSession {
        id: SessionId::from_bytes([2; 16]),
        user_id: user.id,
        client_id: client_id.clone(),
        secret_hash: SecretHash([3; 32]),
        cnf: None,
        device: None,
        credential_version: 1,
    };
    let session = store.begin_session(new, policy).await.unwrap();
    Presented {
        session_id: session.id,
        generation: session.generation,
        secret_hash: session.secret_hash,
        client_id,
        cnf: None,
        client_proved_key: false,
    }
}
