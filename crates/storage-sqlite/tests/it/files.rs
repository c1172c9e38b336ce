use std::fs;
use std::path::Path;
use std::sync::Arc;
use waxseal_domain::repository::StoreInfo;
use waxseal_storage_sqlite::{OpenError, SqliteStore};
use waxseal_test_support::{MockClock, SeededRandomness};

fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(path, Arc::new(MockClock::new()), &SeededRandomness::new(1))
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_and_refused_otherwise() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    drop(open(&path).unwrap());
    for entry in fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, OpenError::Shared(_)), "{refused}");
    assert!(refused.to_string().contains("chmod 600"));
}

#[test]
fn a_second_server_is_kept_out() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let first = open(&path).unwrap();
    assert!(matches!(open(&path), Err(OpenError::InUse(_))));
    drop(first);
    assert!(open(&path).is_ok(), "free again");
}

#[test]
fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(open(&directory.path().join("missing/test.db")), Err(OpenError::File { .. })));
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let store = open(&path).unwrap();
    assert_eq!(store.claim_issuer("https://a").await.unwrap(), "https://a");
    drop(store);
    assert_eq!(open(&path).unwrap().claim_issuer("https://b").await.unwrap(), "https://a");
}
