// Takes pictures of the app: `cargo xtask screenshots`. They go to the folder that TIDELINE_SHOTS names, else
// to target/shots.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig(tests, {
  testDir: "shots",
  reporter: "list",
  timeout: 180_000,
});
