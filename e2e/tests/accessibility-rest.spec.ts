// What keeps people out, where one comes less often: other people's pages, questions that are asked before
// something, what a list says when it has nothing, what one is told, and what goes wrong. Some of it in Chinese.
import type { Page } from "@playwright/test";
import { Account } from "../support/api";
import { expectAccessible } from "../support/axe";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, count, details, handOver, heard, message, open, openSettings, row, startingWith } from "../support/screens";
import { Server } from "../support/server";

// Colours are judged at rest, so nothing may fade in meanwhile.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Signs a browser in to a service of its own. */
async function enter(page: Page, { url }: Server, { cookie }: Account): Promise<void> {
  await page.context().addCookies([{ ...cookie, url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto("/");
  await expect(page.getByRole("navigation").getByRole("status")).toBeVisible();
}

test("what the administration asks, lacks and tells can be used by everybody", async ({ newBrowser }) => {
  const server = await Server.start();
  const owner = await Account.register(server.url, "Olga");
  const ben = await Account.register(server.url, "Ben");
  await owner.call("/api/people", { type: "report", user: ben.user, reason: "spam", note: "" });
  const page = await newBrowser({ baseURL: server.url });
  await enter(page, server, owner);
  const go = async (tab: string): Promise<void> => {
    await page.goto("/admin");
    await page.getByRole("tab", { name: tab }).click();
  };
  await go("Groups");
  await expect(page.getByRole("main").locator(".empty")).toBeVisible();
  await expectAccessible(page, "administration without groups");
  await go("People");
  await page.getByRole("searchbox", { name: "Find people" }).fill("nobody at all");
  await page.getByRole("searchbox", { name: "Find people" }).press("Enter");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await expectAccessible(page, "administration that finds nobody");
  await go("Reports");
  await page.getByRole("button", { name: "Ban" }).click();
  await expect(page.getByRole("dialog", { name: "Ban Ben?" })).toBeVisible();
  await expectAccessible(page, "administration, a question");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("main").locator(".empty")).toBeVisible();
  await expectAccessible(page, "administration without reports");
  await owner.call("/api/admin", { type: "announce", text: "The harbour is closed on Sunday." });
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Announcement" })).toBeVisible();
  await expectAccessible(page, "announcement");

  const other = await newBrowser({ baseURL: server.url });
  await enter(other, server, ben);
  await other.goto("/admin");
  await expect(other.getByText("This is for the owner")).toBeVisible();
  await expectAccessible(other, "administration of somebody else");
  for (const one of [page, other]) await one.context().close();
  await server.stop();
});

test("groups from outside, and links that lead nowhere, can be used by everybody", async ({
  newAccount,
  newBrowser,
  newPerson,
  tolerate,
}) => {
  tolerate(/status of 4(04|10)/);
  const { page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  const id = await ben.createGroup("Tide pool", { type: "Friends", description: "At low water" });
  await page.goto(`/join/${await ben.invite(id)}`);
  await expect(page.getByRole("button", { name: "Join group" })).toBeVisible();
  await expectAccessible(page, "invite of somebody who is signed in");
  await ben.conversation(id, { type: "change_record", public: true });
  await page.goto(`/c/${id}`);
  await expect(page.getByRole("button", { name: "Join group" })).toBeVisible();
  await expectAccessible(page, "public group from outside");
  const out = await newBrowser({ locale: "zh-CN" });
  await out.goto("/join/01938a5e7c0070008000000000000c1c0123456789abcdef01234567");
  await expect(out.getByRole("heading", { name: "此邀请无法使用" })).toBeVisible();
  await expectAccessible(out, "dead invite, in Chinese");
  await page.goto("/u/nobody.of.this.name");
  await expect(page.getByText("There is nobody with this name.")).toBeVisible();
  await expectAccessible(page, "profile of nobody");
});

test("what the settings ask and show on the way can be used by everybody", async ({
  newDevice,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await newDevice(account);
  await account.createGroup("Tide pool");
  await openSettings(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Change picture" }).click();
  const picture = { name: "me.png", mimeType: "image/png", buffer: await page.screenshot() };
  await (await chooser).setFiles(picture);
  await expect(page.getByRole("dialog", { name: "Choose what is shown" })).toBeVisible();
  await expectAccessible(page, "part of a picture");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expect(page.getByRole("dialog", { name: "End all other sessions?" })).toBeVisible();
  await expectAccessible(page, "end all other sessions");
  await page.keyboard.press("Escape");
  // The service takes its time.
  await page.route("/api/export", () => undefined);
  await page.getByRole("button", { name: "Download my data" }).click();
  await expect(page.getByRole("progressbar", { name: "Download my data" })).toBeVisible();
  await expectAccessible(page, "data on its way");
  await page.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("combobox", { name: "Language" }).selectOption("中文");
  await page.getByRole("combobox", { name: "文字大小" }).selectOption("larger");
  await expectAccessible(page, "settings in Chinese with very large words");
  await page.getByRole("button", { name: "删除账号" }).click();
  await expect(page.getByRole("dialog", { name: "删除账号" })).toBeVisible();
  await expectAccessible(page, "delete account, first question");
  await page.getByRole("dialog").getByRole("button", { name: "继续" }).click();
  await expect(page.getByRole("textbox", { name: "用户名" })).toBeVisible();
  await expectAccessible(page, "delete account, last question");
});

test("every state of search can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { locale: "zh-CN" });
  const ben = await newAccount("Ben 本");
  const name = `潮池 ${account.userName}`;
  await ben.send(await account.groupWith([ben], name), "High tide");
  await expect(page.getByRole("link", { name: startingWith(name) })).toBeVisible();
  await page.goto("/search");
  const box = page.getByRole("searchbox", { name: "搜索" });
  await expect(page.locator(".search .empty")).toBeVisible();
  await expectAccessible(page, "search that waits, in Chinese");
  await box.fill("nobody said this");
  await expect(page.getByText("没有找到消息")).toBeVisible();
  await expectAccessible(page, "search that finds nothing");
  for (const [tab, query] of [
    ["用户", ben.userName],
    ["群组", name],
  ] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await box.fill(query);
    await expect(page.getByRole("tabpanel").locator(".row").first()).toBeVisible();
    await expectAccessible(page, `search, ${tab}`);
    await box.fill("zzzzqqqq");
    await expect(page.locator(".search .empty")).toBeVisible();
    await expectAccessible(page, `search, ${tab}, nothing`);
  }
});

test("what changes in a conversation can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  const id = await ben.groupWith([account], "Tide pool");
  await ben.sendAll(id, count("Report", 1, 200));
  await expect(row(page, "Tide pool")).toContainText("Report 200.");
  await open(page, "Tide pool");
  await expect(page.getByRole("button", { name: "First unread" })).toBeVisible();
  await expectAccessible(page, "the way to the first unread message");
  await page.getByRole("button", { name: "First unread" }).click();
  await expect(page.getByRole("button", { name: /Jump to newest/ })).toBeVisible();
  await expectAccessible(page, "the way to the newest message");
  await page.getByRole("button", { name: /Jump to newest/ }).click();
  const last = message(page, "Report 200.");
  await last.hover();
  await last.getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name: "Select", exact: true }).click();
  await expect(last.getByRole("checkbox", { name: "Select" })).toBeChecked();
  await expectAccessible(page, "choosing messages");
  await page.getByRole("button", { name: "Cancel" }).click();
  await composer(page).pressSequentially("@B");
  await expect(page.getByRole("option", { name: /^Ben/ })).toBeVisible();
  await expectAccessible(page, "completion");
  await composer(page).fill("");

  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  await pane.getByRole("button", { name: "New link" }).click();
  await expect(pane.getByRole("button", { name: "Create link" })).toBeVisible();
  await expectAccessible(page, "a new link");

  await ben.conversation(id, { type: "mute_member", user: account.user });
  await expect(page.getByText("You are muted here.")).toBeAttached();
  await page.goto(`/c/${id}`);
  await expectAccessible(page, "muted");
  await ben.conversation(id, { type: "unmute_member", user: account.user });
  await ben.conversation(id, { type: "change_record", announcements: true });
  await expect(page.getByText("Only the owner and admins write here.")).toBeVisible();
  await expectAccessible(page, "announcements only");
});

test("being offline, and what then goes wrong, can be used by everybody", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await ben.send(await account.directWith(ben), "Low tide");
  await heard(page, "Ben", "Low tide");
  // Its code is here before the network goes.
  await openSettings(page);
  await page.context().setOffline(true);
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Offline");
  await page.getByRole("switch", { name: "Online and typing" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "You seem to be offline" })).toBeVisible();
  await expectAccessible(page, "settings with a toast");
  await open(page, "Ben");
  await expect(page.getByText("Low tide").last()).toBeVisible();
  await expectAccessible(page, "conversation without a network");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("tide");
  await expect(page.getByRole("tabpanel")).toContainText("Low tide");
  await expectAccessible(page, "search without a network");
});

test("what another app hands over can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { serviceWorkers: "allow" });
  await account.directWith(await newAccount("Ben"));
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await page.goto("/share");
  await expect(page.getByText("Nothing was shared")).toBeVisible();
  await expectAccessible(page, "nothing was shared");
  await handOver(page);
  await expect(page.getByRole("main")).toContainText("times.txt");
  await expectAccessible(page, "what was shared");
});
