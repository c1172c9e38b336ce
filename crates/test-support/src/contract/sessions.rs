//! Sessions and the revocation log.
#![allow(missing_docs, reason = "the names of the tests say what they show")]

use super::Bench;
use super::fixtures::{ENTRY, POLICY, new_session, presented};
use std::collections::HashSet;
use std::time::Duration;
use waxseal_domain::repository::{BeginSessionError, LogoutOutcome, RefreshOutcome};
use waxseal_domain::revocation::{Position, Target};
use waxseal_domain::session::refresh::{Presented, Refusal, Replay};
use waxseal_domain::session::{Generation, KeyThumbprint, SecretHash};
use waxseal_domain::{ClientId, Incarnation, SessionId};

pub async fn a_login_needs_the_credential_that_was_checked(bench: Bench) {
    let user = bench.insert_user("alice").await;
    bench.store.ensure_client(&Bench::client()).await.unwrap();
    let stale = bench.store.begin_session(new_session(&user, 2), &POLICY).await;
    assert!(matches!(stale, Err(BeginSessionError::CredentialChanged)), "{stale:?}");
    let session = bench.begin(&user).await;
    assert_eq!(session.generation, Generation::FIRST);
    assert_eq!(session.device.as_deref(), Some("a phone"));
    let found = bench.store.find_session(session.id).await.unwrap().unwrap().0;
    assert_eq!(found, session);
    assert_eq!(bench.store.list_sessions(user.id).await.unwrap(), [session]);
}

pub async fn a_refresh_moves_one_generation(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    for generation in 0..6 {
        bench.clock.advance(Duration::from_secs(60));
        let RefreshOutcome::Rotated { session: now, at } = bench.refresh(&session, generation).await else {
            panic!("generation {generation} was not taken");
        };
        assert_eq!(now.generation.number(), generation + 1);
        assert_eq!(now.rotations.latest(), Some(at));
        assert_eq!(now.idle_expires_at, at.saturating_add(POLICY.idle_lifetime).min(now.expires_at));
        assert_eq!(
            (now.created_at, now.expires_at, now.epochs),
            (session.created_at, session.expires_at, session.epochs)
        );
    }
}

pub async fn racing_refreshes_write_once(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    let mut races = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (store, presented) = (bench.store.clone(), presented(&session, 0));
        races.spawn(async move { store.refresh_session(&presented, &POLICY, ENTRY).await.unwrap() });
    }
    let (mut rotated, mut generations) = (0, HashSet::new());
    for outcome in races.join_all().await {
        match outcome {
            RefreshOutcome::Rotated { session, .. } => {
                rotated += 1;
                generations.insert(session.generation);
            }
            RefreshOutcome::Replayed { session, reason: Replay::Grace, .. } => {
                generations.insert(session.generation);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((rotated, generations), (1, HashSet::from([Generation::new(1)])));
}

pub async fn an_old_token_ends_the_session(bench: Bench) {
    let user = bench.insert_user("alice").await;
    let session = bench.begin(&user).await;
    bench.refresh(&session, 0).await;
    bench.clock.advance(Duration::from_secs(31));
    assert!(matches!(bench.refresh(&session, 0).await, RefreshOutcome::Reused));
    for generation in [0, 1, 2] {
        let outcome = bench.refresh(&session, generation).await;
        assert!(matches!(outcome, RefreshOutcome::Refused(Refusal::Revoked)), "{outcome:?}");
    }
    assert!(bench.store.list_sessions(user.id).await.unwrap().is_empty());
    let (position, entries) = bench.store.revocation_snapshot().await.unwrap();
    assert_eq!((position.seq, entries.len()), (1, 1), "one entry, whatever is tried afterwards");
    assert_eq!(entries[0].target, Target::Session(session.id));
    assert_eq!(entries[0].expires_at, entries[0].at.saturating_add(ENTRY));
}

pub async fn the_grace_window_is_the_clocks(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    bench.refresh(&session, 0).await;
    bench.clock.advance(Duration::from_secs(30));
    let outcome = bench.refresh(&session, 0).await;
    let RefreshOutcome::Replayed { session: now, reason: Replay::Grace, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(now.generation, Generation::new(1), "replaying moves nothing");
    bench.clock.advance(Duration::from_millis(1));
    assert!(
        matches!(bench.refresh(&session, 0).await, RefreshOutcome::Reused),
        "a replay does not extend the window"
    );
}

pub async fn strangers_change_nothing(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    bench.refresh(&session, 0).await;
    bench.clock.advance(Duration::from_secs(60));
    let good = presented(&session, 0);
    let strangers = [
        Presented { client_id: ClientId::new("other").unwrap(), ..good.clone() },
        Presented { secret_hash: SecretHash([0; 32]), ..good.clone() },
        Presented { cnf: Some(KeyThumbprint([1; 32])), ..good.clone() },
        Presented { session_id: SessionId::from_bytes([9; 16]), ..good.clone() },
        Presented { generation: Generation::new(2), ..good },
    ];
    for stranger in strangers {
        let outcome = bench.store.refresh_session(&stranger, &POLICY, ENTRY).await.unwrap();
        assert!(matches!(outcome, RefreshOutcome::Refused(_)), "{stranger:?}: {outcome:?}");
    }
    assert!(matches!(bench.refresh(&session, 1).await, RefreshOutcome::Rotated { .. }), "the owner goes on");
}

pub async fn sessions_end_by_time(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    bench.clock.advance(Duration::from_secs(999));
    assert!(matches!(bench.refresh(&session, 0).await, RefreshOutcome::Rotated { .. }));
    for generation in 1..5 {
        bench.clock.advance(Duration::from_secs(900));
        assert!(
            matches!(bench.refresh(&session, generation).await, RefreshOutcome::Rotated { .. }),
            "{generation}"
        );
    }
    bench.clock.advance(Duration::from_secs(401));
    let outcome = bench.refresh(&session, 5).await;
    assert!(matches!(outcome, RefreshOutcome::Refused(Refusal::Expired)), "absolute: {outcome:?}");
    let idle = bench.begin(&bench.insert_user("bob").await).await;
    bench.clock.advance(Duration::from_secs(1_000));
    let outcome = bench.refresh(&idle, 0).await;
    assert!(matches!(outcome, RefreshOutcome::Refused(Refusal::Expired)), "idle: {outcome:?}");
}

pub async fn logout_takes_any_generation(bench: Bench) {
    for (generation, name) in [(0, "alice"), (1, "bob12"), (2, "carol12")] {
        let session = bench.begin(&bench.insert_user(name).await).await;
        bench.refresh(&session, 0).await;
        bench.clock.advance(Duration::from_secs(100));
        let stranger =
            Presented { client_id: ClientId::new("other").unwrap(), ..presented(&session, generation) };
        assert_eq!(bench.store.end_session(&stranger, ENTRY).await.unwrap(), LogoutOutcome::Refused);
        let owner = presented(&session, generation);
        assert_eq!(
            bench.store.end_session(&owner, ENTRY).await.unwrap(),
            LogoutOutcome::Revoked,
            "{generation}"
        );
        assert_eq!(bench.store.end_session(&owner, ENTRY).await.unwrap(), LogoutOutcome::AlreadyOver);
    }
    assert_eq!(bench.store.revocation_snapshot().await.unwrap().0.seq, 3);
}

pub async fn a_clock_that_steps_back_revives_nothing(bench: Bench) {
    let session = bench.begin(&bench.insert_user("alice").await).await;
    bench.clock.advance(Duration::from_secs(1_001));
    assert!(matches!(bench.refresh(&session, 0).await, RefreshOutcome::Refused(Refusal::Expired)));
    bench.clock.step_back(Duration::from_secs(900));
    let outcome = bench.refresh(&session, 0).await;
    assert!(matches!(outcome, RefreshOutcome::Refused(Refusal::Expired)), "{outcome:?}");
}

pub async fn revocations_come_in_order(bench: Bench) {
    let mut changes = bench.store.watch_revocations();
    let start = *changes.borrow_and_update();
    assert_eq!(start.seq, 0);
    let mut targets = Vec::new();
    for name in ["a", "bb", "ccc"] {
        let session = bench.begin(&bench.insert_user(name).await).await;
        bench.store.end_session(&presented(&session, 0), ENTRY).await.unwrap();
        targets.push(Target::Session(session.id));
    }
    let head = *changes.wait_for(|position| position.seq == 3).await.unwrap();
    let (read_head, entries) = bench.store.revocations_since(start).await.unwrap().unwrap();
    assert_eq!(read_head, head);
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(entries.into_iter().map(|entry| entry.target).collect::<Vec<_>>(), targets);
    let after_two = Position { seq: 2, ..head };
    assert_eq!(bench.store.revocations_since(after_two).await.unwrap().unwrap().1.len(), 1);
    assert!(
        bench.store.revocations_since(Position { seq: 4, ..head }).await.unwrap().is_none(),
        "ahead of the log"
    );
    let elsewhere = Position { incarnation: Incarnation::from_bytes([0; 16]), seq: 0 };
    assert!(
        bench.store.revocations_since(elsewhere).await.unwrap().is_none(),
        "another life of the database"
    );
    bench.clock.advance(ENTRY);
    assert!(
        bench.store.revocation_snapshot().await.unwrap().1.is_empty(),
        "entries die with the tokens that they refuse"
    );
}
