//! What every storage engine must do, as tests. [`contract_suite!`](crate::contract_suite) runs them over one engine.

mod fixtures;
mod sessions;
mod users;

pub use fixtures::Bench;
pub use sessions::*;
pub use users::*;

/// Makes a test of every rule of the suite. `$bench`: an async function that gives a fresh [`Bench`].
#[macro_export]
macro_rules! contract_suite {
    ($bench:path) => {
        $crate::contract_suite! { @tests $bench:
            usernames_are_unique, a_credential_is_found_by_any_capitals, ids_find_users,
            a_login_needs_the_credential_that_was_checked, a_refresh_moves_one_generation,
            racing_refreshes_write_once, an_old_token_ends_the_session, the_grace_window_is_the_clocks,
            strangers_change_nothing, sessions_end_by_time, logout_takes_any_generation,
            a_clock_that_steps_back_revives_nothing, revocations_come_in_order, first_keys_are_made_once,
            one_issuer_for_life
        }
    };
    (@tests $bench:path: $($name:ident),*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            $crate::contract::$name($bench().await).await;
        }
    )*};
}
