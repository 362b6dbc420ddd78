// What comes while the person looks elsewhere.
import type { BrowserContextOptions, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { message, open, openSettings, row, shown } from "../support/screens";
import { whole } from "../support/whole";

test.use(whole);

const keeps: BrowserContextOptions = { serviceWorkers: "allow", permissions: ["notifications"] };

/** The person looks at another program, or at this one again. */
async function look(page: Page, here: boolean): Promise<void> {
  await page.evaluate((here) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: !here });
    Object.defineProperty(document, "hasFocus", { configurable: true, value: () => here });
  }, here);
}

test("news are shown by the system while the person looks elsewhere, as they chose", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  // A browser that can be told nothing while the app is closed there says so.
  tolerate(/does not support the Push API/);
  const { account, page } = await newPerson("Ana", keeps);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  const pool = await ben.createGroup("Tide pool");
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("switch", { name: "Show notifications" }).check();

  // Whoever looks is not told.
  await ben.send(id, "Are you there?");
  await expect(page).toHaveTitle("(1) Tideline");
  await look(page, false);
  // In its first seconds the app has better things to do.
  const told = expect.poll(async () => {
    await ben.send(id, "The tide comes in");
    return shown(page);
  });
  await told.toEqual([["Ben", "New message"]]);

  await look(page, true);
  await page.getByRole("switch", { name: "Show what was written" }).check();
  await look(page, false);
  await ben.send(id, "It is high");
  // One for a conversation: the newest.
  await expect.poll(() => shown(page)).toEqual([["Ben", "It is high"]]);

  // What is muted is silent, but for what means this person.
  await account.join(await ben.invite(pool));
  await account.call("/api/account", { type: "mute", conversation: pool });
  await ben.send(pool, "To all who listen");
  await expect(page.getByRole("link", { name: /^Tide pool/ })).toContainText("To all who listen");
  await ben.send(pool, `@${account.userName} you, too`);
  await expect.poll(async () => (await shown(page)).map(([title]) => title)).toContain("Tide pool");
  expect((await shown(page)).flat().join()).not.toContain("To all who listen");

  await look(page, true);
  await page.getByRole("switch", { name: "Show notifications" }).uncheck();
  await look(page, false);
  await ben.send(id, "It ebbs");
  await expect(page.getByRole("link", { name: /^Ben/ })).toContainText("It ebbs");
  await look(page, true);
  await open(page, "Ben");
  await expect(message(page, "It ebbs")).toBeVisible();
  expect((await shown(page)).flat()).not.toContain("It ebbs");
});

/** Loads a page anew, and waits for the code that tells of news: it comes when the app has come to rest. */
async function load(page: Page): Promise<void> {
  await page.reload();
  await expect(page.locator("[role=tooltip]")).toBeAttached();
}

/** Has a page count how often it rings, from its next load on; says how often it did. */
async function listening(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const start = OscillatorNode.prototype.start;
    Object.assign(globalThis, { rung: 0 });
    OscillatorNode.prototype.start = function (...at) {
      Object.assign(globalThis, { rung: Reflect.get(globalThis, "rung") + 1 });
      start.apply(this, at);
    };
  });
  await load(page);
  return () => page.evaluate(() => Reflect.get(globalThis, "rung") as number);
}

/** Somebody says something; how often the page rang for it. Pages remember what they decided about last. */
async function rings(page: Page, rung: () => Promise<number>, say: () => Promise<unknown>): Promise<number> {
  const decided = () => page.evaluate(() => localStorage.getItem("tideline.alerts.last"));
  const [before, last] = [await rung(), await decided()];
  await say();
  await expect.poll(decided).not.toBe(last);
  return (await rung()) - before;
}

test("news sound while the person looks elsewhere, unless that was turned off", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  const rung = await listening(page);
  await openSettings(page);
  await look(page, false);
  const say = () => ben.send(id, "The tide comes in");
  // Two tones.
  expect(await rings(page, rung, say)).toBe(2);

  await look(page, true);
  await page.getByRole("switch", { name: "Sound" }).uncheck();
  await look(page, false);
  expect(await rings(page, rung, say)).toBe(0);
  await load(page);
  await expect(page.getByRole("switch", { name: "Sound" })).not.toBeChecked();
  await look(page, false);
  expect(await rings(page, rung, say)).toBe(0);
  await look(page, true);
  await page.getByRole("switch", { name: "Sound" }).check();
  await look(page, false);
  expect(await rings(page, rung, say)).toBe(2);
});

test("a device is quiet while the person looks at another one of theirs", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  const rung = await listening(page);
  await look(page, false);
  const say = () => ben.send(id, "The tide comes in");
  expect(await rings(page, rung, say)).toBe(2);

  const phone = await newDevice(account, { viewport: { width: 390, height: 844 } });
  await expect(row(phone, "Ben")).toBeVisible();
  await expect.poll(() => rings(page, rung, say)).toBe(0);
  expect(await rings(page, rung, say)).toBe(0);
  // One that comes knows at once.
  await load(page);
  await look(page, false);
  expect(await rings(page, rung, say)).toBe(0);

  await phone.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => rings(page, rung, say)).toBe(2);
});

test("the icon of the app says how much is unread", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await page.addInitScript(() => {
    Object.assign(Navigator.prototype, {
      setAppBadge: async (unread: number) => Object.assign(globalThis, { unread }),
    });
  });
  await page.reload();
  const badge = () => page.evaluate(() => Reflect.get(globalThis, "unread") as number);
  await expect.poll(badge).toBe(0);
  await ben.send(id, "One");
  await ben.send(id, "Two");
  await expect.poll(badge).toBe(2);
  await open(page, "Ben");
  await expect.poll(badge).toBe(0);
});
