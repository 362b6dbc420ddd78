// Starts the app. The build puts wasm-bindgen's output under `pkg`, gives every file a name made
// of its content, turns the import of the module into its address, and knows the PROTOCOL.
import start from "pkg/tideline.js";
import program from "pkg/tideline_bg.wasm";
import { keep } from "./update.js";

// What the person chose for this browser, before anything is drawn: the page waits for this script, not for
// the program. How the app looks (frontend/src/browser/look.rs), and how wide the list is
// (frontend/src/screens/divider.rs).
const html = document.documentElement;
for (const look of ["theme", "text-size", "density"]) {
  const chosen = remembered(`tideline.${look}`);
  if (chosen) html.setAttribute(`data-${look}`, chosen);
}
const list = remembered("tideline.list");
if (list) html.style.setProperty("--list", list);
colour();
new MutationObserver(colour).observe(html, { attributeFilter: ["data-theme"] });

// The browser's own bars follow the theme that was chosen; of the page's two colours the other one holds nowhere.
function colour() {
  const chosen = html.getAttribute("data-theme");
  for (const theme of ["light", "dark"]) {
    const meta = document.querySelector(`meta[name=theme-color][data-of=${theme}]`);
    const media = chosen ? (chosen === theme ? "all" : "not all") : `(prefers-color-scheme: ${theme})`;
    meta?.setAttribute("media", media);
  }
}

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
