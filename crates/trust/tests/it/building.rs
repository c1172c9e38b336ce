use super::AUDIENCE;
use waxseal_trust::testing::TestIssuer;
use waxseal_trust::{BuildError, Issuer, IssuerUrlError, StalePolicy};

#[tokio::test]
async fn what_is_missing_is_named() {
    let bare = || Issuer::builder("https://auth.example.com").transport(TestIssuer::new());
    let cases = [
        (bare(), ".audience("),
        (bare().audience(""), ".audience("),
        (bare().audience(AUDIENCE), ".feed_token("),
        (bare().audience(AUDIENCE).feed_token(""), ".feed_token("),
        (bare().audience(AUDIENCE).feed_token("secret\n"), "line breaks"),
        (bare().audience(AUDIENCE).feed_token("secret"), ".when_stale("),
    ];
    for (builder, named) in cases {
        let message = builder.build().unwrap_err().to_string();
        assert!(message.contains(named), "{message}");
        assert!(!message.contains("secret\n"), "{message}");
    }
}

#[tokio::test]
async fn plain_http_needs_loopback_or_a_word() {
    let builder = || {
        Issuer::builder("http://auth.example.com")
            .audience(AUDIENCE)
            .feed_token("x")
            .when_stale(StalePolicy::Accept)
            .transport(TestIssuer::new())
    };
    assert!(matches!(builder().build(), Err(BuildError::Url(IssuerUrlError::Insecure))));
    assert!(builder().allow_insecure_http().build().is_ok());
}

#[test]
fn outside_of_a_runtime_it_is_an_error_and_no_panic() {
    let built = TestIssuer::new().builder(AUDIENCE).build();
    assert!(matches!(built, Err(BuildError::RuntimeMissing)));
}

#[tokio::test]
async fn the_feed_token_is_not_in_debug() {
    let builder = TestIssuer::new().builder(AUDIENCE).feed_token("very-secret");
    assert!(!format!("{builder:?}").contains("very-secret"));
    assert!(!format!("{:?}", builder.build().unwrap()).contains("very-secret"));
}
