// What keeps people out: axe looks at every screen and dialog, in both themes, on a desk and on a
// phone. One person goes through the app once; each place is looked at from all sides.
import type { Locator, Page } from "@playwright/test";
import config from "../playwright.config";
import { Account } from "../support/api";
import { expectAccessible } from "../support/axe";
import { expect, test } from "../support/fixtures";
import { details, heard, log, message, open, openSettings, row, say, sent, showSignIn } from "../support/screens";
import { Server } from "../support/server";

const launch = config.use?.launchOptions;
const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
test.use({
  launchOptions: { ...launch, args: [...(launch?.args ?? []), ...microphone] },
  // Colours are judged at rest, so nothing may fade in meanwhile.
  contextOptions: { reducedMotion: "reduce" },
});

test("the administration can be used by everybody", async ({ newBrowser }) => {
  // Whoever comes first to a service owns it.
  const server = await Server.start();
  const owner = await Account.register(server.url, "Olga");
  const ben = await Account.register(server.url, "Ben 本");
  const pool = await ben.groupWith([owner], "Tide pool");
  const seq = await ben.send(pool, "Get lost");
  await owner.conversation(pool, { type: "report", seq, reason: "abuse", note: "Again" });
  await owner.call("/api/admin", { type: "ban", user: ben.user });
  const page = await newBrowser({ baseURL: server.url });
  const { name, value } = owner.cookie;
  await page.context().addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  for (const [tab, there] of [
    ["Overview", "New groups in the last 30 days: 1"],
    ["People", "Let in again"],
    ["Groups", "2 members · 1 message"],
    ["Reports", "About Ben"],
    ["Log", "Banned Ben"],
    ["Settings", "Whoever has an account already"],
  ] as const) {
    await page.goto("/admin");
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByText(there)).toBeVisible();
    await expectAccessible(page, `administration, ${tab}`);
  }
  await page.context().close();
  await server.stop();
});

test("the pages of those who are not in yet can be used by everybody", async ({
  newAccount,
  newBrowser,
}) => {
  const page = await newBrowser();
  await page.goto("/");
  await expect(page.getByRole("textbox", { name: "Username" })).toBeVisible();
  await expectAccessible(page, "register");
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expectAccessible(page, "register with mistakes");
  await showSignIn(page);
  await expectAccessible(page, "sign in");
  const ana = await newAccount("Ana");
  const id = await ana.createGroup("Tide pool", { type: "Friends", description: "Low" });
  await page.goto(`/join/${await ana.invite(id)}`);
  await expect(page.getByRole("button", { name: "Join as guest" })).toBeVisible();
  await expectAccessible(page, "invite");
});

test("conversations can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { permissions: ["microphone"] });
  const ben = await newAccount("Ben 本");
  const id = await account.groupWith([ben], "Tide pool", { type: "Friends", description: "Low" });
  const seq = await ben.send(id, "See https://tideline.example/ and `code`");
  await ben.send(id, "```rust\nfn main() {}\n```\n> quoted\n- one\n- two");
  await ben.send(id, "🌊", { reply_to: seq });
  await account.conversation(id, { type: "react", seq, emoji: "👍" });
  await account.conversation(id, { type: "pin", seq });
  await expect(row(page, "Tide pool")).toHaveAccessibleName(/\b3 unread/);
  await expectAccessible(page, "list");
  await row(page, "Tide pool").click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "menu of a row");
  await page.keyboard.press("Escape");

  await open(page, "Tide pool");
  await say(page, "All **clear**");
  const own = message(page, "All clear");
  await expect(sent(own)).toBeAttached();
  await account.send(id, "Mine", { reply_to: seq });
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach file" }).click();
  const picture = await page.screenshot();
  await (await chooser).setFiles([
    { name: "pier.png", mimeType: "image/png", buffer: picture },
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low") },
  ]);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await expectAccessible(page, "files to be sent");
  await say(page, "Two files");
  await expect(sent(message(page, "Two files"))).toBeAttached();
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(page.getByRole("timer")).toHaveText("0:01");
  await expectAccessible(page, "recorder");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(log(page).getByRole("group", { name: "Voice message" })).toBeVisible();
  await expectAccessible(page, "conversation");

  await log(page).getByRole("button", { name: "Open pier.png" }).click();
  await expect(page.getByRole("dialog", { name: "pier.png" }).locator("img")).toBeVisible();
  await expectAccessible(page, "viewer");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Emoji" }).click();
  await expect(page.getByRole("gridcell").first()).toBeVisible();
  await expectAccessible(page, "emoji picker");
  await page.keyboard.press("Escape");

  await own.hover();
  await own.getByRole("button", { name: "Message actions" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "conversation with a menu");
  await page.keyboard.press("Escape");
  for (const [action, dialog] of [
    ["Forward", "Forward to"],
    ["Read by", "Read by"],
    ["Recall", "Recall this message?"],
  ] as const) {
    await own.hover();
    await own.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
    await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
    await expectAccessible(page, dialog);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: dialog })).toBeHidden();
  }

  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  await expect(pane.getByRole("textbox", { name: "Invite link" })).toBeVisible();
  await expectAccessible(page, "conversation with its details");
  await page.keyboard.press("Escape");
});

test("pages and dialogs can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  await expect(page.getByText("No conversations yet")).toBeVisible();
  const find = { type: "find", query: ben.userName };
  await expect.poll(async () => (await account.call("/api/people", find))["people"]).toHaveLength(1);
  await page.getByRole("button", { name: "New message" }).click();
  await page.getByRole("textbox", { name: "Find people" }).fill(ben.userName);
  await expect(page.getByRole("option", { name: /^Ben/ })).toBeVisible();
  await expectAccessible(page, "empty list and new message");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New group" }).click();
  await expect(page.getByRole("dialog", { name: "New group" })).toBeVisible();
  await expectAccessible(page, "new group");
  await page.keyboard.press("Escape");
  await ben.send(await ben.groupWith([account], "Tide pool"), "High tide");
  await ben.call("/api/people", { type: "add_contact", user: account.user });
  await heard(page, "Tide pool", "High tide");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: "Tide pool" })).toBeVisible();
  await expectAccessible(page, "palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible(page, "shortcuts");
  await page.keyboard.press("Escape");
  await openSettings(page);
  await page.getByRole("textbox", { name: "Age" }).fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /1 to 150/ })).toBeVisible();
  await expectAccessible(page, "settings");
  await page.goto("/contacts");
  await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
  await expectAccessible(page, "contacts");
  await page.goto("/search");
  await page.getByRole("searchbox", { name: "Search" }).fill("tide");
  await expect(page.getByRole("region").getByRole("link").first()).toBeVisible();
  await expectAccessible(page, "search");
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("heading", { name: "Ben 本" })).toBeVisible();
  await expectAccessible(page, "profile");
  await page.getByRole("button", { name: "Report" }).click();
  await expect(page.getByRole("dialog", { name: "Report" })).toBeVisible();
  await expectAccessible(page, "report");
  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await expectAccessible(page, "nowhere");
});

/** Chooses an entry of a message's menu. */
async function act(page: Page, message: Locator, action: string): Promise<void> {
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

/** Looks at a dialog that is open, and closes it. */
async function look(page: Page, name: string | RegExp): Promise<void> {
  const dialog = page.getByRole("dialog", { name });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, String(name));
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
}

test("what a message's menu and a group's details open can be used by everybody", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const [ben, cleo, dan] = [await newAccount("Ben 本"), await newAccount("Cleo"), await newAccount("Dan")];
  const id = await account.groupWith([ben, cleo], "Tide pool", { type: "Friends", description: "Low" });
  await account.conversation(id, { type: "change_record", public: true, approval: true });
  await dan.conversation(id, { type: "join" });
  const seq = await account.send(id, "Mine");
  await ben.conversation(id, { type: "react", seq, emoji: "👍" });
  await account.conversation(id, { type: "edit", seq, text: "Mine, again" });
  await account.conversation(id, { type: "pin", seq });
  await account.conversation(id, { type: "ban", user: cleo.user });
  await open(page, "Tide pool");
  const own = message(page, "Mine, again");
  await expect(own).toBeVisible();
  await act(page, own, "Reactions");
  await look(page, "Reactions");
  await own.getByRole("button", { name: "edited" }).click();
  await look(page, "Earlier versions");
  await page.getByRole("button", { name: "Today" }).click();
  await look(page, "Go to a date");
  await page.getByRole("button", { name: "Pinned messages" }).click();
  await look(page, "Pinned messages");

  const pane = await details(page);
  await pane.getByRole("button", { name: "Actions for Ben 本" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "member menu");
  await page.getByRole("menuitem", { name: "Ban", exact: true }).click();
  await look(page, "Ban Ben 本?");
  for (const [button, dialog] of [
    ["Edit group", "Edit group"],
    [/^Join requests/, "Join requests"],
    ["Banned people", "Banned people"],
    ["Leave group", "Leave “Tide pool”?"],
  ] as const) {
    await pane.getByRole("button", { name: button }).click();
    await look(page, dialog);
  }
  await pane.getByRole("button", { name: "Invite link" }).click();
  await pane.getByRole("button", { name: "QR code" }).first().click();
  await look(page, "QR code");
});

test("what is done about people, and what a guest is offered, can be used by everybody", async ({
  newAccount,
  newBrowser,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  await ben.send(await account.directWith(ben), "Low tide");
  await page.goto(`/u/${ben.userName}`);
  await page.getByRole("button", { name: "Nickname and note" }).click();
  await look(page, "Nickname and note");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await look(page, "Block Ben 本?");

  const guest = await newBrowser();
  const id = await account.createGroup("Tide pool");
  await guest.goto(`/join/${await account.invite(id)}`);
  await guest.getByRole("textbox", { name: "Your name" }).fill("Gus");
  await guest.getByRole("button", { name: "Join as guest" }).click();
  await expect(guest.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await openSettings(guest);
  await expect(guest.getByRole("button", { name: "Set password" })).toBeVisible();
  await expectAccessible(guest, "settings of a guest");
});
