// How the browser tests run. `cargo xtask test --only browser` builds, finds a Chromium and starts
// them; `npx playwright test --config=e2e` runs them against what was built last.
import { defineConfig } from "@playwright/test";

// One without windows where there is one: everything takes two thirds of the time in it.
const { TIDELINE_CHROMIUM: chromium, TIDELINE_CHROMIUM_SHELL: shell = chromium } = process.env;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Each worker has a runtime of its own, and runs its tests one after the other.
  workers: 2,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json", { outputFile: "../target/xtask/playwright.json" }]],
  use: {
    locale: "en-US",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    // A trace of every test costs a seventh of the time, and its film another one: `--trace on` for the one that fails.
    screenshot: "only-on-failure",
    // What devices keep of the app would hide requests from tests that count or hold them;
    // `installed.spec.ts` is about that.
    serviceWorkers: "block",
    launchOptions: {
      ...(shell ? { executablePath: shell } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
