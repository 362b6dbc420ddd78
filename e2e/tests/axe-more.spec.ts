// What keeps people out, in the states in which something is wrong, waits, or is over: what was not sent, what could
// not be fetched, what one keeps away, and the doors that are closed.
import type { Locator, Page } from "@playwright/test";
import { Account } from "../support/api";
import { expectAccessible } from "../support/axe";
import { attach, type Chosen } from "../support/files";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import {
  composer,
  connection,
  conversations,
  details,
  log,
  message,
  open,
  openSettings,
  row,
  say,
  showRegister,
  startingWith,
  state,
} from "../support/screens";
import { Server } from "../support/server";

// Colours are judged at rest, so nothing may fade in meanwhile.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Has the service fail at questions of one type that a page asks at a door. */
async function spoil(page: Page, door: string, type: string): Promise<void> {
  await page.route(door, (route) => {
    if (route.request().postDataJSON()?.type !== type) return route.fallback();
    return route.fulfill({ status: 500, body: "no" });
  });
}

function note(name: string): Chosen {
  return { name, mimeType: "text/plain", buffer: Buffer.from("low tide") };
}

/** Chooses an entry of a message's menu. */
async function act(page: Page, said: Locator, name: string): Promise<void> {
  await said.hover();
  await said.getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

/** Looks at a dialog that is open, and closes it. */
async function look(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, name);
  // In a field with words Escape takes these first.
  const words = dialog.getByRole("searchbox");
  if ((await words.count()) > 0) await words.clear();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
}

test("what is not sent, or not yet, can be used by everybody", async ({ newAccount, newPerson, tolerate }) => {
  tolerate(/status of 507/);
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "Low tide");
  await page.routeWebSocket(/\/api\/conversations\//, (socket) => {
    const service = socket.connectToServer();
    socket.onMessage((frame) => {
      const call = JSON.parse(String(frame)) as { ref?: number; command?: { type: string; text?: string } };
      if (call.command?.text !== "Too much") return service.send(frame);
      socket.send(JSON.stringify({ type: "rejected", ref: call.ref, code: "message_too_long" }));
    });
  });
  await page.goto(`/c/${id}`);
  await expect(connection(page)).toHaveText("Online");
  await say(page, "Too much");
  await expect(message(page, "Too much").getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "message that was refused");

  // The service takes no file, and then none for now.
  await page.route("**/api/**/files/**", (route) =>
    route.fulfill({ status: 507, json: { type: "rejected", code: "storage_full", message: "Full." } }),
  );
  await attach(page, [note("refused.txt")]);
  const tray = page.getByRole("list", { name: "Files" });
  await expect(tray.getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "file that was refused");
  await page.getByRole("button", { name: "Remove refused.txt" }).click();
  await page.unroute("**/api/**/files/**");
  await page.route("**/api/**/files/**", () => undefined);
  await attach(page, [note("waits.txt")]);
  await expect(tray.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await expectAccessible(page, "file on its way");
  await say(page, "With a file");
  const waits = message(page, "With a file");
  await expect(waits.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  await expect(state(waits, "Sending")).toBeAttached();
  await expectAccessible(page, "message that waits for its file");
});

test("what one answers, changes or writes too much of can be used by everybody", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const [ben, cleo] = [await newAccount("Ben 本"), await newAccount("Cleo")];
  const id = await account.groupWith([ben, cleo], "Tide pool");
  const elsewhere = await ben.groupWith([account], "Pier");
  const first = await ben.send(id, "The boat leaves at six");
  const gone = await ben.send(id, "Sorry");
  await ben.send(id, "I know", { reply_to: gone });
  await ben.conversation(id, { type: "recall", seq: gone });
  await cleo.leave(id);
  await account.send(id, "I will be there");
  const seq = await ben.send(elsewhere, "From the pier");
  const messages = [{ seq, id: "01938a5e-7c00-7000-8000-0000000000aa" }];
  await account.conversation(id, { type: "forward", from: elsewhere, messages });
  await open(page, "Tide pool");
  await expect(log(page)).toContainText("Forwarded from Ben 本");
  await expect(log(page)).toContainText("Cleo left");
  await act(page, message(page, "The boat leaves"), "Reply");
  await expect(page.getByText("Reply to Ben 本")).toBeVisible();
  await expectAccessible(page, "an answer, what was recalled, passed on, and who left");
  await composer(page).press("Escape");
  await act(page, message(page, "I will be there"), "Edit");
  await expect(page.getByText("Edit message")).toBeVisible();
  await composer(page).fill("w".repeat(8_001));
  await composer(page).press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "at most 8,000 characters" })).toBeVisible();
  await expectAccessible(page, "other words, and too many of them");
  await composer(page).press("Escape");
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.getByRole("searchbox", { name: "Search emoji" }).fill("zzzz");
  await expect(page.getByText("No emoji found")).toBeVisible();
  await look(page, "Emoji");
  await act(page, message(page, "The boat leaves"), "Forward");
  await page.getByRole("searchbox", { name: "Find a conversation" }).fill("zzzz");
  await expect(page.getByText("No conversation is called like that.")).toBeVisible();
  await look(page, "Forward to");
  await account.conversation(id, { type: "pin", seq: first });
  await page.getByRole("button", { name: "Pinned messages" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unpin" }).click();
  await expect(page.getByText("No message is pinned.")).toBeVisible();
  await look(page, "Pinned messages");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to or do" }).fill("zzzz");
  await expect(page.getByRole("option", { name: startingWith("Search messages for") }).first()).toBeVisible();
  await look(page, "Go to or do");
});

test("how one keeps conversations can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const [pool, pier, reef] = [
    await account.groupWith([ben], "Tide pool"),
    await account.groupWith([ben], "Pier"),
    await account.groupWith([ben], "Reef"),
  ];
  await ben.sendAll(pool, ["@all look", "once more"]);
  await account.conversation(pier, { type: "change_record", public: true, approval: true });
  await (await newAccount("Dan")).conversation(pier, { type: "join" });
  await account.call("/api/account", { type: "arrange", conversation: pier, pinned: true, unread: true });
  await account.call("/api/account", { type: "mute", conversation: reef });
  await account.call("/api/account", { type: "draft", conversation: reef, text: "I wanted to" });
  await ben.send(reef, "Quiet");
  await expect(row(page, "Tide pool")).toHaveAccessibleName(/1 mentions you.*2 unread/);
  await expect(row(page, "Pier")).toHaveAccessibleName(/Pinned.*1 asks to join|1 asks to join.*Pinned/);
  await expect(row(page, "Reef")).toContainText("Draft: I wanted to");
  await expect(row(page, "Reef")).toHaveAccessibleName(/Muted/);
  // A newer version is here.
  await page.evaluate(() => dispatchEvent(new Event("tideline-update")));
  await expect(page.getByRole("button", { name: "Reload" })).toBeVisible();
  await expectAccessible(page, "rows with all that they can tell, and a newer version");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await open(page, "Reef");
  const pane = await details(page);
  await expect(pane.getByRole("checkbox", { name: "Mute @all too" })).toBeVisible();
  await expectAccessible(page, "details of what is muted");
  await pane.getByRole("button", { name: "Close" }).click();

  await page.goto("/");
  for (const conversation of [pool, pier, reef]) {
    await account.call("/api/account", { type: "arrange", conversation, archived: true });
  }
  await expect(conversations(page).getByText("Everything is archived")).toBeVisible();
  await expectAccessible(page, "list of which everything is archived");
  await page.getByRole("button", { name: "Archived (3)" }).click();
  await expect(row(page, "Reef")).toBeVisible();
  await expectAccessible(page, "what is archived");
});

test("people whom one knows, asks or keeps away can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await page.goto("/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await expectAccessible(page, "no contacts");
  const [ben, cleo, dan, eve] = [
    await newAccount("Ben 本"),
    await newAccount("Cleo"),
    await newAccount("Dan"),
    await newAccount("Eve"),
  ];
  const people = (by: Account, type: string, user: string): Promise<unknown> =>
    by.call("/api/people", { type, user });
  await people(ben, "add_contact", account.user);
  await people(account, "add_contact", ben.user);
  await people(account, "add_contact", cleo.user);
  await people(dan, "add_contact", account.user);
  await account.directWith(eve);
  await people(account, "block", eve.user);
  for (const name of ["Contacts", "Requests", "Requests you sent"]) {
    await expect(page.getByRole("list", { name, exact: true }).getByRole("listitem")).toHaveCount(1);
  }
  await expectAccessible(page, "contacts, and requests both ways");
  await openSettings(page);
  await expect(page.getByRole("list", { name: "Blocked people" })).toBeVisible();
  await expectAccessible(page, "settings with somebody who is blocked");

  await ben.describe({ age: 30, gender: "female", signature: "Low tide at noon" });
  await account.call("/api/people", { type: "name_contact", user: ben.user, nickname: "Benny", note: "From the pier" });
  await account.directWith(ben);
  await open(page, "Benny");
  await expect((await details(page)).getByText("From the pier")).toBeVisible();
  await expectAccessible(page, "details of a person");
  await open(page, "Eve");
  await expect(page.getByText("You blocked this person.")).toBeVisible();
  await expectAccessible(page, "conversation with somebody who is blocked");
  await account.groupWith([cleo], "Tide pool");
  await open(page, "Tide pool");
  const members = (await details(page)).getByRole("list", { name: "Members" });
  await members.getByRole("button", { name: startingWith("Cleo") }).click();
  await expect(page.getByRole("dialog", { name: "Profile" }).getByRole("heading", { name: "Cleo" })).toBeVisible();
  await look(page, "Profile");
});

test("who begins with nothing finds ways that can be used by everybody", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  const begin = page.getByRole("main");
  await begin.getByRole("button", { name: "Invite somebody" }).click();
  await expect(page.getByRole("dialog").getByRole("img")).toBeVisible();
  await look(page, "Invite somebody");
  await page.getByRole("button", { name: "New message" }).click();
  await expect(page.getByText("Who do you want to write to?")).toBeVisible();
  await page.getByRole("textbox", { name: "Find people" }).fill("nobody is called so");
  await expect(page.getByText("Nobody found")).toBeVisible();
  await look(page, "New message");
  await begin.getByRole("button", { name: "Write to yourself" }).click();
  await expect(page.getByText("What you write here only you can see.")).toBeVisible();
  await expect((await details(page)).getByRole("button", { name: "Go to a date" })).toBeVisible();
  await expectAccessible(page, "notes to oneself");
});

test("what could not be fetched can be used by everybody", async ({ newAccount, newPerson, tolerate }) => {
  tolerate(/status of 500/);
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const pool = await account.groupWith([ben], "Tide pool");
  await account.send(pool, "High tide");
  await spoil(page, "**/api/session", "sessions");
  await page.goto("/settings");
  await expect(page.getByRole("main").getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "settings without the devices");
  await spoil(page, `**/api/conversations/${pool}`, "readers");
  await spoil(page, `**/api/conversations/${pool}`, "invites");
  await open(page, "Tide pool");
  await act(page, message(page, "High tide"), "Read by");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Retry" })).toBeVisible();
  await look(page, "Read by");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  await expect(pane.getByRole("alert").filter({ hasText: "on our side" })).toBeVisible();
  await expectAccessible(page, "details without the links");
  await pane.getByRole("button", { name: "Close" }).click();
  await page.route("**/api/people", (route) => route.abort("internetdisconnected"));
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("main").getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "profile without a network");
  await spoil(page, "**/api/search", "public_groups");
  await page.goto("/search");
  await page.getByRole("tab", { name: "Groups" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("pool");
  await expect(page.getByRole("tabpanel").getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "search that failed");
});

test("a device that holds nothing, and a screen that did not come, can be used by everybody", async ({
  line,
  newAccount,
  newBrowser,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newAccount("Ana");
  const pool = await ana.createGroup("Tide pool");
  const page = await newBrowser({ baseURL: line.url });
  await page.context().addCookies([{ ...ana.cookie, url: line.url, httpOnly: true, sameSite: "Lax" }]);
  // It knows who was signed in, and no more.
  await page.addInitScript((user) => localStorage.setItem("tideline.user", user), ana.user);
  line.cut();
  await page.goto("/");
  await expect(conversations(page).getByRole("heading", { name: "Offline" })).toBeVisible();
  await expectAccessible(page, "list that nothing is known of");
  await page.goto(`/c/${pool}`);
  await expect(page.getByRole("main").getByRole("heading", { name: "Offline" })).toBeVisible();
  await expectAccessible(page, "conversation that nothing is known of");
  await page.route(/\/more-[^/]*\.wasm$/, (route) => route.abort("internetdisconnected"));
  await page.goto("/settings");
  await expect(page.getByRole("main").getByText("Check the connection and try again.")).toBeVisible();
  await expectAccessible(page, "screen that did not come");
});

test("doors that are closed, and the first one, can be used by everybody", async ({ newBrowser, tolerate }) => {
  tolerate(/status of 401|WebSocket/);
  const server = await Server.start();
  const page = await newBrowser({ baseURL: server.url });
  await page.goto("/");
  await showRegister(page);
  await expect(page.getByText("whoever creates the first one will own this service")).toBeVisible();
  await expectAccessible(page, "register as the first one");
  const owner = await Account.register(server.url, "Olga");
  const token = await owner.invite(await owner.createGroup("Tide pool"));
  await owner.call("/api/admin", { type: "set_registration", mode: "invite" });
  await page.reload();
  await expect(page.getByText("New people come by an invite link only.")).toBeVisible();
  await expectAccessible(page, "registration for the invited");
  await owner.call("/api/admin", { type: "set_registration", mode: "closed" });
  await page.goto(`/join/${token}`);
  await expect(page.getByText("This service takes nobody new at the moment.")).toBeVisible();
  await expectAccessible(page, "invite while nobody new is taken");

  const { cookie } = await owner.anotherSession();
  await page.context().addCookies([{ ...cookie, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto("/");
  await expect(connection(page)).toHaveText("Online");
  await owner.call("/api/session", { type: "end_other_sessions" });
  await expect(page.getByRole("alert").filter({ hasText: "You have been signed out on this device." })).toBeVisible();
  await expectAccessible(page, "signed out from elsewhere");
  await page.context().close();
  await server.stop();
});

test("the last question before a guest is gone can be used by everybody", async ({ newAccount, newBrowser }) => {
  const ana = await newAccount("Ana");
  const page = await newBrowser();
  await page.goto(`/join/${await ana.invite(await ana.createGroup("Tide pool"))}`);
  await page.getByRole("textbox", { name: "Your name" }).fill("Gus");
  await page.getByRole("button", { name: "Join as guest" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await openSettings(page);
  await page.getByRole("button", { name: "Delete account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("dialog")).toContainText("a guest can never come in again");
  await look(page, "Delete account");
});
