//! A running `wrangler dev`: started in a process group of its own, so that it ends with all its
//! children, and ready when it answers.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::{build::App, paths, sh};

/// How long a start may take before it counts as failed. A cold start on a slow disk takes ten
/// seconds; a machine that compiles beside it, longer.
const START: Duration = Duration::from_secs(120);

/// How long it may take to end when it is asked to.
const END: Duration = Duration::from_secs(10);

pub(crate) struct Wrangler {
    child: Child,
    port: u16,
}

/// Where it listens, and what it keeps.
pub(crate) struct Options<'a> {
    pub(crate) port: u16,
    /// Reachable from other machines.
    pub(crate) host: bool,
    /// Which app it builds when something changes.
    pub(crate) app: App,
    pub(crate) persist_to: &'a Path,
    pub(crate) log: &'a Path,
}

impl Wrangler {
    /// Starts it; see [`Wrangler::ready`].
    pub(crate) fn start(options: &Options<'_>) -> Result<Self> {
        let (ip, port) = (address(options.host), options.port);
        if let Some(dir) = options.log.parent() {
            fs::create_dir_all(dir)?;
        }
        let log = File::create(options.log)?;
        let mut command =
            sh::cmd(paths::npm_tool("wrangler"), &["dev", "--show-interactive-dev-session=false"]);
        command.args(["--inspector-port=0", "--ip", &ip.to_string(), "--port", &port.to_string()]);
        command.arg("--persist-to").arg(options.persist_to);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        if options.app == App::Kit {
            command.env("TIDELINE_KIT", "yes");
        }
        let child = command.spawn().with_context(|| sh::not_started(&command))?;
        Ok(Self { child, port })
    }

    /// Waits until it answers, or until `stopped` says that nobody wants it any more.
    pub(crate) fn ready(&mut self, stopped: impl Fn() -> bool) -> Result<()> {
        let start = Instant::now();
        while !stopped() && !answers(self.port) {
            if let Some(status) = self.child.try_wait()? {
                bail!("wrangler ended instead of starting ({status}).");
            }
            if start.elapsed() > START {
                bail!("wrangler does not answer after {} seconds.", START.as_secs());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// True once it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    fn signal(&self, signal: Signal) {
        if let Ok(pid) = i32::try_from(self.child.id())
            && let Some(group) = Pid::from_raw(pid)
        {
            // The group may have ended meanwhile.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Wrangler {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < END && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(50));
        }
        self.signal(Signal::KILL);
        // Collects the exit status; there is nothing to do about an error here.
        let _ = self.child.wait();
    }
}

/// Fails when somebody else listens there; wrangler would silently choose another port.
pub(crate) fn check_port(port: u16, host: bool) -> Result<()> {
    if TcpListener::bind((address(host), port)).is_err() {
        bail!(
            "Port {port} is taken. Choose another with `--port N`, or end the program that has it."
        );
    }
    Ok(())
}

fn address(host: bool) -> Ipv4Addr {
    if host { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST }
}

/// Does the page come when it is asked for?
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// `wrangler` with arguments, in the terminal.
pub(crate) fn command(args: &[&str]) -> Command {
    sh::cmd(paths::npm_tool("wrangler"), args)
}
