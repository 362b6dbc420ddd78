// Notes to self: found in "New message" and in the list, on all devices, in both languages.
import { expect, test } from "../support/fixtures";
import { message, open, row, say, state } from "../support/screens";

test("notes are found, written on one device and read on the other, and never unread", async ({
  newPerson,
  newDevice,
}) => {
  const ana = await newPerson("Ana");
  const other = await newDevice(ana.account);
  await ana.page.getByRole("button", { name: "New message" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "New message" });
  const notes = dialog.getByRole("button", { name: /^Notes to self/ });
  await expect(notes).toBeVisible();
  await dialog.getByRole("textbox", { name: "Find people" }).fill("zzz");
  await expect(notes).toBeHidden();
  await dialog.getByRole("textbox", { name: "Find people" }).fill("notes");
  await notes.press("Enter");
  await expect(ana.page.getByRole("heading", { level: 1, name: "Notes to self" })).toBeVisible();
  await expect(ana.page.getByText("What you write here only you can see.")).toBeVisible();
  await say(ana.page, "buy bread");
  await expect(state(message(ana.page, "buy bread"), "Sent")).toBeAttached();
  await expect(row(other, "Notes to self")).toContainText("buy bread");
  await expect(row(other, "Notes to self")).not.toContainText("You:");
  await expect(ana.page.getByText("Only you can see this")).toBeVisible();
  await expect(row(other, "Notes to self")).not.toHaveAccessibleName(/unread/);
  await open(other, "Notes to self");
  await expect(message(other, "buy bread")).toBeVisible();
  await say(other, "and milk");
  await expect(message(ana.page, "and milk")).toBeVisible();
  await other.getByRole("button", { name: "Conversation details" }).click();
  const pane = other.getByRole("complementary", { name: "Conversation details" });
  await expect(pane.getByText("Notes to self")).toBeVisible();
  await other.goto("/");
  await other.getByRole("button", { name: "Search" }).first().click();
  await other.getByRole("searchbox", { name: "Search" }).fill("bread");
  await expect(other.getByRole("region", { name: "Notes to self" })).toContainText("buy bread");
});

test("notes have their name in Chinese, and change it with the language", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana", { locale: "zh-CN" });
  await account.directWith(account);
  const list = page.getByRole("navigation", { name: "会话" });
  await expect(list.getByRole("link", { name: /^给自己的笔记/ })).toBeVisible();
  await page.getByRole("button", { name: "设置" }).click();
  await page.getByRole("combobox", { name: "语言" }).selectOption("en");
  await expect(row(page, "Notes to self")).toBeVisible();
});

test("who begins with nothing is led to people, to others by an invite, to a group, and to themselves", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  await expect(page.getByText("No conversations yet")).toBeVisible();
  const begin = page.getByRole("main");
  await begin.getByRole("button", { name: "Find somebody" }).click();
  await expect(page.getByRole("dialog", { name: "New message" })).toBeVisible();
  await page.keyboard.press("Escape");
  await begin.getByRole("button", { name: "Invite somebody" }).click();
  await expect(page.getByRole("dialog", { name: "Invite somebody" })).toBeVisible();
  await page.keyboard.press("Escape");
  await begin.getByRole("button", { name: "Make a group" }).click();
  await expect(page.getByRole("dialog", { name: "New group" })).toBeVisible();
  await page.keyboard.press("Escape");
  await begin.getByRole("button", { name: "Write to yourself" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Notes to self" })).toBeVisible();
  await say(page, "Buy a tide table");
  await expect(row(page, "Notes to self")).toContainText("Buy a tide table");
});
