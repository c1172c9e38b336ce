use std::sync::Arc;
use waxseal_storage_sqlite::SqliteStore;
use waxseal_test_support::contract::Bench;
use waxseal_test_support::{MockClock, SeededRandomness, contract_suite};

async fn sqlite() -> Bench {
    let directory = tempfile::tempdir().unwrap();
    let clock = MockClock::new();
    let path = directory.path().join("test.db");
    let store = SqliteStore::open(&path, Arc::new(clock.clone()), &SeededRandomness::new(1)).unwrap();
    Bench { store: Arc::new(store), clock, keep: Box::new(directory) }
}

contract_suite!(sqlite);
