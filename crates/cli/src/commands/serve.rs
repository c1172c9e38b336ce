//! `waxseal serve`: the token server.

use crate::failure::Failure;
use crate::host::Host;
use crate::runtime::{runtime, start_log};
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use waxseal_domain::session::SessionPolicy;
use waxseal_domain::{ClientId, SystemClock};
use waxseal_server::{Options, Server};
use waxseal_service::{PasswordSettings, SystemRandomness};

/// Runs the token server.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  waxseal serve --dev
      A server for development on 127.0.0.1:8080; makes its database and keys in ./waxseal-data.
  waxseal serve --issuer https://auth.example.com --data-dir /var/lib/waxseal
      For real: the master key must be in the data directory already (master.key, mode 600),
      and nobody can make an account by themselves. Put a proxy with TLS in front.

Every option can be set by the environment variable shown with it.")]
pub(crate) struct ServeArgs {
    /// For development: make a missing master key, and let anybody make an account.
    #[arg(long)]
    dev: bool,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "WAXSEAL_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// The directory of the database and the keys; made when it is missing.
    #[arg(long, env = "WAXSEAL_DATA_DIR", default_value = "waxseal-data", value_name = "DIR")]
    data_dir: PathBuf,
    /// The `iss` of the tokens: the URL under which clients reach this server. With --dev it is the address.
    #[arg(long, env = "WAXSEAL_ISSUER", value_name = "URL", value_parser = parse_issuer, required_unless_present = "dev")]
    issuer: Option<String>,
    /// The `aud` of the tokens: the API that they are for.
    #[arg(long, env = "WAXSEAL_AUDIENCE", default_value = "api", value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    audience: String,
    /// The client that `/v1/login` logs in to, the `client_id` of the tokens.
    #[arg(long, env = "WAXSEAL_CLIENT_ID", default_value = "first-party", value_name = "NAME", value_parser = parse_client_id)]
    client_id: ClientId,
}

fn parse_issuer(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let well_formed = !rest.is_empty()
        && !rest.ends_with('/')
        && rest.bytes().all(|b| b.is_ascii_graphic())
        && !rest.contains(['?', '#']);
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err("a URL like https://auth.example.com is expected, without a slash at the end, query or fragment"
            .to_owned())
    }
}

fn parse_client_id(text: &str) -> Result<ClientId, String> {
    ClientId::new(text).map_err(|error| error.to_string())
}

impl ServeArgs {
    fn options(&self) -> Options {
        Options {
            listen: self.listen,
            data_dir: self.data_dir.clone(),
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            client_id: self.client_id.clone(),
            dev: self.dev,
            access_lifetime: Duration::from_secs(10 * 60),
            sessions: SessionPolicy::default(),
            passwords: PasswordSettings::default(),
        }
    }
}

/// Runs the command until a signal ends it.
pub(crate) fn run(args: &ServeArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    start_log();
    let served = runtime()?.block_on(serve(args, host.stdout));
    served.map_err(|error| Failure::failed("serve_failed", error.to_string()))
}

async fn serve(args: &ServeArgs, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let mut server = Server::start(args.options(), Arc::new(SystemClock), Arc::new(SystemRandomness)).await?;
    announce(&server, args.dev, out)?;
    tokio::select! {
        stopped = server.wait() => stopped?,
        () = asked_to_stop() => {
            tracing::info!("stopping: requests at work are finished first");
            server.stop().await?;
        }
    }
    Ok(())
}

fn announce(server: &Server, dev: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let address = server.address();
    writeln!(out, "listening on http://{address}")?;
    writeln!(out, "issuer       {}", server.service().settings().issuer)?;
    writeln!(out, "feed token   {}", server.data_dir().feed_token().display())?;
    if dev {
        let user = r#"{"username":"alice","password":"correct horse battery staple"}"#;
        writeln!(out, "development: anybody can make an account, for example")?;
        writeln!(out, "  curl http://{address}/v1/users -H 'content-type: application/json' -d '{user}'")?;
        writeln!(out, "  curl http://{address}/v1/login -H 'content-type: application/json' -d '{user}'")?;
    }
    out.flush()
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await.unwrap_or(());
}
