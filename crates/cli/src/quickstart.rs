//! `waxseal quickstart`: the main job, from an account to a revoked token, in one command and on real sockets.

mod clock;
mod http;
mod report;
mod script;
mod token_view;
mod world;

use crate::failure::Failure;
use crate::host::Host;
use crate::runtime::runtime;
use clap::Args;
use report::Report;
use std::io::Write;

/// Shows the whole life of a token: log in, call an API, refresh, theft, log out.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  waxseal quickstart                 # every step: the request, the answer, what it proves
  waxseal quickstart --json | jq .   # the same as JSON lines
  waxseal quickstart --keep          # leave server and API running, with curl lines to go on

Exit status: 0 when every step behaved, 1 when one did not.")]
pub(crate) struct QuickstartArgs {
    /// Print each step as one line of JSON.
    #[arg(long)]
    json: bool,
    /// Leave the server and the API running and print `curl` lines to go on with. Ctrl-C ends them.
    #[arg(long)]
    keep: bool,
}

/// Runs the command.
pub(crate) fn run(args: &QuickstartArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let failed = |message: String| Failure::failed("quickstart_failed", message);
    match runtime()?.block_on(play(args, host.stdout)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(failed("a step did not behave as it should; the output says which".to_owned())),
        Err(error) => Err(failed(error.to_string())),
    }
}

async fn play(args: &QuickstartArgs, out: &mut dyn Write) -> Result<bool, Box<dyn std::error::Error>> {
    let world = world::World::start().await?;
    let mut report = Report::new(out, args.json);
    let tokens = script::play(&world, &mut report).await?;
    let behaved = report.finish()?;
    if args.keep {
        keep(&world, &tokens, out, args.json)?;
        tokio::signal::ctrl_c().await?;
    }
    world.stop().await?;
    Ok(behaved)
}

/// What to go on with. In JSON mode as one line more, so that the output stays JSON lines.
fn keep(
    world: &world::World,
    account: &script::Account,
    out: &mut dyn Write,
    json: bool,
) -> std::io::Result<()> {
    let (server, api) = (world.server_url(), world.api_url());
    let login = serde_json::json!({ "username": account.username, "password": account.password });
    let lines = [
        format!("curl -s {server}/v1/login -H 'content-type: application/json' -d '{login}'"),
        "TOKEN=...   # the access_token of that answer".to_owned(),
        format!("curl -s {api}/notes -H \"authorization: Bearer $TOKEN\""),
        format!("curl -s {server}/v1/sessions -H \"authorization: Bearer $TOKEN\""),
        format!("curl -s {server}/.well-known/jwks.json"),
    ];
    if json {
        writeln!(out, "{}", serde_json::json!({ "kept": { "server": server, "api": api }, "curl": lines }))?;
    } else {
        writeln!(out, "\nServer {server} and API {api} go on until Ctrl-C. To try by hand:\n")?;
        for line in lines {
            writeln!(out, "  {line}")?;
        }
    }
    out.flush()
}
