//! `cargo xtask dev`: the whole service on this machine, from nothing to an address to open.

use std::{
    cell::Cell,
    fs,
    io::{Read, Seek, SeekFrom, Write},
    net::{IpAddr, UdpSocket},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::{self, App},
    paths, sh, steps,
    wrangler::{self, Options, Wrangler},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Let other machines of the network open it, and print the address for them.
    #[arg(long)]
    host: bool,
    /// The port to listen on.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Where accounts and messages are kept.
    #[arg(long, default_value = ".wrangler/state")]
    persist_to: PathBuf,
    #[command(flatten)]
    app: build::Args,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    wrangler::check_port(args.port, args.host)?;
    build::run(args.app.what())?;
    let signal = interrupts()?;
    let log = paths::log("wrangler");
    let app = args.app.what();
    let options =
        Options { port: args.port, host: args.host, app, persist_to: &args.persist_to, log: &log };
    let mut wrangler = Wrangler::start(&options)?;
    let mut result = Ok(());
    if !stopped_early(&mut wrangler, &log, &signal)? {
        announce(args, start.elapsed());
        result = follow(&mut wrangler, &log, &signal);
    }
    println!("\nStopping …");
    drop(wrangler);
    result
}

/// Ctrl-C and the like arrive here, so that the children end first.
fn interrupts() -> Result<Receiver<()>> {
    let (send, receive) = channel();
    // Nobody listens any more when this program is about to end anyway.
    ctrlc::set_handler(move || {
        let _ = send.send(());
    })?;
    Ok(receive)
}

/// Waits until the service answers. True when the person stopped it before it did.
fn stopped_early(wrangler: &mut Wrangler, log: &Path, signal: &Receiver<()>) -> Result<bool> {
    let start = Instant::now();
    let stopped = Cell::new(false);
    let ready = wrangler.ready(|| {
        stopped.set(stopped.get() || signal.try_recv().is_ok());
        stopped.get()
    });
    if ready.is_err() {
        print!("{}", fs::read_to_string(log).unwrap_or_default());
    }
    ready.context("The service did not start; the lines above say why")?;
    if !stopped.get() {
        println!("  ok      {:<18} {}", "service", steps::seconds(start.elapsed()));
    }
    Ok(stopped.get())
}

fn announce(args: &Args, took: Duration) {
    let (port, log) = (args.port, paths::log("wrangler"));
    println!("\n  Tideline is up ({}).\n", steps::seconds(took));
    println!("  Open            http://localhost:{port}");
    if args.host {
        let addresses = addresses();
        for address in &addresses {
            println!("  For friends     http://{address}:{port}");
        }
        if addresses.is_empty() {
            println!("  For friends     http://<this machine's address>:{port}");
        }
    }
    if args.app.what() == App::Kit {
        println!("  Kit             http://localhost:{port}/kit");
    }
    println!("  Kept in         {}", args.persist_to.display());
    println!("  Log             {}", log.display());
    println!("  Stop            Ctrl-C\n");
}

/// This machine's addresses as others on the network see them.
fn addresses() -> Vec<IpAddr> {
    let listed = sh::output(&mut sh::cmd("hostname", &["-I"])).unwrap_or_default();
    let mut found: Vec<IpAddr> = listed.split_whitespace().filter_map(|a| a.parse().ok()).collect();
    found.retain(|address| address.is_ipv4() && !address.is_loopback());
    found.sort_by_key(|address| Some(*address) != routed());
    if found.is_empty() { routed().into_iter().collect() } else { found }
}

/// The address that a packet to the world would come from. Connecting a UDP socket sends none.
fn routed() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // An address of the block for documentation: anything that is routed by default.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Shows what wrangler says until it or the person ends this.
fn follow(wrangler: &mut Wrangler, log: &Path, signal: &Receiver<()>) -> Result<()> {
    let mut file = fs::File::open(log)?;
    file.seek(SeekFrom::End(0))?;
    loop {
        let interrupted = signal.recv_timeout(Duration::from_millis(200));
        let mut news = Vec::new();
        file.read_to_end(&mut news)?;
        std::io::stdout().write_all(&news)?;
        if interrupted != Err(RecvTimeoutError::Timeout) {
            return Ok(());
        }
        if wrangler.has_ended()? {
            bail!("wrangler ended; {} says why.", log.display());
        }
    }
}
