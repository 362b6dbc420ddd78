// The app as a device keeps it: there without a network, and in time.
import type { Page } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, handOver, log, message, open, row, say, sent } from "../support/screens";

const keeps = { serviceWorkers: "allow" } as const;

/** Waits until the device keeps the app, and the page is served from there. */
async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

test("the app starts without a network, with what the device holds", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana", keeps);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "High tide at noon");
  await open(page, "Ben");
  await expect(message(page, "High tide at noon")).toBeVisible();
  await kept(page);
  await page.context().setOffline(true);
  await page.reload();
  await expect(message(page, "High tide at noon")).toBeVisible();
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Offline");
  // Screens that came later, too, and any address of the app.
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.goto("/");
  await open(page, "Ben");
  await say(page, "I will be there");
  await expect(message(page, "I will be there")).toBeVisible();
  await page.context().setOffline(false);
  await expect(sent(message(page, "I will be there"))).toBeVisible();
});

test("a newer version says so, and waits until it is wanted", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana", keeps);
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  await kept(page);
  const notice = page.getByRole("status").filter({ hasText: "A new version is ready." });
  await expect(notice).toBeHidden();
  await composer(page).fill("half a thou");
  // Another address of the same script is another version to a browser.
  await page.evaluate(() => navigator.serviceWorker.register("/sw.js?newer"));
  await expect(notice).toBeVisible();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(/sw\.js$/);
  await Promise.all([
    page.waitForEvent("load"),
    notice.getByRole("button", { name: "Reload" }).click(),
  ]);
  await kept(page);
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(/newer$/);
  await expect(composer(page)).toHaveValue("half a thou");
  await expect(row(page, "Tide pool")).toBeVisible();
  await expect(log(page)).toBeVisible();
});

test("what another app hands over goes to the conversation that one chooses", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", keeps);
  const ben = await newAccount("Ben");
  await account.directWith(ben);
  await account.createGroup("Tide pool");
  await kept(page);
  await page.goto("/share");
  await expect(page.getByText("Nothing was shared")).toBeVisible();
  await handOver(page);
  const main = page.getByRole("main");
  await expect(main).toContainText("Look at this");
  await expect(main).toContainText("times.txt");
  await main.getByRole("searchbox", { name: "Find a conversation" }).fill("tide");
  await expect(main.getByRole("button", { name: "Ben" })).toHaveCount(0);
  await main.getByRole("button", { name: "Tide pool" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await expect(composer(page)).toHaveValue("Look at this\nhttps://tide.example/");
  await expect(page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveText(/times.txt/);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(log(page).getByRole("link", { name: "times.txt" })).toBeVisible();
  // It was handed over once.
  await page.goto("/share");
  await expect(page.getByText("Nothing was shared")).toBeVisible();
});

test("a page that the service is done with comes anew from there, not from the device", async ({
  newPerson,
}) => {
  const { page } = await newPerson("Ana", keeps);
  await kept(page);
  const fresh = page.waitForResponse((response) => {
    return new URL(response.url()).pathname === "/" && !response.fromServiceWorker();
  });
  await page.evaluate(() => dispatchEvent(new Event("tideline-renew")));
  expect((await fresh).ok()).toBe(true);
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Online");
});
