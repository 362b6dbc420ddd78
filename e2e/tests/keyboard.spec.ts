import type { Locator, Page } from "@playwright/test";
import { PASSWORD } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, conversations, message, row, showSignIn } from "../support/screens";

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await focused()); presses += 1) {
    expect(presses, `Tab comes to ${String(target)}`).toBeLessThan(40);
    await page.keyboard.press("Tab");
  }
}

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

  const actions = message(page, "Who needs a mouse?").getByRole("button", { name: "Message actions" });
  await tabTo(page, actions);
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
