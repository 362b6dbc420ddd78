// On a phone that is held upright: nothing that is read or pressed lies behind the camera, or where a finger swipes
// to leave the app. Lists and dialogs may scroll through below, but end above it.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, conversations, count, details, log, message, open, openSettings, row } from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const INSETS = { top: 47, bottom: 34 };

/** The smallest picture there is. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

// Nothing is measured on its way.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Gives the phone of a page a camera at the top, and a bar at the bottom. */
async function shape(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setSafeAreaInsetsOverride", { insets: INSETS });
  const known = (): Promise<string[]> =>
    page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      return ["--safe-top", "--safe-bottom"].map((name) => style.getPropertyValue(name).trim());
    });
  await expect.poll(known, "the page knows its phone").toEqual([`${INSETS.top}px`, `${INSETS.bottom}px`]);
}

/** That all of this begins below the camera. */
async function below(...all: Locator[]): Promise<void> {
  for (const one of all) {
    const top = async (): Promise<number> => (await one.boundingBox())?.y ?? NaN;
    await expect.soft.poll(top, `${String(one)} begins below the camera`).toBeGreaterThanOrEqual(INSETS.top);
  }
}

/** That all of this ends above the bar. */
async function above(page: Page, ...all: Locator[]): Promise<void> {
  const edge = (page.viewportSize()?.height ?? NaN) - INSETS.bottom;
  for (const one of all) {
    const end = async (): Promise<number> => {
      const { y, height } = (await one.boundingBox()) ?? { y: NaN, height: NaN };
      return y + height;
    };
    await expect.soft.poll(end, `${String(one)} ends above the bar`).toBeLessThanOrEqual(edge);
  }
}

/** Scrolls what this is in to its end. */
async function toTheEnd(inside: Locator): Promise<void> {
  await inside.evaluate((element) => {
    let scroller: Element | null = element;
    while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement;
    if (!scroller || scroller.scrollHeight <= scroller.clientHeight) throw new Error("it is too short to scroll");
    scroller.scrollTop = scroller.scrollHeight;
  });
}

test("the pages of those who are not in yet keep clear of camera and bar", async ({ newAccount, newBrowser }) => {
  const ana = await newAccount("Ana");
  const token = await ana.invite(await ana.createGroup("Tide pool"));
  const page = await newBrowser(PHONE);
  for (const path of ["/", `/join/${token}`]) {
    await page.goto(path);
    await expect(page.getByRole("textbox").first()).toBeVisible();
    await shape(page);
    await below(page.locator(".welcome__card > header"), page.getByRole("heading", { level: 1 }));
    await above(page, page.getByRole("button", { name: "中文" }));
  }
});

test("lists and screens begin below the camera and end above the bar", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const pool = await account.groupWith([ben], "Tide pool");
  await account.sendAll(pool, count("wave", 1, 60));
  for (let number = 1; number <= 14; number += 1) await account.createGroup(`Pool ${number}`);
  await expect(row(page, "Pool 14")).toBeVisible();
  await shape(page);
  const settings = page.getByRole("button", { name: "Settings" });
  await below(settings, page.getByRole("heading", { level: 1 }), page.getByRole("button", { name: "New group" }));
  await toTheEnd(row(page, "Tide pool"));
  await above(page, row(page, "Tide pool"));
  // A newer version is here.
  await page.evaluate(() => dispatchEvent(new Event("tideline-update")));
  await below(page.getByRole("region", { name: "Notifications" }).getByText("A new version is ready."));
  await page.getByRole("region", { name: "Notifications" }).getByRole("button", { name: "Dismiss" }).tap();

  const back = page.getByRole("button", { name: "Back" }).locator("visible=true");
  await openSettings(page);
  await below(back, page.getByRole("heading", { level: 1, name: "Settings" }));
  const last = page.getByRole("button", { name: "Delete account" });
  await toTheEnd(last);
  await above(page, last);
  await back.tap();

  await conversations(page).getByRole("button", { name: "Search" }).tap();
  const field = page.getByRole("searchbox", { name: "Search" });
  await field.fill("wave");
  const older = page.getByRole("button", { name: "Older ones here" });
  await older.tap();
  await expect.poll(() => page.getByRole("tabpanel").getByRole("link").count()).toBeGreaterThan(15);
  await below(back, field);
  await toTheEnd(older);
  await above(page, older);
});

test("a conversation begins below the camera, and where one writes is above the bar", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const pool = await ben.groupWith([account], "Tide pool");
  const seq = await account.send(pool, "Low tide");
  await ben.conversation(pool, { type: "pin", seq });
  await open(page, "Tide pool");
  await expect(message(page, "Low tide")).toBeVisible();
  await shape(page);
  const opener = page.getByRole("button", { name: "Conversation details" });
  const title = page.getByRole("heading", { level: 1, name: "Tide pool" });
  await below(page.getByRole("button", { name: "Back" }).locator("visible=true"), title, opener);
  const send = page.getByRole("button", { name: "Send", exact: true });
  await above(page, composer(page), page.getByRole("button", { name: "Attach file" }), send);

  const said = message(page, "Low tide");
  await said.getByRole("button", { name: "Message actions" }).tap();
  const last = page.getByRole("menu").getByRole("menuitem").last();
  await last.scrollIntoViewIfNeeded();
  await above(page, last);
  await page.getByRole("menuitem", { name: "Select", exact: true }).tap();
  const bar = page.getByRole("toolbar", { name: "Select" });
  await expect(bar).toBeVisible();
  await above(page, bar.getByRole("button", { name: "Forward" }), bar.getByRole("button", { name: "Cancel" }));
  await bar.getByRole("button", { name: "Cancel" }).tap();

  const pane = await details(page);
  await below(pane.getByRole("button", { name: "Close" }), pane.getByRole("heading", { name: "Details" }));
  const leave = pane.getByRole("button", { name: "Leave group" });
  await toTheEnd(leave);
  await above(page, leave);
  await pane.getByRole("button", { name: "Close" }).tap();

  await ben.conversation(pool, { type: "mute_member", user: account.user });
  await above(page, page.getByText("You are muted here."));
});

test("dialogs that fill the screen begin below the camera, and end above the bar", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const pool = await account.groupWith([ben], "Tide pool");
  const seq = await account.send(pool, "Low tide");
  for (let number = 1; number <= 24; number += 1) {
    await account.conversation(pool, { type: "edit", seq, text: `Low tide at ${number}` });
  }
  for (let number = 1; number <= 20; number += 1) await account.createGroup(`Pool ${number}`);
  await expect(row(page, "Pool 20")).toBeAttached();
  await open(page, "Tide pool");
  const said = message(page, "Low tide at 24");
  await expect(said).toBeVisible();
  await shape(page);
  const act = async (name: string): Promise<void> => {
    await said.getByRole("button", { name: "Message actions" }).tap();
    await page.getByRole("menuitem", { name, exact: true }).tap();
  };
  const close = async (dialog: Locator): Promise<void> => {
    await below(dialog.getByRole("button", { name: "Close" }));
    await dialog.getByRole("button", { name: "Close" }).tap();
    await expect(dialog).toBeHidden();
  };

  await act("Earlier versions");
  const earlier = page.getByRole("dialog", { name: "Earlier versions" });
  const first = earlier.getByRole("listitem").last();
  await expect(first).toBeVisible();
  await toTheEnd(first);
  await above(page, first);
  await close(earlier);

  await act("Forward");
  const forward = page.getByRole("dialog", { name: "Forward to" });
  await expect(forward.getByRole("checkbox", { name: "Pool 20" })).toBeVisible();
  await above(page, forward.getByRole("button", { name: "Forward" }), forward.getByRole("button", { name: "Cancel" }));
  await close(forward);

  await page.getByRole("button", { name: "Emoji" }).tap();
  const emoji = page.getByRole("dialog", { name: "Emoji" });
  await expect(emoji.getByRole("gridcell").first()).toBeVisible();
  await above(page, emoji.getByRole("radio", { name: "Dark", exact: true }));
  await close(emoji);

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to or do" });
  await page.getByRole("combobox", { name: "Go to or do" }).fill("pool");
  await expect(palette.getByRole("option", { name: "Pool 20" })).toBeVisible();
  await expect(palette.getByText("Searching…")).toBeHidden();
  await toTheEnd(palette.getByRole("option").last());
  await above(page, palette.getByRole("option").last());
  await close(palette);

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach file" }).tap();
  await (await chooser).setFiles([{ name: "dot.png", mimeType: "image/png", buffer: Buffer.from(DOT, "base64") }]);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  await log(page).getByRole("button", { name: "Open dot.png" }).tap();
  const viewer = page.getByRole("dialog", { name: "dot.png" });
  await expect(viewer).toBeVisible();
  const tools = viewer.getByRole("toolbar", { name: "Picture" });
  await above(page, tools.getByRole("button", { name: "Next picture" }), tools.getByRole("link", { name: "Download" }));
  await close(viewer);
});

test("people to write to are listed down to above the bar", async ({ newAccount, newPerson }) => {
  // A low phone, which few people fill.
  const low = { ...PHONE, viewport: { width: 390, height: 480 } };
  const { account, page } = await newPerson("Ana", low);
  for (const name of ["Ben", "Cho", "Dan", "Eve", "Fay", "Gil"]) {
    const other = await newAccount(name);
    await account.call("/api/people", { type: "add_contact", user: other.user });
    await other.call("/api/people", { type: "add_contact", user: account.user });
  }
  await shape(page);
  await page.getByRole("button", { name: "New message" }).tap();
  const dialog = page.getByRole("dialog", { name: "New message" });
  await expect(dialog.getByRole("option")).toHaveCount(6);
  await below(dialog.getByRole("button", { name: "Close" }));
  await toTheEnd(dialog.getByRole("option").last());
  await above(page, dialog.getByRole("option").last());
});
