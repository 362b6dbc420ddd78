//! Where the service's processor time goes: the runtime's own sampling profiler, asked over its DevTools
//! protocol, function by function.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tideline_bench::Runtime;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Between two samples, in microseconds.
const EVERY_US: u64 = 200;
/// Functions that are shown.
const SHOWN: usize = 40;
/// What the runtime calls the time in which it had nothing to do.
const IDLE: [&str; 2] = ["(idle)", "(program)"];

/// A profile that is being taken.
pub(crate) struct Profiler {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    asked: u64,
}

/// What the profiler hands over, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    nodes: Vec<Node>,
    samples: Vec<u64>,
    /// Microseconds before each sample.
    time_deltas: Vec<i64>,
}

/// A function, as it was called by others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: u64,
    call_frame: CallFrame,
    #[serde(default)]
    children: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallFrame {
    function_name: String,
}

/// A function's time, in microseconds: its own, and that with what it called.
#[derive(Clone, Copy, Default)]
struct Spent {
    own: u64,
    whole: u64,
}

impl Profiler {
    /// Begins.
    ///
    /// # Panics
    /// When the runtime cannot be looked into.
    pub(crate) async fn start(runtime: &Runtime) -> Self {
        let address = runtime.inspector().expect("the runtime was started to be looked into");
        let url = target(&address);
        let config = Some(WebSocketConfig::default().max_message_size(None).max_frame_size(None));
        let connected = connect_async_with_config(url, config, false).await;
        let (socket, _) = connected.expect("the inspector takes a socket");
        let mut profiler = Self { socket, asked: 0 };
        profiler.ask("Profiler.enable", json!({})).await;
        profiler.ask("Profiler.setSamplingInterval", json!({"interval": EVERY_US})).await;
        profiler.ask("Profiler.start", json!({})).await;
        profiler
    }

    /// Ends, writes the profile to `file`, and prints what took longest.
    pub(crate) async fn end(mut self, file: &Path) {
        let profile = self.ask("Profiler.stop", json!({})).await["profile"].take();
        std::fs::write(file, profile.to_string()).expect("the profile can be written");
        let profile: Profile = serde_json::from_value(profile).expect("a profile");
        print(&spent(&profile));
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let asked = json!({"id": self.asked, "method": method, "params": params}).to_string();
        self.socket.send(Message::text(asked)).await.expect("the inspector listens");
        loop {
            let said = self.socket.next().await.expect("it answers").expect("it answers");
            let Message::Text(said) = said else { continue };
            let mut said: Value = serde_json::from_str(&said).expect("frames are JSON");
            if said["id"] == self.asked {
                assert!(said["error"].is_null(), "{method}: {}", said["error"]);
                return said["result"].take();
            }
        }
    }
}

/// The address of the Worker's inspector.
fn target(address: &str) -> String {
    let mut answer = ureq::get(format!("http://{address}/json")).call().expect("it is there");
    let text = answer.body_mut().read_to_string().expect("is text");
    let targets: Vec<Value> = serde_json::from_str(&text).expect("a list");
    let worker = targets.iter().filter_map(|target| target["webSocketDebuggerUrl"].as_str());
    let mut worker = worker.filter(|url| url.ends_with("/worker"));
    worker.next().expect("the Worker can be looked into").to_owned()
}

/// Every function's time, by name.
fn spent(profile: &Profile) -> BTreeMap<&str, Spent> {
    let mut own: HashMap<u64, u64> = HashMap::new();
    for (node, us) in profile.samples.iter().zip(&profile.time_deltas) {
        *own.entry(*node).or_default() += u64::try_from(*us).unwrap_or(0);
    }
    let nodes: HashMap<u64, &Node> = profile.nodes.iter().map(|node| (node.id, node)).collect();
    let called: HashSet<u64> =
        profile.nodes.iter().flat_map(|node| node.children.iter().copied()).collect();
    let mut all = BTreeMap::new();
    for node in profile.nodes.iter().filter(|node| !called.contains(&node.id)) {
        add(node, &nodes, &own, &mut Vec::new(), &mut all);
    }
    all
}

/// Adds a call's time to its function, and says how long it took with all it called. A function that is
/// called within itself counts once.
fn add<'a>(
    node: &'a Node,
    nodes: &HashMap<u64, &'a Node>,
    own: &HashMap<u64, u64>,
    within: &mut Vec<&'a str>,
    all: &mut BTreeMap<&'a str, Spent>,
) -> u64 {
    let name = node.call_frame.function_name.as_str();
    let is_outermost = !within.contains(&name);
    within.push(name);
    let here = own.get(&node.id).copied().unwrap_or(0);
    let children = node.children.iter().filter_map(|id| nodes.get(id));
    let whole = here + children.map(|child| add(child, nodes, own, within, all)).sum::<u64>();
    within.pop();
    let spent = all.entry(name).or_default();
    spent.own += here;
    spent.whole += if is_outermost { whole } else { 0 };
    whole
}

fn print(all: &BTreeMap<&str, Spent>) {
    let busy = all.iter().filter(|(name, _)| !IDLE.contains(name));
    let mut busy: Vec<_> = busy.map(|(name, spent)| (*name, *spent)).collect();
    let total = busy.iter().map(|(_, spent)| spent.own).sum::<u64>().max(1);
    busy.sort_by_key(|(_, spent)| std::cmp::Reverse(spent.own));
    println!(
        "\nbusy for {} ms; of that, in hundredths: itself, with what it called",
        total / 1_000
    );
    let share = |us: u64| us as f64 * 100.0 / total as f64;
    for (name, Spent { own, whole }) in busy.into_iter().take(SHOWN) {
        println!("{:6.1} {:6.1}  {name}", share(own), share(whole));
    }
}
