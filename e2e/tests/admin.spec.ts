// Whoever owns the deployment: who that is, and what they see and decide. These tests close doors, so
// they have a service of their own.
import type { Page } from "@playwright/test";
import { Account, PASSWORD } from "../support/api";
import { expect, test as base } from "../support/fixtures";
import { conversations, enter, fillCredentials, message, open, openSettings, showRegister, showSignIn, signIn } from "../support/screens";
import { Server } from "../support/server";

/** The first account of the service that these tests share. */
const test = base.extend<object, { owner: Account }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  owner: [
    async ({ server }, use) => {
      await use(await Account.register(server.url, "Olga"));
    },
    { scope: "worker" },
  ],
});

/** Goes to a part of the administration. */
async function go(page: Page, tab: string): Promise<void> {
  await page.goto("/admin");
  await page.getByRole("tab", { name: tab }).click();
}

/** Waits until the administration has heard of a group, and of so many messages in it. */
async function counted(owner: Account, name: string, messages: number): Promise<void> {
  const known = async (): Promise<object[]> => {
    const { groups } = await owner.call("/api/admin", { type: "groups", query: name });
    return groups as object[];
  };
  await expect.poll(known).toEqual([expect.objectContaining({ name, messages })]);
}

/** Holds the answer to what a page asks about its session until the function that it returns is called. */
async function held(page: Page, type: string): Promise<() => Promise<void>> {
  let release = (): void => {};
  const released = new Promise<void>((done) => (release = done));
  await page.route("**/api/session", async (route) => {
    if (route.request().postDataJSON().type === type) await released;
    await route.continue();
  });
  return async () => {
    const answered = page.waitForResponse((response) => response.request().postDataJSON()?.type === type);
    release();
    await (await answered).finished();
    // The page has read it, and drawn what it makes of it.
    const drawn = (): Promise<unknown> =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await page.evaluate(drawn);
  };
}

test.describe.configure({ mode: "serial" });

test("whoever registers first is told that the service will be theirs, and finds the way", async ({
  newBrowser,
}) => {
  const server = await Server.start();
  const page = await newBrowser({ baseURL: server.url });
  await page.goto("/");
  await showRegister(page);
  await expect(page.getByText("whoever creates the first one will own this service")).toBeVisible();
  await fillCredentials(page, "olga", PASSWORD);
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await openSettings(page);
  await page.getByRole("button", { name: "Open administration" }).click();
  await expect(page).toHaveURL(/\/admin$/);
  await expect(page.getByRole("heading", { level: 1, name: "Administration" })).toBeVisible();

  const second = await newBrowser({ baseURL: server.url });
  await second.goto("/");
  await showRegister(second);
  await fillCredentials(second, "ben", PASSWORD);
  await expect(second.getByText("will own this service")).toBeHidden();
  await second.getByRole("button", { name: "Create account", exact: true }).click();
  await openSettings(second);
  await expect(second.getByRole("button", { name: "Open administration" })).toBeHidden();
  await second.goto("/admin");
  await expect(second.getByText("This is for the owner")).toBeVisible();
  await page.context().close();
  await second.context().close();
  await server.stop();
});

test("the overview counts, and lists find people and groups", async ({ newDevice, newAccount, owner }) => {
  const ben = await newAccount("Ben 本");
  const pool = await ben.createGroup("Secret pool");
  await ben.send(pool, "what is said stays there");
  await counted(owner, "Secret pool", 1);
  const page = await newDevice(owner);
  await go(page, "Overview");
  await expect(page.getByText("New groups in the last 30 days: 1")).toBeVisible();
  await go(page, "Groups");
  const group = page.getByRole("listitem").filter({ hasText: "Secret pool" });
  await expect(group).toContainText("Private");
  await expect(group).toContainText("1 member · 1 message");
  await expect(page.getByText("what is said stays there")).toBeHidden();
  await ben.createGroup("灯塔 keepers");
  await counted(owner, "灯塔 keepers", 0);
  const find = page.getByRole("searchbox", { name: "Find groups" });
  await find.fill("灯塔");
  await find.press("Enter");
  await expect(page.getByRole("list", { name: "Groups" }).getByRole("listitem")).toHaveText([/灯塔 keepers/]);
  await find.fill("no such group");
  await find.press("Enter");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await go(page, "People");
  await page.getByRole("searchbox", { name: "Find people" }).fill("本");
  await page.getByRole("searchbox", { name: "Find people" }).press("Enter");
  await expect(page.getByRole("list", { name: "People" }).getByRole("listitem")).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Find people" }).fill("nobody at all");
  await page.getByRole("searchbox", { name: "Find people" }).press("Enter");
  await expect(page.getByText("Nothing found")).toBeVisible();
});

test("who is banned is out at once, and comes back when they are let in", async ({
  newDevice,
  newPerson,
  owner,
  tolerate,
}) => {
  tolerate(/403/);
  const cleo = await newPerson("Cleo");
  const page = await newDevice(owner);
  await go(page, "People");
  const row = page.getByRole("listitem").filter({ hasText: "Cleo" });
  await row.getByRole("button", { name: "Ban" }).click();
  const sure = page.getByRole("dialog", { name: "Ban Cleo?" });
  await sure.getByRole("button", { name: "Ban" }).click();
  await expect(row.getByText("Banned")).toBeVisible();
  await expect(cleo.page.getByText("This account was banned.")).toBeVisible();
  await signIn(cleo.page, cleo.account.userName, PASSWORD);
  await expect(cleo.page.locator("form").getByText("This account was banned.")).toBeVisible();
  await row.getByRole("button", { name: "Let in again" }).click();
  await expect(row.getByRole("button", { name: "Ban" })).toBeVisible();
  // Her account hears of it a moment later.
  await expect(() => cleo.account.anotherSession()).toPass();
  await enter(cleo.page, cleo.account.userName, PASSWORD);
  await go(page, "Log");
  const log = page.getByRole("list", { name: "Log" }).getByRole("listitem");
  await expect(log.nth(0)).toContainText("Let Cleo in again");
  await expect(log.nth(1)).toContainText("Banned Cleo");
});

test("a message is reported, recalled by the owner, and gone for everybody", async ({
  newDevice,
  newPerson,
  owner,
}) => {
  const [dan, eve] = [await newPerson("Dan"), await newPerson("Eve")];
  await dan.account.send(await dan.account.directWith(eve.account), "get lost");
  await open(eve.page, "Dan");
  await message(eve.page, "get lost").hover();
  await message(eve.page, "get lost").getByRole("button", { name: "Message actions" }).click();
  await eve.page.getByRole("menuitem", { name: "Report" }).click();
  const dialog = eve.page.getByRole("dialog", { name: "Report" });
  await dialog.getByRole("combobox", { name: "Reason" }).selectOption("Insults, threats or hatred");
  await dialog.getByRole("textbox", { name: "What should they know?" }).fill("Every day");
  await dialog.getByRole("button", { name: "Send report" }).click();
  await expect(dialog).toBeHidden();
  await expect(eve.page.getByText("Your report was sent.")).toBeVisible();

  const page = await newDevice(owner);
  await go(page, "Reports");
  const report = page.getByRole("listitem").filter({ hasText: "About Dan" });
  await expect(report).toContainText("get lost");
  await expect(report).toContainText("Every day");
  await expect(report).toContainText("Reported by Eve");
  await report.getByRole("button", { name: "Recall message" }).click();
  await expect(page.getByText("No reports")).toBeVisible();
  await expect(message(eve.page, "get lost")).toBeHidden();
  await page.getByRole("combobox", { name: "Show" }).selectOption("Decided reports");
  await expect(report).toContainText("Message recalled");
});

test("a person is reported from their profile", async ({ newAccount, newDevice, newPerson, owner }) => {
  const fay = await newAccount("Fay");
  const { page } = await newPerson("Gil");
  await page.goto(`/u/${fay.userName}`);
  await page.getByRole("button", { name: "Report" }).click();
  await page.getByRole("dialog", { name: "Report" }).getByRole("button", { name: "Send report" }).click();
  await expect(page.getByText("Your report was sent.")).toBeVisible();
  const desk = await newDevice(owner);
  await go(desk, "Reports");
  const report = desk.getByRole("listitem").filter({ hasText: "About Fay" });
  await expect(report).toContainText("Spam");
  await expect(report.getByRole("button", { name: "Recall message" })).toHaveCount(0);
  await report.getByRole("button", { name: "Dismiss" }).click();
  await expect(report).toBeHidden();
});

test("registration is for the invited, or closed, and says so before anybody types", async ({
  newBrowser,
  newDevice,
  owner,
  tolerate,
}) => {
  tolerate(/403/);
  const page = await newDevice(owner);
  const token = await owner.invite(await owner.createGroup("Tide pool"));
  await go(page, "Settings");
  const mode = page.getByRole("combobox", { name: "Who may register" });
  await mode.selectOption("Only with an invite link");
  await expect(page.getByText("Saved")).toBeVisible();
  const visitor = await newBrowser();
  await visitor.goto("/");
  await expect(visitor.getByText("New people come by an invite link only.")).toBeVisible();
  await expect(visitor.getByRole("textbox")).toHaveCount(0);
  // An answer that is late leaves alone what somebody types.
  const answer = await held(visitor, "registration");
  await visitor.goto(`/join/${token}`);
  const name = visitor.getByRole("textbox", { name: "Your name" });
  await name.fill("Gus");
  await answer();
  await expect(name).toHaveValue("Gus");
  await expect(name).toBeFocused();
  await visitor.getByRole("button", { name: "Join as guest" }).click();
  await expect(conversations(visitor)).toBeVisible();

  await mode.selectOption("Nobody");
  await go(page, "Log");
  await expect(page.getByText("Closed registration")).toBeVisible();
  const late = await newBrowser();
  await late.goto("/");
  await expect(late.getByText("This service takes nobody new at the moment.")).toBeVisible();
  const closed = await held(late, "registration");
  await late.reload();
  await showSignIn(late);
  const userName = late.getByRole("textbox", { name: "Username" });
  await userName.fill(owner.userName);
  await closed();
  await expect(userName).toBeFocused();
  await enter(late, owner.userName, PASSWORD);
  const guest = await newBrowser();
  await guest.goto(`/join/${token}`);
  await expect(guest.getByText("This service takes nobody new at the moment.")).toBeVisible();
  await expect(guest.getByRole("textbox")).toHaveCount(0);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByRole("textbox", { name: "Username" })).toBeVisible();
  await owner.call("/api/admin", { type: "set_registration", mode: "open" });
});

test("how large files may be is kept", async ({
  newDevice,
  owner,
}) => {
  const page = await newDevice(owner);
  await go(page, "Settings");
  await page.getByRole("combobox", { name: "Largest file" }).selectOption("1.0 MB");
  await expect(page.getByText("Saved")).toBeVisible();
  await page.reload();
  await page.getByRole("tab", { name: "Settings" }).click();
  await expect(page.getByRole("combobox", { name: "Largest file" })).toHaveValue("1");
  await owner.call("/api/admin", { type: "set_limits" });
});

test("an announcement reaches everybody, and goes where it was dismissed", async ({
  newDevice,
  newPerson,
  owner,
}) => {
  const ivy = await newPerson("Ivy");
  const phone = await newDevice(ivy.account);
  const page = await newDevice(owner);
  await go(page, "Settings");
  await page.getByRole("textbox", { name: "Announcement" }).fill("The harbour is closed on Sunday.");
  await page.getByRole("button", { name: "Announce", exact: true }).click();
  const banner = (on: Page) => on.getByRole("region", { name: "Announcement" });
  for (const on of [page, ivy.page, phone]) await expect(banner(on)).toContainText("closed on Sunday");
  const late = await newPerson("Jan");
  await expect(banner(late.page)).toContainText("closed on Sunday");
  await banner(ivy.page).getByRole("button", { name: "Dismiss" }).click();
  for (const on of [ivy.page, phone]) await expect(banner(on)).toBeHidden();
  await page.getByRole("button", { name: "Withdraw" }).click();
  for (const on of [page, late.page]) await expect(banner(on)).toBeHidden();
});

test("the administration speaks Chinese, and works on a phone", async ({ newDevice, owner }) => {
  const page = await newDevice(owner, { locale: "zh-CN", viewport: { width: 390, height: 844 } });
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 1, name: "管理" })).toBeVisible();
  await page.getByRole("tab", { name: "日志" }).click();
  await expect(page.getByRole("list", { name: "日志" })).toContainText("关闭注册");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
