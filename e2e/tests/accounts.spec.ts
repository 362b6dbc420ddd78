import { PASSWORD, uniqueName } from "../support/api";
import { expect, test } from "../support/fixtures";
import {
  connection,
  conversations,
  enter,
  fillCredentials,
  openSettings,
  showRegister,
  signIn,
} from "../support/screens";

test("somebody registers, signs out, and signs in again", async ({ newBrowser }) => {
  const page = await newBrowser();
  const name = uniqueName();
  await page.goto("/");
  await showRegister(page);
  await fillCredentials(page, name, PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(conversations(page)).toBeVisible();

  await openSettings(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("textbox", { name: "Username" })).toBeVisible();
  await expect(conversations(page)).toBeHidden();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Username" })).toBeVisible();

  await enter(page, name, PASSWORD);
  await openSettings(page);
  await expect(page.getByRole("textbox", { name: "Display name" })).toHaveValue(name);
});

test("a refused sign-in does not say which half was wrong", async ({
  newAccount,
  newBrowser,
  tolerate,
}) => {
  tolerate(/status of 401/);
  const { userName } = await newAccount("Ana");
  const page = await newBrowser();
  const alert = page.getByRole("alert").filter({ hasText: /\S/ });
  const refusals: string[] = [];
  for (const name of [userName, uniqueName()]) {
    await page.goto("/");
    await signIn(page, name, "not-the-password");
    refusals.push(await alert.innerText());
  }
  expect(refusals[0]).toMatch(/user name or the password/i);
  expect(refusals[1]).toBe(refusals[0]);
  await expect(conversations(page)).toBeHidden();

  await enter(page, userName, PASSWORD);
});

test("names that are taken and passwords that are short are refused with a sentence", async ({
  newAccount,
  newBrowser,
  tolerate,
}) => {
  tolerate(/status of 4(09|22)/);
  const { userName } = await newAccount("Ana");
  const page = await newBrowser();
  await page.goto("/");
  await showRegister(page);
  for (const [name, password, sentence] of [
    [userName.toUpperCase(), PASSWORD, /name is taken/],
    ["a", PASSWORD, /at least 2 characters/],
    ["a name with spaces", PASSWORD, /only letters, digits/],
    [uniqueName(), "short", /at least 8 characters/],
  ] as const) {
    await fillCredentials(page, name, password);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  }
});

test("one stays signed in over a restart of the browser and of the server", async ({
  newBrowser,
  server,
}) => {
  const page = await newBrowser();
  const name = uniqueName();
  await page.goto("/");
  await showRegister(page);
  await fillCredentials(page, name, PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(connection(page)).toHaveText("Online");
  const kept = await page.context().storageState({ indexedDB: true });
  const days = 7 * 24 * 3600;
  expect(kept.cookies.every(({ expires }) => expires > Date.now() / 1000 + days)).toBe(true);
  await page.context().close();

  await server.restart();
  const again = await newBrowser({ storageState: kept });
  await again.goto("/");
  await expect(conversations(again)).toBeVisible();
  await expect(connection(again)).toHaveText("Online");
  const tab = await again.context().newPage();
  await tab.goto("/settings");
  await expect(tab.getByRole("textbox", { name: "Display name" })).toHaveValue(name);
});

test("signing out in one tab signs out the others", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  const tab = await page.context().newPage();
  await tab.goto("/");
  await expect(conversations(tab)).toBeVisible();
  await openSettings(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(tab.getByRole("textbox", { name: "Username" })).toBeVisible();
});
