// Room for a thumb on a phone, in what opens over a screen or comes up in it; on the screens themselves
// `phone.spec.ts` looks.
import type { Locator, Page } from "@playwright/test";
import { attach } from "../support/files";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import {
  composer,
  details,
  log,
  message,
  open,
  openSettings,
  row,
  say,
  showSignIn,
  startingWith,
} from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// Nothing is measured on its way.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/**
 * Whatever can be pressed in this part of the screen has 44 px across and along, wherever a touch on it lands: also
 * where that is more than the eye sees. Links within words are as high as their line, and what a message's own button
 * opens opens by a long press anywhere on the message, too.
 */
async function expectRoom(within: Locator, where: string): Promise<void> {
  const rising = (): Promise<number> =>
    within.page().evaluate(() => {
      const dialogs = [...document.querySelectorAll("dialog[open]")];
      return dialogs.flatMap((dialog) => dialog.getAnimations()).filter((one) => one.playState === "running").length;
    });
  await expect.poll(rising, `${where} comes to rest`).toBe(0);
  const small = await within.evaluate((root) => {
    const THUMB = 44;
    // A little less than half of it: touches are counted in whole pixels. Of what is that large where it lies,
    // browsers give up to two at its edge to its neighbour when it lies between pixels.
    const [REACH, OWN] = [21.25, 20];
    const PRESSED =
      "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role^=menuitem], " +
      "[role=switch], [role=checkbox], [role=radio], [role=option]";
    const EXEMPT = ".message__body a, .message__actions > button, .visually-hidden, :disabled";
    // What the mark in a label is for is pressed by the whole of the label.
    const areaOf = (control: Element): Element => control.closest("label") ?? control;
    const nameOf = (control: Element): string => {
      const label = control.closest("label") ?? document.querySelector(`label[for="${CSS.escape(control.id || "-")}"]`);
      const words = control.getAttribute("aria-label") ?? (label ?? control).textContent ?? "";
      return words.trim().replaceAll(/\s+/g, " ").slice(0, 60);
    };
    const isTaken = (control: Element, x: number, y: number): boolean => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (control.contains(hit) || areaOf(control).contains(hit));
    };
    const controls = [...root.querySelectorAll(PRESSED)].filter((control) => !control.matches(EXEMPT));
    const seen = controls.filter((control) =>
      // Also of a long list only what is drawn.
      control.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }),
    );
    if (seen.length === 0) return ["nothing can be pressed"];
    return seen.flatMap((control) => {
      control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, top, width, height } = areaOf(control).getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const reach = Math.min(width, height) >= THUMB - 0.5 ? OWN : REACH;
      const across = [-reach, reach].every((by) => isTaken(control, x + by, y));
      const along = [-reach, reach].every((by) => isTaken(control, x, y + by));
      const size = `${Math.round(width)} x ${Math.round(height)}`;
      return across && along ? [] : [`${control.tagName.toLowerCase()} "${nameOf(control)}": ${size}`];
    });
  });
  expect.soft(small, where).toEqual([]);
}

/** Opens the menu of a message. */
async function menuOf(page: Page, said: Locator): Promise<Locator> {
  await said.getByRole("button", { name: "Message actions" }).tap();
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem").first()).toBeVisible();
  return menu;
}

/** Chooses an entry of a message's menu. */
async function act(page: Page, said: Locator, name: string): Promise<void> {
  await (await menuOf(page, said)).getByRole("menuitem", { name, exact: true }).tap();
  await expect(page.getByRole("menu")).toBeHidden();
}

/** Looks at a dialog that is open, and closes it by its button. */
async function look(page: Page, name: string | RegExp): Promise<void> {
  const dialog = page.getByRole("dialog", { name });
  await expect(dialog).toBeVisible();
  await expectRoom(dialog, String(name));
  await dialog.getByRole("button", { name: "Close" }).tap();
  await expect(dialog).toBeHidden();
}

test("whoever is not in yet has room for a thumb", async ({ newAccount, newBrowser, newDevice, tolerate }) => {
  tolerate(/status of 4(04|10)/);
  const page = await newBrowser(PHONE);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Create account", exact: true })).toBeVisible();
  await expectRoom(page.locator("body"), "register");
  await showSignIn(page);
  await expectRoom(page.locator("body"), "sign in");
  const ana = await newAccount("Ana");
  const token = await ana.invite(await ana.createGroup("Tide pool"));
  await page.goto(`/join/${token}`);
  await expect(page.getByRole("button", { name: "Join as guest" })).toBeVisible();
  await expectRoom(page.locator("body"), "invite");
  await page.goto("/join/01938a5e7c0070008000000000000c1c0123456789abcdef01234567");
  await expect(page.getByRole("heading", { name: "This invite does not work" })).toBeVisible();
  await expectRoom(page.locator("body"), "dead invite");

  const other = await newDevice(await newAccount("Ben"), PHONE);
  await expect(other.getByText("No conversations yet")).toBeVisible();
  await expectRoom(other.locator("body"), "empty list");
  await other.goto(`/join/${token}`);
  await expect(other.getByRole("button", { name: "Join group" })).toBeVisible();
  await expectRoom(other.locator("body"), "invite of somebody who is signed in");
});

test("what comes up where one writes, and what a message's menu leads to, has room for a thumb", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.groupWith([ben], "Tide pool");
  const seq = await ben.send(id, "```rust\nfn main() {}\n```");
  await account.conversation(id, { type: "react", seq, emoji: "👍" });
  await account.conversation(id, { type: "pin", seq });
  await ben.send(id, "Look: https://tideline.example/", { reply_to: seq });
  await account.send(id, "All clear");
  await open(page, "Tide pool");
  const [theirs, own] = [message(page, "Look:").first(), message(page, "All clear")];
  await expect(page.getByRole("button", { name: "Pinned messages" })).toBeVisible();
  await expect(own).toBeVisible();
  await expectRoom(page.getByRole("main"), "conversation with code, a quote and a reaction");
  await expectRoom(await menuOf(page, theirs), "menu of somebody else's message");
  await page.keyboard.press("Escape");
  await expectRoom(await menuOf(page, own), "menu of one's own message");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();

  await act(page, theirs, "Reply");
  await expect(page.getByText("Reply to Ben")).toBeVisible();
  await attach(page, [
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low") },
    { name: "pier.png", mimeType: "image/png", buffer: await page.screenshot() },
  ]);
  await expect(page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await expectRoom(page.locator("form.composer"), "an answer with files");
  await say(page, "Two files");
  await expect(page.getByText("Reply to Ben")).toBeHidden();
  await expectRoom(message(page, "Two files"), "message with files");
  await act(page, own, "Edit");
  await expect(page.getByText("Edit message")).toBeVisible();
  await expectRoom(page.locator("form.composer"), "other words");
  await page.locator("form.composer").getByRole("button", { name: "Cancel" }).tap();
  await composer(page).pressSequentially("@B");
  await expect(page.getByRole("listbox", { name: "Suggestions" })).toBeVisible();
  await expectRoom(page.getByRole("listbox", { name: "Suggestions" }), "suggestions");
  await composer(page).fill("");

  for (const [name, title] of [
    ["Forward", "Forward to"],
    ["Read by", "Read by"],
    ["Recall", "Recall this message?"],
    ["Delete for me", "Delete this message for you?"],
  ] as const) {
    await act(page, own, name);
    await look(page, title);
  }
  await act(page, theirs, "Report");
  await look(page, "Report");
  await page.getByRole("button", { name: "Today" }).tap();
  await look(page, "Go to a date");
  await page.getByRole("button", { name: "Pinned messages" }).tap();
  await look(page, "Pinned messages");
  await log(page).getByRole("button", { name: "Open pier.png" }).tap();
  await look(page, "pier.png");
});

test("the picker of emoji has room for a thumb", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  await account.directWith(await newAccount("Ben"));
  await open(page, "Ben");
  await page.getByRole("button", { name: "Emoji" }).tap();
  await expect(page.getByRole("dialog", { name: "Emoji" }).getByRole("gridcell").first()).toBeVisible();
  await look(page, "Emoji");
});

test("messages that are being chosen, and what can be done with them, have room for a thumb", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  // Close together, and as low as messages are.
  for (const text of ["Low", "High", "Low again"]) await account.send(id, text);
  await open(page, "Ben");
  await act(page, message(page, "Low again"), "Select");
  await expect(page.getByText("1 selected")).toBeVisible();
  await expectRoom(page.getByRole("toolbar", { name: "Select" }), "what can be done with them");
  await expectRoom(log(page), "messages to choose from");
});

for (const [language, locale, failed] of [
  ["English", "en-US", "Failed"],
  ["Chinese", "zh-CN", "发送失败"],
] as const) {
  test(`what can be done about a message that was not sent has room for a thumb, in ${language}`, async ({
    newAccount,
    newPerson,
  }) => {
    const { account, page } = await newPerson("Ana", { ...PHONE, locale });
    const id = await account.directWith(await newAccount("Ben"));
    await page.routeWebSocket(/\/api\/conversations\//, (socket) => {
      const service = socket.connectToServer();
      socket.onMessage((frame) => {
        const call = JSON.parse(String(frame)) as { ref?: number; command?: { type: string } };
        if (call.command?.type !== "send") return service.send(frame);
        socket.send(JSON.stringify({ type: "rejected", ref: call.ref, code: "message_too_long" }));
      });
    });
    await page.goto(`/c/${id}`);
    const field = page.getByRole("textbox");
    await field.fill("潮");
    await field.press("Enter");
    const said = page.getByRole("article").filter({ hasText: "潮" });
    await expect(said.getByText(failed, { exact: true })).toBeAttached();
    await expectRoom(said.getByRole("alert"), "retry and discard");
  });
}

test("what lies over the list, and its menus, have room for a thumb", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  await account.directWith(ben);
  await expect(row(page, "Ben")).toBeVisible();
  await page.getByRole("button", { name: "New message" }).tap();
  await page.getByRole("textbox", { name: "Find people" }).fill(ben.userName);
  await expect(page.getByRole("option", { name: startingWith("Ben") })).toBeVisible();
  await look(page, "New message");
  await page.getByRole("button", { name: "New group" }).tap();
  await look(page, "New group");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: startingWith("Ben") })).toBeVisible();
  await look(page, "Go to or do");
  await row(page, "Ben").click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await expectRoom(page.getByRole("menu"), "menu of a conversation");
  await page.getByRole("menuitem", { name: "Archive" }).tap();
  await expect(page.getByText("Everything is archived")).toBeVisible();
  await expectRoom(page.locator("body"), "list of which everything is archived");
  await page.getByRole("button", { name: "Invite somebody" }).locator("visible=true").tap();
  await look(page, "Invite somebody");
});

test("what a group's details and a person's profile lead to has room for a thumb", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const [ben, cleo, dan] = [await newAccount("Ben"), await newAccount("Cleo"), await newAccount("Dan")];
  const id = await account.groupWith([ben, cleo], "Tide pool");
  await account.conversation(id, { type: "change_record", public: true, approval: true });
  await dan.conversation(id, { type: "join" });
  await account.conversation(id, { type: "ban", user: cleo.user });
  await open(page, "Tide pool");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Actions for Ben" }).tap();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectRoom(page.getByRole("menu"), "menu of a member");
  await page.getByRole("menuitem", { name: "Make owner" }).tap();
  await look(page, "Make Ben the owner?");
  await pane.getByRole("list", { name: "Members" }).getByRole("button", { name: startingWith("Ben") }).tap();
  await expect(page.getByRole("dialog", { name: "Profile" }).getByRole("heading", { name: "Ben" })).toBeVisible();
  await look(page, "Profile");
  for (const [button, title] of [
    ["Edit group", "Edit group"],
    [/^Join requests/, "Join requests"],
    ["Banned people", "Banned people"],
    ["Leave group", "Leave “Tide pool”?"],
  ] as const) {
    await pane.getByRole("button", { name: button }).tap();
    await expect(page.getByRole("dialog", { name: title })).toBeVisible();
    await expect(page.getByRole("dialog", { name: title }).getByText("Loading…")).toBeHidden();
    await look(page, title);
  }
  await pane.getByRole("button", { name: "Invite link" }).tap();
  await expect(pane.getByRole("textbox", { name: "Invite link" })).toBeVisible();
  await pane.getByRole("button", { name: "New link" }).tap();
  await expectRoom(pane, "details with a new link");
  await pane.getByRole("button", { name: "QR code" }).last().tap();
  await look(page, "QR code");

  await page.goto(`/u/${ben.userName}`);
  await page.getByRole("button", { name: "Nickname and note" }).tap();
  await look(page, "Nickname and note");
  await page.getByRole("button", { name: "Block", exact: true }).tap();
  await look(page, "Block Ben?");
});

test("what the settings ask, and what did not work in them, has room for a thumb", async ({
  newDevice,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana", PHONE);
  await newDevice(account);
  await openSettings(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Change picture" }).tap();
  await (await chooser).setFiles([{ name: "me.png", mimeType: "image/png", buffer: await page.screenshot() }]);
  await look(page, "Choose what is shown");
  await page.getByRole("button", { name: "End all other sessions" }).tap();
  await look(page, "End all other sessions?");
  await page.route("/api/export", () => undefined);
  await page.getByRole("button", { name: "Download my data" }).tap();
  await expect(page.getByRole("progressbar", { name: "Download my data" })).toBeVisible();
  await expectRoom(page.locator(".settings__export"), "data on its way");
  await page.getByRole("button", { name: "Cancel" }).tap();
  await page.getByRole("button", { name: "Delete account" }).tap();
  const last = page.getByRole("dialog", { name: "Delete account" });
  await expectRoom(last, "delete account, first question");
  await last.getByRole("button", { name: "Continue" }).tap();
  await expect(last.getByRole("textbox", { name: "Username" })).toBeVisible();
  await look(page, "Delete account");
  // A newer version is here, and something does not work.
  await page.evaluate(() => dispatchEvent(new Event("tideline-update")));
  await page.context().setOffline(true);
  await page.getByRole("switch", { name: "Link previews" }).tap();
  const news = page.getByRole("region", { name: "Notifications" });
  await expect(news.getByRole("alert")).toBeVisible();
  await expect(news.getByRole("button", { name: "Reload" })).toBeVisible();
  await expectRoom(news, "news");
});
