import type { Locator, Page } from "@playwright/test";
import { PASSWORD } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, conversations, message, open, row, showSignIn, tabTo } from "../support/screens";

test("everything is done by the keyboard alone", async ({ newAccount, newBrowser }) => {
  const ana = await newAccount("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.groupWith([ben], "Tide pool");
  await ben.send(id, "Who needs a mouse?");
  const page = await newBrowser();
  await page.goto("/");
  await showSignIn(page);

  await tabTo(page, page.getByRole("textbox", { name: "Username" }));
  await page.keyboard.type(ana.userName);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(conversations(page)).toBeVisible();

  await expect(row(page, "Tide pool")).toBeVisible();
  await tabTo(page, row(page, "Tide pool"));
  await page.keyboard.press("Enter");
  await expect(message(page, "Who needs a mouse?")).toBeVisible();
  await tabTo(page, composer(page));
  await page.keyboard.type("Not me");
  await page.keyboard.press("Enter");
  await expect(message(page, "Not me")).toBeVisible();

  const opener = page.getByRole("button", { name: "Conversation details" });
  const pane = page.getByRole("complementary", { name: "Conversation details" });
  await tabTo(page, opener);
  await page.keyboard.press("Enter");
  await expect(pane).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(pane).toBeHidden();
  await expect(opener).toBeFocused();

  // Among messages arrows lead; the code for them comes when the app has come to rest.
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  await tabTo(page, message(page, "Not me"));
  await page.keyboard.press("ArrowUp");
  await expect(message(page, "Who needs a mouse?")).toBeFocused();
  const actions = message(page, "Who needs a mouse?").getByRole("button", { name: "Message actions" });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem").last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(actions).toBeFocused();

  const newGroup = page.getByRole("button", { name: "New group" });
  await tabTo(page, newGroup);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Group name" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "New group" })).toBeHidden();
  await expect(newGroup).toBeFocused();

  await tabTo(page, page.getByRole("button", { name: "New message" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Find people" })).toBeFocused();
  await page.keyboard.type(ben.userName);
  const found = page.getByRole("option", { name: /^Ben/ });
  await expect(found).toBeVisible();
  await tabTo(page, found);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Ben" })).toBeVisible();
});

/** What Tab comes to in a list. */
async function stopsIn(page: Page, list: Locator): Promise<number> {
  await page.keyboard.press("Tab");
  return list.evaluate(
    (list) => [...list.querySelectorAll("a, button, input")].filter((one) => (one as HTMLElement).tabIndex >= 0).length,
  );
}

test("a list is one stop, and arrows, Home and End go through it", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const [ben, cat] = [await newAccount("Ben"), await newAccount("Cat")];
  const pool = await account.groupWith([ben, cat], "Tide pool");
  await account.groupWith([ben], "Pier");
  await account.groupWith([ben], "Harbour");
  await ben.sendAll(pool, ["tide one", "tide two"]);
  await expect(row(page, "Tide pool")).toContainText("tide two");
  await expect(row(page, "Pier")).toBeVisible();

  // Conversations.
  await tabTo(page, row(page, "Tide pool"));
  for (const [key, title] of [
    ["ArrowDown", "Harbour"],
    ["End", "Pier"],
    ["ArrowDown", "Pier"],
    ["ArrowUp", "Harbour"],
    ["Home", "Tide pool"],
    ["End", "Pier"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(row(page, title), key).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(conversations(page).locator("a:focus")).toHaveCount(0);
  await page.keyboard.press("Shift+Tab");
  await expect(row(page, "Pier"), "where one left it").toBeFocused();

  // Members, with a menu beside each.
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Conversation details" }));
  await page.keyboard.press("Enter");
  const members = page.getByRole("list", { name: "Members" });
  await expect(members.getByRole("listitem")).toHaveCount(3);
  await tabTo(page, members.getByRole("button", { name: /^Ana/ }));
  await page.keyboard.press("ArrowDown");
  await expect(members.getByRole("button", { name: /^Ben/ })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(members.getByRole("button", { name: "Actions for Ben" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(members.getByRole("button", { name: /^Cat/ })).toBeFocused();
  expect(await stopsIn(page, members)).toBe(1);

  // What was found.
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("tide");
  const hits = page.getByRole("region", { name: "Tide pool" }).getByRole("link");
  await expect(hits).toHaveCount(2);
  await tabTo(page, hits.first());
  await page.keyboard.press("ArrowDown");
  await expect(hits.last()).toBeFocused();
  await page.getByRole("tab", { name: "People" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill(ben.userName);
  const people = page.getByRole("listbox", { name: "People" });
  await expect(people.getByRole("option")).toHaveCount(1);
  await tabTo(page, people.getByRole("option"));
  expect(await stopsIn(page, people)).toBe(1);

  // Where to forward to.
  await page.goBack();
  await open(page, "Tide pool");
  await message(page, "tide one").hover();
  await message(page, "tide one").getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name: "Forward" }).click();
  const targets = page.getByRole("dialog", { name: "Forward to" }).getByRole("checkbox");
  await tabTo(page, targets.first());
  await page.keyboard.press("ArrowDown");
  await expect(targets.nth(1)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(targets.nth(1)).toBeChecked();
});

test("for Tab all messages are one stop, and arrows go from one to the next and through what is in it", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "The map: https://tideline.example/map and https://tideline.example/chart");
  await ben.send(id, "Yes", { reply_to: 1 });
  await ben.send(id, `\`\`\`\n${"wide ".repeat(60)}\n\`\`\``);
  await ben.conversation(id, { type: "react", seq: 2, emoji: "🎉" });
  await account.call("/api/account", { type: "read", conversation: id, seq: 3 });
  await open(page, "Ben");
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  const [map, yes, code] = [message(page, /^Ben The map/), message(page, "Yes"), message(page, "wide")];
  await expect(yes.getByRole("button", { name: "🎉 1: Ben" })).toBeVisible();

  // In from above: the last message that is seen; out to where one writes, and back.
  await tabTo(page, page.getByRole("button", { name: "Conversation details" }));
  await page.keyboard.press("Tab");
  await expect(code).toBeFocused();
  await expect(code).toHaveAccessibleName(/wide wide/);
  await page.keyboard.press("Tab");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(code).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(map).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(yes).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Conversation details" })).toBeFocused();
  // It comes back to the message that was left.
  await page.keyboard.press("Tab");
  await expect(yes).toBeFocused();

  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  await expect(map.getByRole("link").first()).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(map.getByRole("link").last()).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(map).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await expect(composer(page)).toBeFocused();

  await page.keyboard.press("Shift+Tab");
  await expect(map).toBeFocused();
  await page.keyboard.press("ContextMenu");
  await expect(map.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(map.getByRole("menu")).toBeHidden();
});

test("a button without words says what it does, to a pointer and to the keyboard", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  const [group, person] = ["New group", "New message"].map((name) =>
    conversations(page).getByRole("button", { name }),
  ) as [Locator, Locator];
  const tip = page.locator("[role=tooltip]");
  // It comes with what the app fetches when it has come to rest.
  await expect(tip).toBeAttached();
  await group.hover();
  await expect(tip).toHaveText("New group");
  await expect(tip).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tip).toBeHidden();
  await tabTo(page, person);
  await expect(tip).toHaveText("New message");
  await expect(tip).toBeVisible();
  await page.mouse.move(640, 400);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New message" })).toBeVisible();
  await expect(tip).toBeHidden();
});

test("the key that does something alone can be switched off, in each browser", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  const shortcuts = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.goto("/settings");
  const alone = page.getByRole("switch", { name: "? shows the shortcuts" });
  await expect(alone).toBeChecked();
  await page.keyboard.press("?");
  await expect(shortcuts).toBeVisible();
  await page.keyboard.press("Escape");
  await alone.uncheck();
  await page.reload();
  await expect(alone).not.toBeChecked();
  await page.keyboard.press("?");
  // What needs another key works, and says that the lone one did nothing.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").locator("visible=true")).toHaveCount(1);
  await expect(shortcuts).toBeHidden();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(shortcuts).toBeVisible();
});
