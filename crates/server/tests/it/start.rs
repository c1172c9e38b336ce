//! Starting on a data directory, and starting again.

use std::path::Path;
use std::sync::Arc;
use waxseal_domain::ClientId;
use waxseal_domain::session::SessionPolicy;
use waxseal_server::{Options, RunError, Server};
use waxseal_service::{StartError, SystemRandomness};
use waxseal_test_support::{MockClock, passwords_for_tests};

fn options(directory: &Path) -> Options {
    Options {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: directory.to_owned(),
        issuer: Some("https://issuer.example".to_owned()),
        audience: "api".to_owned(),
        client_id: ClientId::new("web").unwrap(),
        dev: true,
        access_lifetime: std::time::Duration::from_secs(600),
        sessions: SessionPolicy::default(),
        passwords: passwords_for_tests(),
    }
}

async fn start(options: Options) -> Result<Server, RunError> {
    Server::start(options, Arc::new(MockClock::new()), Arc::new(SystemRandomness)).await
}

#[tokio::test]
async fn a_restart_keeps_keys_and_issuer() {
    let directory = tempfile::tempdir().unwrap();
    let first = start(options(directory.path())).await.unwrap();
    let keys = first.service().key_set().to_owned();
    first.stop().await.unwrap();
    let again = start(Options { issuer: None, ..options(directory.path()) }).await.unwrap();
    assert_eq!(again.service().key_set(), keys);
    assert_eq!(again.service().settings().issuer, "https://issuer.example");
    again.stop().await.unwrap();
    let other = Options { issuer: Some("https://other.example".to_owned()), ..options(directory.path()) };
    assert!(matches!(start(other).await, Err(RunError::Start(StartError::OtherIssuer { .. }))));
}

#[tokio::test]
async fn a_lost_or_changed_master_key_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    start(options(directory.path())).await.unwrap().stop().await.unwrap();
    let key = directory.path().join("master.key");
    std::fs::remove_file(&key).unwrap();
    let strict = Options { dev: false, ..options(directory.path()) };
    assert!(matches!(start(strict).await, Err(RunError::DataDir(_))));
    // With --dev a new key is made, and it does not unseal what the old one sealed.
    assert!(matches!(start(options(directory.path())).await, Err(RunError::Start(StartError::Unseal))));
    std::fs::write(&key, "not a key").unwrap();
    assert!(matches!(start(options(directory.path())).await, Err(RunError::DataDir(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn secrets_that_others_can_read_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    start(options(directory.path())).await.unwrap().stop().await.unwrap();
    for name in ["waxseal.db", "master.key", "feed.token"] {
        let mode = std::fs::metadata(directory.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    for name in ["master.key", "waxseal.db"] {
        let path = directory.path().join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o604)).unwrap();
        let refused = start(options(directory.path())).await.unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = start(Options { listen: taken.local_addr().unwrap(), ..options(directory.path()) })
        .await
        .unwrap_err();
    assert!(matches!(refused, RunError::Listen(..)), "{refused}");
}
