// What comes while the person looks elsewhere.
import type { BrowserContextOptions, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { message, open, shown } from "../support/screens";

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
