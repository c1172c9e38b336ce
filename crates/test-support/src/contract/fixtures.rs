use crate::{MockClock, SeededRandomness};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use waxseal_domain::repository::RefreshOutcome;
use waxseal_domain::session::refresh::Presented;
use waxseal_domain::session::{Generation, NewSession, SecretHash, Session, SessionPolicy};
use waxseal_domain::user::{NewUser, PasswordHash, User, Username};
use waxseal_domain::{ClientId, SessionId, Store, UserId};

/// A fresh store, its clock, and whatever must live as long as it.
#[derive(Debug)]
pub struct Bench {
    /// The store under test.
    pub store: Arc<dyn Store>,
    /// The clock that it was given.
    pub clock: MockClock,
    /// Kept until the end, such as a temporary directory.
    pub keep: Box<dyn Any + Send + Sync>,
}

pub(super) const POLICY: SessionPolicy = SessionPolicy {
    idle_lifetime: Duration::from_secs(1_000),
    absolute_lifetime: Duration::from_secs(5_000),
    grace: Duration::from_secs(30),
    lost_answer: Duration::from_secs(500),
};

/// How long entries of the revocation log live.
pub(super) const ENTRY: Duration = Duration::from_secs(700);

impl Bench {
    pub(super) fn client() -> ClientId {
        ClientId::new("web").unwrap()
    }

    pub(super) async fn insert_user(&self, name: &str) -> User {
        self.store.insert_user(self.new_user(name)).await.unwrap()
    }

    pub(super) fn new_user(&self, name: &str) -> NewUser {
        let randomness = SeededRandomness::new(name.len() as u64);
        NewUser {
            id: UserId::generate(self.store.now(), &randomness).unwrap(),
            username: Username::new(name).unwrap(),
            email: None,
            password_hash: PasswordHash::from_phc(format!("hash of {name}")),
        }
    }

    pub(super) async fn begin(&self, user: &User) -> Session {
        self.store.ensure_client(&Self::client()).await.unwrap();
        self.store.begin_session(new_session(user, 1), &POLICY).await.unwrap()
    }

    pub(super) async fn refresh(&self, session: &Session, generation: u32) -> RefreshOutcome {
        self.store.refresh_session(&presented(session, generation), &POLICY, ENTRY).await.unwrap()
    }
}

pub(super) fn new_session(user: &User, credential_version: u32) -> NewSession {
    NewSession {
        id: SessionId::from_bytes(*user.id.as_bytes()),
        user_id: user.id,
        client_id: Bench::client(),
        secret_hash: SecretHash([4; 32]),
        cnf: None,
        device: Some("a phone".to_owned()),
        credential_version,
    }
}

pub(super) fn presented(session: &Session, generation: u32) -> Presented {
    Presented {
        session_id: session.id,
        generation: Generation::new(generation),
        secret_hash: session.secret_hash,
        client_id: session.client_id.clone(),
        cnf: session.cnf,
        client_proved_key: false,
    }
}
