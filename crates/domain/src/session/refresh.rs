//! What a presented refresh token means when the compare-and-swap changed no row.
//!
//! In the field most "reuse" is honest: two tabs, an answer lost on the way, a server killed between commit and answer.
//! So a token superseded a moment ago is answered with the *current* one, byte for byte the same for every racer, and
//! nothing is written. Outside that window two parties hold the token, and the session ends (RFC 9700 §4.14.2).
//!
//! Two thieves to keep in mind. One uses a stolen token *before* its owner: the owner's next refresh comes minutes
//! later, outside the window, and ends the session for both. One uses it *after* its owner and inside the window: it
//! gets the same successor, and has to be second again at every later refresh to stay unseen.

use super::{Generation, KeyThumbprint, SecretHash, Session, SessionPolicy};
use crate::{ClientId, Incarnation, SessionId, Timestamp};
use std::time::Duration;

/// What a refresh or logout request showed, after the tag of its token was found authentic.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The session that the token names.
    pub session_id: SessionId,
    /// The generation that the token names.
    pub generation: Generation,
    /// SHA-256 of the random value in the token.
    pub secret_hash: SecretHash,
    /// The client that sent it.
    pub client_id: ClientId,
    /// The key that the request proved to hold (`DPoP`, mutual TLS).
    pub cnf: Option<KeyThumbprint>,
    /// Whether the client authenticated by a key of its own (`private_key_jwt`).
    pub client_proved_key: bool,
}

/// What to do with a refresh token that the compare-and-swap did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is the current one after all: somebody else's swap came between. Try once more.
    SwapAgain,
    /// Hand out the current token again; write nothing.
    Replay(Replay),
    /// The database was restored from before this token was made: continue from the token.
    MoveForward,
    /// Refuse, and change nothing.
    Refuse(Refusal),
    /// A copy of the token exists: revoke the session and refuse.
    Revoke,
}

/// Why the current token is handed out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Superseded a moment ago.
    Grace,
    /// Superseded longer ago, and the request proved the key that the session is bound to.
    LostAnswer,
}

/// Why a refresh is refused without a trace in the session. On the wire each is `invalid_grant` (RFC 6749 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such session.
    Unknown,
    /// Another client, another key or another random value than the session's.
    Mismatch,
    /// The session was revoked before.
    Revoked,
    /// The session ended by time.
    Expired,
    /// Newer than the row, though the database never went back in time. Cannot happen; worth an alert.
    FromTheFuture,
}

/// Decides on a token that the compare-and-swap did not take. Pure; the caller acts.
///
/// `incarnation` is the present life of the database; `now` is the store's clock.
#[must_use]
pub fn decide(
    session: &Session,
    presented: &Presented,
    incarnation: Incarnation,
    policy: &SessionPolicy,
    now: Timestamp,
) -> Decision {
    if let Err(refusal) = admit(session, presented, now) {
        return Decision::Refuse(refusal);
    }
    match presented.generation.behind(session.generation) {
        Some(0) => Decision::SwapAgain,
        Some(behind) => superseded(session, presented, behind, policy, now),
        None if session.incarnation != incarnation => Decision::MoveForward,
        None => Decision::Refuse(Refusal::FromTheFuture),
    }
}

/// Checks that the request speaks for this session and that the session lives.
///
/// Who cannot show the session's client, key and random value must not be able to change it, nor learn its state.
///
/// # Errors
/// In this order: [`Refusal::Mismatch`], [`Refusal::Revoked`], [`Refusal::Expired`].
pub fn admit(session: &Session, presented: &Presented, now: Timestamp) -> Result<(), Refusal> {
    if !speaks_for(session, presented) {
        return Err(Refusal::Mismatch);
    }
    if session.revoked_at.is_some() {
        return Err(Refusal::Revoked);
    }
    if session.is_live(now) { Ok(()) } else { Err(Refusal::Expired) }
}

/// Whether client, key and random value are those of the session. Enough to end it (RFC 7009), not to continue it.
#[must_use]
pub fn speaks_for(session: &Session, presented: &Presented) -> bool {
    session.id == presented.session_id
        && session.client_id == presented.client_id
        && session.cnf == presented.cnf
        && session.secret_hash == presented.secret_hash
}

fn superseded(
    session: &Session,
    presented: &Presented,
    behind: u32,
    policy: &SessionPolicy,
    now: Timestamp,
) -> Decision {
    let within = |window: Duration| {
        let age = session.rotations.superseded_at(behind).and_then(|at| now.since(at));
        age.is_some_and(|age| age <= window)
    };
    // `admit` has compared the proved key with the session's, so a bound session means a proved key.
    let key_proved = session.cnf.is_some() || presented.client_proved_key;
    if within(policy.grace) {
        Decision::Replay(Replay::Grace)
    } else if behind == 1 && key_proved && within(policy.lost_answer) {
        Decision::Replay(Replay::LostAnswer)
    } else {
        Decision::Revoke
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Epochs, Rotations};
    use super::*;
    use crate::UserId;

    const NOW: i64 = 1_000_000_000;
    const THIS_LIFE: Incarnation = Incarnation::from_bytes([1; 16]);
    const EARLIER_LIFE: Incarnation = Incarnation::from_bytes([0; 16]);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn session() -> Session {
        Session {
            id: SessionId::from_bytes([7; 16]),
            user_id: UserId::from_bytes([8; 16]),
            client_id: ClientId::new("web").unwrap(),
            secret_hash: SecretHash([9; 32]),
            cnf: None,
            epochs: Epochs::default(),
            generation: Generation::new(10),
            rotations: Rotations([1_000, 2_000, 29_999, 30_001].map(|ago| Some(at(NOW - ago)))),
            incarnation: THIS_LIFE,
            device: None,
            created_at: at(0),
            idle_expires_at: at(NOW + 1),
            expires_at: at(NOW + 1),
            revoked_at: None,
        }
    }

    fn presented(generation: u32) -> Presented {
        let session = session();
        Presented {
            session_id: session.id,
            generation: Generation::new(generation),
            secret_hash: session.secret_hash,
            client_id: session.client_id,
            cnf: None,
            client_proved_key: false,
        }
    }

    fn decided(session: &Session, presented: &Presented) -> Decision {
        decide(session, presented, THIS_LIFE, &SessionPolicy::default(), at(NOW))
    }

    #[test]
    fn generations() {
        let table = [
            (10, Decision::SwapAgain),
            (9, Decision::Replay(Replay::Grace)),
            (8, Decision::Replay(Replay::Grace)),
            (7, Decision::Replay(Replay::Grace)),
            (6, Decision::Revoke),
            (5, Decision::Revoke),
            (0, Decision::Revoke),
            (11, Decision::Refuse(Refusal::FromTheFuture)),
            (u32::MAX, Decision::Refuse(Refusal::FromTheFuture)),
        ];
        for (generation, expected) in table {
            assert_eq!(decided(&session(), &presented(generation)), expected, "generation {generation}");
        }
    }

    #[test]
    fn the_grace_window_is_closed_at_both_ends() {
        let mut session = session();
        for (ago, expected) in [
            (0, Decision::Replay(Replay::Grace)),
            (30_000, Decision::Replay(Replay::Grace)),
            (30_001, Decision::Revoke),
            // A clock that stepped back: the rotation lies in the future, and the window is not open.
            (-1, Decision::Revoke),
        ] {
            session.rotations = Rotations([Some(at(NOW - ago)), None, None, None]);
            assert_eq!(decided(&session, &presented(9)), expected, "superseded {ago} ms ago");
        }
    }

    #[test]
    fn a_lost_answer_is_given_again_to_the_proved_key_only() {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let bound = Session { cnf: Some(KeyThumbprint([3; 32])), ..session() };
        for (ago, expected) in [(DAY, Decision::Replay(Replay::LostAnswer)), (DAY + 1, Decision::Revoke)] {
            let session = Session { rotations: Rotations([Some(at(NOW - ago)); 4]), ..bound.clone() };
            let proved = Presented { cnf: session.cnf, ..presented(9) };
            assert_eq!(decided(&session, &proved), expected, "{ago}");
            assert_eq!(
                decided(&session, &Presented { generation: Generation::new(8), ..proved }),
                Decision::Revoke
            );
            // Without the key the request does not even speak for the session: a thief cannot end it.
            assert_eq!(decided(&session, &presented(9)), Decision::Refuse(Refusal::Mismatch));
            let unbound = Session { cnf: None, ..session };
            let by_client_key = Presented { client_proved_key: true, ..presented(9) };
            assert_eq!(decided(&unbound, &by_client_key), expected, "{ago}");
            assert_eq!(decided(&unbound, &presented(9)), Decision::Revoke);
        }
    }

    #[test]
    fn strangers_are_refused_before_anything_is_said_about_the_session() {
        let over = Session { revoked_at: Some(at(1)), ..session() };
        let strangers = [
            Presented { client_id: ClientId::new("other").unwrap(), ..presented(0) },
            Presented { secret_hash: SecretHash([0; 32]), ..presented(0) },
            Presented { cnf: Some(KeyThumbprint([3; 32])), ..presented(0) },
            Presented { session_id: SessionId::from_bytes([0; 16]), ..presented(0) },
        ];
        for stranger in strangers {
            assert_eq!(decided(&session(), &stranger), Decision::Refuse(Refusal::Mismatch), "{stranger:?}");
            assert_eq!(decided(&over, &stranger), Decision::Refuse(Refusal::Mismatch), "{stranger:?}");
        }
    }

    #[test]
    fn a_session_that_is_over_stays_over() {
        let revoked = Session { revoked_at: Some(at(1)), ..session() };
        let idle = Session { idle_expires_at: at(NOW), ..session() };
        let expired = Session { expires_at: at(NOW), ..session() };
        for generation in [0, 9, 10, 11] {
            assert_eq!(decided(&revoked, &presented(generation)), Decision::Refuse(Refusal::Revoked));
            assert_eq!(decided(&idle, &presented(generation)), Decision::Refuse(Refusal::Expired));
            assert_eq!(decided(&expired, &presented(generation)), Decision::Refuse(Refusal::Expired));
        }
    }

    #[test]
    fn a_restored_database_moves_forward() {
        let restored = Session { incarnation: EARLIER_LIFE, ..session() };
        assert_eq!(decided(&restored, &presented(11)), Decision::MoveForward);
        assert_eq!(decided(&restored, &presented(400)), Decision::MoveForward);
        assert_eq!(decided(&restored, &presented(10)), Decision::SwapAgain);
        assert_eq!(decided(&restored, &presented(6)), Decision::Revoke, "older tokens are judged as ever");
    }
}
