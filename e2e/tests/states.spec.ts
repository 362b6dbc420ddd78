// What lists and pages show while they wait, where there is nothing, and where the service cannot be
// reached: what it is, and what to do next.
import type { Page, Route } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, conversations, details, heard, message, open, row } from "../support/screens";

/** Holds requests to a door of the service; the answer fails them all, from then on. */
async function hold(page: Page, door: string, what = ""): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let failing = false;
  const fail = (route: Route): Promise<void> => route.abort("internetdisconnected");
  await page.route(door, async (route) => {
    if (!route.request().postData()?.includes(what)) return route.fallback();
    if (failing) return fail(route);
    held.push(route);
  });
  return async () => {
    failing = true;
    await Promise.all(held.map(fail));
  };
}

/** Takes from a device what it holds, but not who is signed in. */
async function forget(page: Page): Promise<void> {
  // No page of the app has it open there.
  await page.goto("/icon.svg");
  await page.evaluate(async () => {
    for (const { name = "" } of await indexedDB.databases()) {
      await new Promise((done, fail) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = done;
        request.onerror = fail;
      });
    }
  });
}

test("a device that holds nothing yet says so without a network, and goes on by itself", async ({
  line,
  newAccount,
  newDevice,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const [ana, ben] = [await newAccount("Ana"), await newAccount("Ben")];
  const pool = await ana.groupWith([ben], "Tide pool");
  await ben.send(pool, "high tide");
  const device = await newDevice(ana, { baseURL: line.url });
  await expect(row(device, "Tide pool")).toBeVisible();
  line.cut();
  await forget(device);
  await device.goto("/");
  const list = conversations(device);
  await expect(list.getByRole("heading", { name: "Offline" })).toBeVisible();
  await expect(list.getByText("This device does not hold it yet.")).toBeVisible();
  await device.goto(`/c/${pool}`);
  const main = device.getByRole("main");
  await expect(main.getByRole("heading", { name: "Offline" })).toBeVisible();
  await main.getByRole("button", { name: "Retry" }).click();
  await expect(main.getByRole("heading", { name: "Offline" })).toBeVisible();
  line.mend();
  // It waits longer each time that it could not reach the service.
  await expect(message(device, "high tide")).toBeVisible({ timeout: 90_000 });
  await expect(row(device, "Tide pool")).toBeVisible();
});

test("a list of which everything is archived says so", async ({ newAccount, newPerson }) => {
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const pool = await account.groupWith([ben], "Tide pool");
  await expect(row(page, "Tide pool")).toBeVisible();
  await account.call("/api/account", { type: "arrange", conversation: pool, archived: true });
  const list = conversations(page);
  await expect(list.getByText("Everything is archived")).toBeVisible();
  await expect(page.getByRole("button", { name: "Find somebody" })).toBeVisible();
  await list.getByRole("button", { name: "Archived (1)" }).click();
  await expect(row(page, "Tide pool")).toBeVisible();
  await expect(list.getByText("Everything is archived")).toBeHidden();
});

test("what a search waits for is said, and what failed is tried again", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const pool = await account.groupWith([ben], "Tide pool");
  await ben.send(pool, "high tide");
  await heard(page, "Tide pool", "high tide");
  await page.goto("/search");
  const searching = page.getByText("Searching…");
  const retry = page.getByRole("tabpanel").getByRole("button", { name: "Retry" });
  const found = page.getByRole("tabpanel").getByRole("link");
  for (const [tab, door, query, result] of [
    ["Messages", "**/api/search", "high", found],
    ["People", "**/api/people", ben.userName, page.getByRole("option", { name: /^Ben/ })],
    ["Groups", "**/api/search", "pool", found.first()],
  ] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("searchbox", { name: "Search" }).fill("");
    const fail = await hold(page, door);
    await page.getByRole("searchbox", { name: "Search" }).fill(query);
    await expect(searching, tab).toBeVisible();
    await fail();
    await expect(retry, tab).toBeVisible();
    await expect(searching, tab).toBeHidden();
    await page.unroute(door);
    await retry.click();
    await expect(result, tab).toBeVisible();
    await expect(retry, tab).toBeHidden();
  }
});

test("what is asked for once can be asked for again", async ({ newAccount, newPerson, tolerate }) => {
  tolerate(UNREACHABLE);
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const pool = await account.groupWith([ben], "Tide pool");
  const seq = await account.send(pool, "low tide");
  await account.conversation(pool, { type: "edit", seq, text: "high tide" });
  await open(page, "Tide pool");
  const door = `**/api/conversations/${pool}`;

  await message(page, "high tide").hover();
  await message(page, "high tide").getByRole("button", { name: "edited" }).click();
  const earlier = page.getByRole("dialog", { name: "Earlier versions" });
  await expect(earlier).toContainText("low tide");
  await page.keyboard.press("Escape");

  const pane = await details(page);
  for (const [button, what, done] of [
    ["Join requests", '"requests"', "Nobody asks"],
    ["Banned people", '"banned"', "Nobody is banned"],
  ] as const) {
    const fail = await hold(page, door, what);
    await pane.getByRole("button", { name: button }).click();
    const dialog = page.getByRole("dialog", { name: button });
    await expect(dialog.getByText("Loading…"), button).toBeVisible();
    await fail();
    await expect(dialog.getByRole("alert").filter({ hasText: "offline" }), button).toBeVisible();
    await page.unroute(door);
    await dialog.getByRole("button", { name: "Retry" }).click();
    await expect(dialog.getByText(done), button).toBeVisible();
    await expect(dialog.getByRole("alert").filter({ hasText: "offline" })).toBeHidden();
    await page.keyboard.press("Escape");
  }
});

test("a public group that cannot be reached is asked for again", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ben = await newAccount("Ben");
  const pool = await ben.createGroup("Harbour");
  await ben.conversation(pool, { type: "change_record", public: true });
  const { page } = await newPerson("Ana");
  await expect(connection(page)).toHaveText("Online");
  const fail = await hold(page, `**/api/conversations/${pool}`, "preview");
  await page.goto(`/c/${pool}`);
  const main = page.getByRole("main");
  await expect(main.getByRole("status").filter({ hasText: "Loading…" })).toBeVisible();
  await fail();
  await expect(main.getByRole("alert").filter({ hasText: "offline" })).toBeVisible();
  await page.unroute(`**/api/conversations/${pool}`);
  await main.getByRole("button", { name: "Retry" }).click();
  await expect(main.getByRole("heading", { level: 1, name: "Harbour" })).toBeVisible();
  await expect(main.getByRole("button", { name: "Join group" })).toBeVisible();
});

test("pages about oneself wait for what they show", async ({ line, newAccount, newDevice, tolerate }) => {
  tolerate(UNREACHABLE);
  // Whoever comes first owns the service.
  await newAccount("Olga");
  const ana = await newAccount("Ana");
  const page = await newDevice(ana, { baseURL: line.url });
  await expect(connection(page)).toHaveText("Online");
  line.cut();
  await forget(page);
  const main = page.getByRole("main");
  for (const [path, wrong] of [
    ["/settings", "Profile"],
    ["/contacts", "No contacts yet"],
    ["/admin", "This is for the owner"],
  ] as const) {
    await page.goto(path);
    await expect(main.getByText("This device does not hold it yet."), path).toBeVisible();
    await expect(main.getByText(wrong, { exact: true }), path).toBeHidden();
  }
  line.mend();
  await main.getByRole("button", { name: "Retry" }).click();
  await expect(main.getByText("This is for the owner")).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByRole("textbox", { name: "Display name" })).toHaveValue("Ana");
});
