//! Which tokens are refused after which events.

use super::event::{Body, Entry, Event, Position};
use super::hash::{HashKey, Kind};
use super::{Claims, Denied, Epochs, Feed, Outcome, Revocations};
use crate::StalePolicy;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const NOW: u64 = 1_800_000_000;
const EXP: u64 = NOW + 960;
const STALE_AFTER: Duration = Duration::from_secs(5);
const CLAIMS: Claims<'static> = Claims {
    kid: Some("key"),
    sid: "session",
    sub: "subject",
    jti: "token",
    client_id: "client",
    epochs: Epochs { all: 5, client: 5, subject: 5 },
    issued_at: NOW,
};

/// A feed under test, with a hash key per life of the issuer's store.
struct Bench {
    revocations: Arc<Revocations>,
    feed: Feed,
}

impl Bench {
    fn new(policy: StalePolicy) -> Self {
        Self::with_limit(policy, 10_000)
    }

    fn with_limit(policy: StalePolicy, limit: usize) -> Self {
        let revocations = Arc::new(Revocations::new(policy, STALE_AFTER));
        let feed = Feed::new(Arc::clone(&revocations), limit);
        Self { revocations, feed }
    }

    /// A feed that has just had an empty snapshot of life 1 at sequence number 10.
    fn ready() -> Self {
        let mut bench = Self::new(StalePolicy::Reject);
        assert_eq!(bench.apply(snapshot(1, 10, vec![])), Outcome::Current);
        bench
    }

    fn apply(&mut self, event: Event) -> Outcome {
        let now = at(event.issued_at);
        self.feed.apply(event, now)
    }

    fn check(&self, claims: &Claims<'_>) -> Result<(), Denied> {
        self.revocations.check(claims, at(NOW))
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn position(life: u8, seq: u64) -> Position {
    Position { incarnation: format!("00000000-0000-4000-8000-00000000000{life}"), seq }
}

fn key(life: u8) -> HashKey {
    HashKey::from_base64url(&format!("{}A", char::from(b'a' + life).to_string().repeat(42))).unwrap()
}

fn event(life: u8, seq: u64, body: Body, entries: Vec<Entry>) -> Event {
    Event { position: position(life, seq), issued_at: NOW, more: false, body, entries }
}

fn snapshot(life: u8, seq: u64, entries: Vec<Entry>) -> Event {
    event(life, seq, Body::Snapshot { hash_key: Some(Arc::new(key(life))) }, entries)
}

fn revocations(life: u8, from: u64, seq: u64, entries: Vec<Entry>) -> Event {
    event(life, seq, Body::Revocations { from }, entries)
}

fn heartbeat(life: u8, seq: u64) -> Event {
    event(life, seq, Body::Heartbeat, vec![])
}

fn entry(life: u8, kind: Kind, value: &str, epoch: Option<u32>) -> Entry {
    let hash = (kind != Kind::All).then(|| key(life).hash(kind, value).unwrap());
    Entry { kind, hash, epoch, exp: EXP }
}

#[test]
fn each_kind_of_entry_refuses_what_it_names_and_nothing_else() {
    let cases = [
        (Kind::Session, "session", None, true),
        (Kind::Session, "token", None, false),
        (Kind::Token, "token", None, true),
        (Kind::Token, "session", None, false),
        (Kind::SigningKey, "key", None, true),
        (Kind::SigningKey, "other", None, false),
        (Kind::Subject, "subject", Some(6), true),
        (Kind::Subject, "subject", Some(5), false),
        (Kind::Subject, "client", Some(6), false),
        (Kind::Client, "client", Some(6), true),
        (Kind::Client, "client", Some(5), false),
        (Kind::All, "", Some(6), true),
        (Kind::All, "", Some(5), false),
    ];
    for (kind, value, epoch, refused) in cases {
        for in_snapshot in [true, false] {
            let mut bench = Bench::ready();
            let entries = vec![entry(1, kind, value, epoch)];
            let event = if in_snapshot { snapshot(1, 11, entries) } else { revocations(1, 10, 11, entries) };
            assert_eq!(bench.apply(event), Outcome::Current);
            let expected = if refused { Err(Denied::Revoked(kind)) } else { Ok(()) };
            assert_eq!(bench.check(&CLAIMS), expected, "{kind:?} {value} {epoch:?}");
        }
    }
}

#[test]
fn a_token_without_key_id_is_still_checked_for_the_rest() {
    let mut bench = Bench::ready();
    bench.apply(revocations(1, 10, 11, vec![entry(1, Kind::Session, "session", None)]));
    assert_eq!(bench.check(&Claims { kid: None, ..CLAIMS }), Err(Denied::Revoked(Kind::Session)));
}

#[test]
fn of_two_entries_for_one_name_the_stricter_counts() {
    for epochs in [[6, 3], [3, 6]] {
        let mut bench = Bench::ready();
        let entries = epochs.map(|epoch| entry(1, Kind::Subject, "subject", Some(epoch)));
        bench.apply(revocations(1, 10, 12, entries.into()));
        assert_eq!(bench.check(&CLAIMS), Err(Denied::Revoked(Kind::Subject)), "{epochs:?}");
    }
}

#[test]
fn positions_and_what_may_follow_them() {
    let cases: &[(Event, Outcome, Option<u64>)] = &[
        (heartbeat(1, 10), Outcome::Current, Some(10)),
        (revocations(1, 10, 12, vec![]), Outcome::Current, Some(12)),
        (revocations(1, 10, 10, vec![]), Outcome::Current, Some(10)),
        (revocations(1, 8, 12, vec![]), Outcome::Current, Some(12)),
        (revocations(1, 8, 9, vec![]), Outcome::Waiting, Some(10)),
        (revocations(1, 11, 12, vec![]), Outcome::Resync, None),
        (revocations(2, 10, 12, vec![]), Outcome::Resync, None),
        (heartbeat(2, 10), Outcome::Resync, None),
        (heartbeat(1, 11), Outcome::Waiting, Some(10)),
        (heartbeat(1, 9), Outcome::Waiting, Some(10)),
        (snapshot(1, 20, vec![]), Outcome::Current, Some(20)),
        (snapshot(2, 3, vec![]), Outcome::Current, Some(3)),
        (event(1, 20, Body::Snapshot { hash_key: None }, vec![]), Outcome::Resync, None),
    ];
    for (event, outcome, seq) in cases {
        let mut bench = Bench::ready();
        let copy = Event {
            position: event.position.clone(),
            body: match &event.body {
                Body::Snapshot { hash_key } => Body::Snapshot { hash_key: hash_key.clone() },
                Body::Revocations { from } => Body::Revocations { from: *from },
                Body::Heartbeat => Body::Heartbeat,
            },
            entries: vec![],
            ..*event
        };
        assert_eq!(bench.apply(copy), *outcome, "{event:?}");
        assert_eq!(bench.feed.position().map(|position| position.seq), *seq, "{event:?}");
    }
}

#[test]
fn heartbeats_that_keep_disagreeing_mean_something_was_lost() {
    let mut bench = Bench::ready();
    assert_eq!(bench.apply(heartbeat(1, 11)), Outcome::Waiting);
    assert_eq!(bench.apply(heartbeat(1, 11)), Outcome::Waiting);
    assert_eq!(bench.apply(heartbeat(1, 11)), Outcome::Resync);
}

#[test]
fn a_snapshot_in_parts_counts_when_it_is_whole() {
    let mut bench = Bench::new(StalePolicy::Reject);
    let first = Event { more: true, ..snapshot(1, 10, vec![entry(1, Kind::Session, "session", None)]) };
    assert_eq!(bench.apply(first), Outcome::Waiting);
    assert_eq!(bench.feed.position(), None, "a cut-off snapshot must not be resumed");
    assert_eq!(
        bench.check(&CLAIMS),
        Err(Denied::Revoked(Kind::Session)),
        "but what is known refuses already"
    );
    let other = Claims { sid: "other", ..CLAIMS };
    assert_eq!(bench.check(&other), Err(Denied::Stale));
    let last = event(1, 12, Body::Snapshot { hash_key: None }, vec![]);
    assert_eq!(bench.apply(last), Outcome::Current);
    assert_eq!(bench.check(&other), Ok(()));
}

#[test]
fn a_part_of_a_snapshot_from_before_the_connection_broke_is_not_continued() {
    let mut bench = Bench::new(StalePolicy::Reject);
    bench.apply(Event { more: true, ..snapshot(1, 10, vec![]) });
    bench.feed.connecting();
    assert_eq!(bench.apply(event(1, 12, Body::Snapshot { hash_key: None }, vec![])), Outcome::Resync);
}

#[test]
fn entries_of_a_former_life_stay_until_they_expire() {
    let mut bench = Bench::ready();
    bench.apply(revocations(1, 10, 11, vec![entry(1, Kind::Session, "session", None)]));
    assert_eq!(bench.apply(snapshot(2, 0, vec![])), Outcome::Current);
    assert_eq!(bench.check(&CLAIMS), Err(Denied::Revoked(Kind::Session)));
    bench.apply(Event { issued_at: EXP, ..heartbeat(2, 0) });
    assert_eq!(bench.revocations.check(&CLAIMS, at(EXP)), Ok(()));
    assert!(bench.revocations.is_empty());
}

#[test]
fn entries_expire_only_when_both_clocks_say_so() {
    for (issuer, local, kept) in
        [(EXP, NOW, true), (NOW, EXP, true), (EXP - 1, EXP - 1, true), (EXP, EXP, false)]
    {
        let mut bench = Bench::ready();
        bench.apply(revocations(1, 10, 11, vec![entry(1, Kind::Session, "session", None)]));
        bench.feed.apply(Event { issued_at: issuer, ..heartbeat(1, 11) }, at(local));
        assert_eq!(!bench.revocations.is_empty(), kept, "{issuer} {local}");
    }
}

#[test]
fn expired_entries_leave_while_others_stay() {
    let mut bench = Bench::ready();
    let short = Entry { exp: NOW + 10, ..entry(1, Kind::Session, "other", None) };
    bench.apply(revocations(1, 10, 12, vec![short, entry(1, Kind::Session, "session", None)]));
    bench.apply(Event { issued_at: NOW + 100, ..heartbeat(1, 12) });
    assert_eq!(bench.revocations.len(), 1);
    assert_eq!(bench.check(&CLAIMS), Err(Denied::Revoked(Kind::Session)));
}

#[test]
fn a_stale_feed_is_judged_by_the_policy() {
    let cap = StalePolicy::CapAge(Duration::from_secs(60));
    let cases = [
        (StalePolicy::Accept, NOW - 1000, Ok(())),
        (StalePolicy::Reject, NOW, Err(Denied::Stale)),
        (cap, NOW - 59, Ok(())),
        (cap, NOW - 60, Err(Denied::TooOld)),
        (cap, NOW + 30, Ok(())),
    ];
    for (policy, issued_at, expected) in cases {
        let claims = Claims { issued_at, ..CLAIMS };
        let mut bench = Bench::new(policy);
        assert_eq!(bench.check(&claims), expected, "never reached, {policy:?}");
        bench.apply(snapshot(1, 10, vec![]));
        assert_eq!(bench.check(&claims), Ok(()), "fresh, {policy:?}");
        let later = at(NOW) + STALE_AFTER + Duration::from_millis(1);
        let claims = Claims { issued_at: issued_at + 5, ..CLAIMS };
        assert_eq!(bench.revocations.check(&claims, later), expected, "stale, {policy:?}");
        let entries = vec![entry(1, Kind::Session, "session", None)];
        bench.apply(revocations(1, 10, 11, entries));
        let refused = Err(Denied::Revoked(Kind::Session));
        assert_eq!(
            bench.revocations.check(&claims, later),
            refused,
            "known revocations count under {policy:?}"
        );
    }
}

#[test]
fn what_does_not_bring_the_feed_up_to_date_does_not_make_it_fresh() {
    for event in [
        heartbeat(1, 11),
        revocations(1, 11, 12, vec![]),
        Event { more: true, ..revocations(1, 10, 11, vec![]) },
    ] {
        let mut bench = Bench::ready();
        let later = at(NOW) + STALE_AFTER * 2;
        bench.feed.apply(event, later);
        assert_eq!(bench.revocations.check(&CLAIMS, later), Err(Denied::Stale));
    }
}

#[test]
fn too_many_entries_make_the_feed_stale_and_free_nobody() {
    let mut bench = Bench::with_limit(StalePolicy::Reject, 2);
    bench.apply(snapshot(1, 10, vec![entry(1, Kind::Session, "session", None)]));
    let more = ["a", "b"].map(|value| entry(1, Kind::Session, value, None));
    assert_eq!(bench.apply(revocations(1, 10, 12, more.into())), Outcome::Overflow);
    assert_eq!(bench.feed.position(), None);
    assert_eq!(bench.check(&CLAIMS), Err(Denied::Revoked(Kind::Session)));
    assert_eq!(bench.check(&Claims { sid: "x", ..CLAIMS }), Err(Denied::Stale));
    assert_eq!(bench.apply(snapshot(1, 12, vec![])), Outcome::Current, "a snapshot that fits heals it");
}

#[test]
fn a_large_table_keeps_every_entry_through_folding() {
    let mut bench = Bench::ready();
    for batch in 0..9u64 {
        let values = (0..1000).map(|index| format!("session-{}", batch * 1000 + index));
        let entries: Vec<_> = values.map(|value| entry(1, Kind::Session, &value, None)).collect();
        bench.apply(revocations(1, 10 + batch * 1000, 10 + (batch + 1) * 1000, entries));
    }
    assert_eq!(bench.revocations.len(), 9000);
    for index in [0, 999, 1000, 4321, 8999] {
        let sid = format!("session-{index}");
        assert_eq!(
            bench.check(&Claims { sid: &sid, ..CLAIMS }),
            Err(Denied::Revoked(Kind::Session)),
            "{sid}"
        );
    }
    assert_eq!(bench.check(&CLAIMS), Ok(()));
}
