// Starts the app. The build puts wasm-bindgen's output under `pkg`, gives every file a name made
// of its content, turns the import of the module into its address, and knows the PROTOCOL.
import start from "pkg/tideline.js";
import program from "pkg/tideline_bg.wasm";
import { keep } from "./update.js";

// How wide the person made the list, before anything is drawn (frontend/src/screens/divider.rs).
const list = remembered("tideline.list");
if (list) document.documentElement.style.setProperty("--list", list);

// A browser that remembers nothing asks the service while the program is on its way: who is signed
// in, and then what there is to show. The program takes over what has come by then:
// frontend/src/shell/session.rs the answer, frontend/src/shell/sockets.rs the sockets by their addresses.
const sockets = new Map();
globalThis.tidelineSockets = sockets;
globalThis.tidelineWhoami = remembered("tideline.user") ? undefined : whoami();

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function whoami() {
  const headers = { "content-type": "application/json" };
  const answer = fetch("/api/session", { method: "POST", headers, body: '{"type":"whoami"}' });
  // Whoever takes the answer hears of the failure.
  answer.then(({ ok }) => ok && open(), () => {});
  return answer;
}

function open() {
  connect("/api/account");
  const [, conversation] = /^\/c\/([0-9a-f-]{36})$/.exec(location.pathname) ?? [];
  if (conversation) connect(`/api/conversations/${conversation}`);
}

function connect(path) {
  const address = `${location.origin.replace("http", "ws")}${path}?protocol=${PROTOCOL}`;
  const socket = new WebSocket(address);
  const frames = [];
  socket.onopen = () => socket.send('{"type":"hello"}');
  socket.onmessage = ({ data }) => frames.push(data);
  sockets.set(address, { socket, frames });
}

// Where a keyboard on the screen covers the page and does not make it smaller (Safari), the app ends above it.
const view = globalThis.visualViewport;
view?.addEventListener("resize", () => {
  const covered = view.scale > 1 ? 0 : Math.max(0, innerHeight - view.height);
  document.documentElement.style.setProperty("--covered", `${covered}px`);
  if (covered) scrollTo(0, 0);
});

start({ module_or_path: program }).then(keep, (error) => {
  const notice = document.getElementById("splash-failed");
  if (notice) notice.hidden = false;
  throw error;
});
