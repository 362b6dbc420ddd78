// A whole visit of two strangers who have no mouse.
import type { Page } from "@playwright/test";
import { PASSWORD, uniqueName } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, conversations, message, row, showRegister, tabTo } from "../support/screens";

/** Registers by the form. */
async function register(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await showRegister(page);
  await tabTo(page, page.getByRole("textbox", { name: "Username" }));
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(conversations(page)).toBeVisible();
}

/** Comes to a button by Tab and presses it. */
async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

test("two strangers register, meet in a group, talk, leave and sign out by the keyboard alone", async ({
  newBrowser,
  tolerate,
}) => {
  // Who has left asks what the group looks like from outside; a private one does not say.
  tolerate(/status of 403/);
  const ana = await newBrowser({ permissions: ["clipboard-read", "clipboard-write"] });
  await register(ana, uniqueName());
  await press(ana, "New group");
  await expect(ana.getByRole("textbox", { name: "Group name" })).toBeFocused();
  await ana.keyboard.type("Tide pool");
  await ana.keyboard.press("Enter");
  await expect(ana.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();

  await press(ana, "Conversation details");
  await press(ana, "Invite link");
  const field = ana.getByRole("textbox", { name: "Invite link" });
  await expect(field).toHaveValue(/\/join\/\w+$/);
  await press(ana, "Copy");
  await expect
    .poll(() => ana.evaluate(() => navigator.clipboard.readText()))
    .toBe(await field.inputValue());

  const ben = await newBrowser();
  await register(ben, uniqueName());
  await ben.goto(await field.inputValue());
  await expect(ben.getByRole("heading", { name: "Tide pool" })).toBeVisible();
  await press(ben, "Join group");
  await expect(ben.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await tabTo(ben, composer(ben));
  await ben.keyboard.type("No mouse in the water");
  await ben.keyboard.press("Enter");
  await expect(message(ana, "No mouse in the water")).toBeVisible();

  await press(ben, "Conversation details");
  await press(ben, "Leave group");
  const sure = ben.getByRole("alertdialog").or(ben.getByRole("dialog"));
  await expect(sure).toContainText("Leave “Tide pool”?");
  await tabTo(ben, sure.getByRole("button", { name: "Leave group" }));
  await ben.keyboard.press("Enter");
  await expect(sure).toBeHidden();
  await expect(row(ben, "Tide pool")).toBeHidden();

  await press(ben, "Settings");
  await expect(ben.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await tabTo(ben, ben.getByRole("textbox", { name: "Display name" }));
  await ben.keyboard.press("ControlOrMeta+A");
  await ben.keyboard.type("Ben of the keys");
  await ben.keyboard.press("Enter");
  await expect(ben.getByText("Saved")).toBeVisible();
  await press(ben, "Sign out");
  await expect(ben.getByRole("textbox", { name: "Username" })).toBeVisible();
});
