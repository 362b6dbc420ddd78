// Starts the app. The build puts wasm-bindgen's output under `pkg`, gives every file a name made
// of its content, and turns the import of the module into its address.
import start from "pkg/tideline.js";
import program from "pkg/tideline_bg.wasm";

// A browser that does not remember who is signed in asks the service while the program is on its
// way; frontend/src/shell/session.rs takes the answer.
function whoami() {
  try {
    if (localStorage.getItem("tideline.user")) return undefined;
  } catch {
    // No storage: nothing is remembered.
  }
  const headers = { "content-type": "application/json" };
  const answer = fetch("/api/session", { method: "POST", headers, body: '{"type":"whoami"}' });
  // Whoever takes the answer hears of the failure.
  answer.catch(() => {});
  return answer;
}

globalThis.tidelineWhoami = whoami();

start({ module_or_path: program }).catch((error) => {
  const notice = document.getElementById("splash-failed");
  if (notice) notice.hidden = false;
  throw error;
});
