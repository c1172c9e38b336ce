//! The entry points of a verifier answer alike.

use serde_json::Value;
use std::cell::RefCell;
use waxseal::{Code, NumericDate, Scratch, Verified, VerifiedRef, Verifier, VerifyError};

thread_local! {
    // Used again and again, so that what an earlier token left in it would show.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// The verdict of [`Verifier::verify`], after comparing it with those of the entry points that borrow.
pub(crate) fn verify(
    verifier: &Verifier,
    token: &str,
    now: NumericDate,
) -> Result<Verified<Value>, VerifyError> {
    let owned = verifier.verify::<Value>(token, now);
    SCRATCH.with_borrow_mut(|scratch| {
        match (&owned, verifier.verify_borrowed::<Value>(token, now, scratch)) {
            (Ok(owned), Ok(borrowed)) => {
                assert_eq!(owned.claims(), borrowed.claims(), "borrowed claims");
                assert_same(owned, &borrowed);
            }
            (Err(owned), Err(borrowed)) => assert_eq!(*owned, borrowed, "borrowed claims"),
            (owned, borrowed) => panic!("borrowed claims: {owned:?} and {borrowed:?}"),
        }
        match (&owned, verifier.verify_claims(token, now, scratch)) {
            (Ok(owned), Ok(claims)) => assert_same(owned, &claims),
            // Only what reads the claims into a type can find that they do not fit it.
            (Err(owned), Ok(_)) if owned.code() == Code::ClaimsMismatch => {}
            (Err(owned), Err(claims)) => assert_eq!(*owned, claims, "registered claims"),
            (owned, claims) => panic!("registered claims: {owned:?} and {claims:?}"),
        }
    });
    owned
}

fn assert_same<C>(owned: &Verified<Value>, borrowed: &VerifiedRef<'_, C>) {
    assert_eq!((owned.payload(), owned.kid()), (borrowed.payload(), borrowed.kid()));
    let (ours, theirs) = (owned.registered(), borrowed.registered());
    let text = |text: &Option<String>| text.clone().map(Into::into);
    assert_eq!(
        (theirs.iss(), theirs.sub(), theirs.jti()),
        (text(&ours.iss), text(&ours.sub), text(&ours.jti))
    );
    assert!(theirs.aud().iter().eq(ours.aud.iter().map(String::as_str)), "aud");
    assert_eq!((theirs.exp(), theirs.nbf(), theirs.iat()), (ours.exp, ours.nbf, ours.iat));
    for (name, value) in owned.claims().as_object().into_iter().flatten() {
        let found = theirs.find(name).map(serde_json::from_str::<Value>);
        assert_eq!(found.and_then(Result::ok).as_ref(), Some(value), "{name}");
        assert_eq!(theirs.text(name).as_deref(), value.as_str(), "{name}");
    }
}
