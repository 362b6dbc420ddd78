// Starts the app. The build puts wasm-bindgen's output under `pkg`, gives every file a name made
// of its content, and turns the import of the module into its address.
import start from "pkg/tideline.js";
import program from "pkg/tideline_bg.wasm";

start({ module_or_path: program }).catch((error) => {
  const notice = document.getElementById("splash-failed");
  if (notice) notice.hidden = false;
  throw error;
});
