// How somebody keeps their conversations, on all of their devices.
import type { Locator } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, conversations, details, open, row, say } from "../support/screens";

test("what is pinned, muted, archived and marked on one device is so on the other", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const cleo = await newAccount("Cleo");
  const tide = await ana.account.groupWith([ben], "Tide pool");
  await ben.send(tide, "first");
  await ben.send(await ben.directWith(ana.account), "second");
  await cleo.send(await cleo.directWith(ana.account), "third");
  const { page } = ana;
  const other = await newDevice(ana.account);
  const titles = (on: typeof page) => conversations(on).getByRole("link");
  await expect(titles(other).first()).toHaveAccessibleName(/^Cleo/);

  const pick = async (title: string, what: string): Promise<void> => {
    await row(page, title).click({ button: "right" });
    await page.getByRole("menuitem", { name: what }).click();
    await expect(page.getByRole("menu")).toBeHidden();
  };
  await pick("Tide pool", "Pin to the top");
  await expect(titles(other).first()).toHaveAccessibleName(/^Tide pool.*Pinned/);
  await pick("Ben", "Mute for good");
  await expect(row(other, "Ben")).toHaveAccessibleName(/Muted/);
  await expect(other).toHaveTitle("(2) Tideline");
  await pick("Cleo", "Mark as read");
  await expect(row(other, "Cleo")).not.toHaveAccessibleName(/unread/);
  await pick("Cleo", "Mark as unread");
  await expect(row(other, "Cleo")).toHaveAccessibleName(/Marked as unread/);
  await open(other, "Cleo");
  await expect(row(page, "Cleo")).not.toHaveAccessibleName(/unread/);

  await pick("Cleo", "Archive");
  await expect(row(other, "Cleo")).toBeHidden();
  await other.getByRole("button", { name: "Archived (1)" }).click();
  await expect(titles(other)).toHaveCount(1);
  await other.getByRole("button", { name: "Back to the list" }).click();
  await cleo.send(await cleo.directWith(ana.account), "back again");
  await expect(row(other, "Cleo")).toBeVisible();
  await expect(other.getByRole("button", { name: /Archived/ })).toBeHidden();

  await open(page, "Ben");
  const pane = await details(page);
  await expect(pane.getByText("Muted.", { exact: true })).toBeVisible();
  await pane.getByRole("button", { name: "Unmute" }).click();
  await expect(row(other, "Ben")).not.toHaveAccessibleName(/Muted/);
});

test("everybody gets through mute, until that is muted too", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const reef = await ana.account.groupWith([ben], "Reef");
  await ben.send(await ben.directWith(ana.account), "elsewhere");
  await open(ana.page, "Reef");
  const all = (pane: Locator) => pane.getByRole("checkbox", { name: "Mute @all too" });
  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Mute for good" }).click();
  await expect(all(pane)).not.toBeChecked();
  await open(ana.page, "Ben");
  await ben.send(reef, "@all the tide turns");
  await expect(row(ana.page, "Reef")).toHaveAccessibleName(/1 mentions you.*1 unread/);

  await open(ana.page, "Reef");
  await expect(row(ana.page, "Reef")).not.toHaveAccessibleName(/unread/);
  await all(await details(ana.page)).click();
  await expect(all(pane)).toBeChecked();
  await open(ana.page, "Ben");
  await ben.send(reef, "@all it is gone");
  await expect(row(ana.page, "Reef")).toHaveAccessibleName(/1 unread/);
  await expect(row(ana.page, "Reef")).not.toHaveAccessibleName(/mentions you/);
  await ben.send(reef, `@${ana.account.userName} are you there?`);
  await expect(row(ana.page, "Reef")).toHaveAccessibleName(/1 mentions you.*2 unread/);
});

test("what was muted for a time is heard again when that is over", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ben.directWith(account);
  await ben.send(id, "hello");
  await expect(page).toHaveTitle("(1) Tideline");
  await account.call("/api/account", { type: "mute", conversation: id, duration_s: 4 });
  await expect(row(page, "Ben")).toHaveAccessibleName(/Muted/);
  await expect(page).toHaveTitle("Tideline");
  await expect(row(page, "Ben")).not.toHaveAccessibleName(/Muted/);
  await expect(page).toHaveTitle("(1) Tideline");
});

test("a row's menu opens by the keyboard, and gives the focus back", async ({ newPerson, newAccount }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await ben.send(await ben.directWith(account), "hello");
  await row(page, "Ben").focus();
  await page.keyboard.press("ContextMenu");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(row(page, "Ben")).toBeFocused();
});

test("a draft goes along to the other device until it is sent", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await ben.send(await ben.directWith(ana.account), "hello");
  const other = await newDevice(ana.account);
  await open(ana.page, "Ben");
  await composer(ana.page).fill("I wanted to");
  await expect(row(other, "Ben")).toContainText("Draft: I wanted to");
  await open(other, "Ben");
  await expect(composer(other)).toHaveValue("I wanted to");
  await composer(other).fill("I wanted to say");
  await expect(composer(ana.page)).toHaveValue("I wanted to say");
  await ana.page.reload();
  await expect(composer(ana.page)).toHaveValue("I wanted to say");
  await say(ana.page, "I said it");
  await expect(composer(other)).toHaveValue("");
  await other.goto("/");
  await expect(row(other, "Ben")).not.toContainText("Draft");
});
