import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, conversations, details, message, open, row, say } from "../support/screens";

/** A member of the group whose details are shown. */
function member(pane: Locator, name: string): Locator {
  return pane.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: name });
}

/** Picks from a member's menu. */
async function pick(page: Page, pane: Locator, name: string, action: string): Promise<void> {
  await pane.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

/** Picks what is asked about first, and agrees. */
async function pickAndAgree(page: Page, pane: Locator, name: string, action: string): Promise<void> {
  await pick(page, pane, name, action);
  const question = page.getByRole("dialog", { name });
  await question.getByRole("button", { name: action, exact: true }).click();
  await expect(question).toBeHidden();
}

test("an owner makes an admin, who leads; then gives the group away", async ({ newPerson }) => {
  const [ana, ben, cho] = [await newPerson("Ana"), await newPerson("Ben"), await newPerson("Cho")];
  await ana.account.groupWith([ben.account, cho.account], "Tide pool");
  await open(ana.page, "Tide pool");
  await open(ben.page, "Tide pool");
  const anas = await details(ana.page);
  const bens = await details(ben.page);
  // A member is offered nothing.
  await expect(member(bens, "Cho")).toBeVisible();
  await expect(bens.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
  await expect(bens.getByRole("button", { name: "Edit group" })).toHaveCount(0);

  await pick(ana.page, anas, "Ben", "Make admin");
  await expect(member(bens, "Ben")).toContainText("Admin");
  // An admin acts on members, not on the owner, and does not change roles.
  await expect(bens.getByRole("button", { name: "Actions for Ana" })).toHaveCount(0);
  await bens.getByRole("button", { name: "Actions for Cho" }).click();
  await expect(ben.page.getByRole("menuitem", { name: "Ban" })).toBeVisible();
  await expect(ben.page.getByRole("menuitem", { name: /Make/ })).toHaveCount(0);
  await ben.page.keyboard.press("Escape");
  await expect(bens.getByRole("button", { name: "Actions for Cho" })).toBeFocused();

  await bens.getByRole("button", { name: "Edit group" }).click();
  const dialog = ben.page.getByRole("dialog", { name: "Edit group" });
  await expect(dialog.getByRole("textbox", { name: "Group name" })).toHaveValue("Tide pool");
  await dialog.getByRole("textbox", { name: "Group name" }).fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: /name that can be seen/ })).toBeVisible();
  await dialog.getByRole("textbox", { name: "Group name" }).fill("Rock pool");
  await dialog.getByRole("textbox", { name: "Type" }).fill("Friends");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(cho.page, "Rock pool")).toBeVisible();
  await expect(ana.page.getByRole("heading", { level: 1, name: "Rock pool" })).toBeVisible();
  await expect(anas.getByText("Friends", { exact: true })).toBeVisible();

  await pickAndAgree(ana.page, anas, "Ben", "Make owner");
  await expect(member(anas, "Ben")).toContainText("Owner");
  await expect(member(anas, "Ana")).toContainText("Admin");
  await expect(anas.getByRole("button", { name: "Actions for Ben" })).toHaveCount(0);
  await expect(bens.getByRole("button", { name: "Actions for Ana" })).toBeVisible();
});

test("who is removed is told and comes back by a link; who is banned does not", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/status of 403/);
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  const group = await ana.account.groupWith([ben.account], "Tide pool");
  const link = `/join/${await ana.account.invite(group)}`;
  await open(ana.page, "Tide pool");
  await open(ben.page, "Tide pool");
  const pane = await details(ana.page);
  await pickAndAgree(ana.page, pane, "Ben", "Remove");
  await expect(conversations(ben.page).getByRole("link")).toHaveCount(0);
  await expect(ben.page.getByText("You are not in this conversation.")).toBeVisible();
  await expect(ana.page.getByText("Ben was removed")).toBeVisible();
  await say(ana.page, "without Ben");

  await ben.page.goto(link);
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(message(ben.page, "without Ben")).toBeVisible();
  await expect(member(pane, "Ben")).toBeVisible();

  await pickAndAgree(ana.page, pane, "Ben", "Ban");
  await expect(conversations(ben.page).getByRole("link")).toHaveCount(0);
  await ben.page.goto(link);
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(ben.page.getByText("You cannot come into this group.")).toBeVisible();

  await pane.getByRole("button", { name: "Banned people" }).click();
  const banned = ana.page.getByRole("dialog", { name: "Banned people" });
  await expect(banned.getByRole("listitem")).toContainText("Ben");
  await banned.getByRole("button", { name: "Unban" }).click();
  await expect(banned.getByText("Nobody is banned")).toBeVisible();
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(composer(ben.page)).toBeVisible();
});

test("who is muted reads and does not write", async ({ newPerson }) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  await ana.account.groupWith([ben.account], "Tide pool");
  await open(ana.page, "Tide pool");
  await open(ben.page, "Tide pool");
  await say(ben.page, "Still here");
  await expect(message(ana.page, "Still here")).toBeVisible();
  const pane = await details(ana.page);
  await pick(ana.page, pane, "Ben", "Mute for good");
  await expect(member(pane, "Ben")).toContainText("Muted");
  await expect(ben.page.getByText("You are muted here.")).toBeVisible();
  await expect(composer(ben.page)).toHaveCount(0);
  await say(ana.page, "Listen");
  await expect(message(ben.page, "Listen")).toBeVisible();
  await pick(ana.page, pane, "Ben", "Unmute");
  await say(ben.page, "Thanks");
  await expect(message(ana.page, "Thanks")).toBeVisible();
  await pick(ana.page, pane, "Ben", "Mute for an hour");
  await expect(ben.page.getByText(/You are muted until/)).toBeVisible();
});

test("where only announcements are made, members read and react", async ({ newPerson }) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  await ana.account.groupWith([ben.account], "Tide tables");
  await open(ana.page, "Tide tables");
  await open(ben.page, "Tide tables");
  await say(ben.page, "A question");
  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Edit group" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Edit group" });
  const only = dialog.getByRole("switch", { name: "Announcements only" });
  await expect(only).not.toBeChecked();
  await only.press("Space");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(ben.page.getByText("Only the owner and admins write here.")).toBeVisible();
  await expect(composer(ben.page)).toHaveCount(0);
  await say(ana.page, "High tide at noon");
  await message(ben.page, "High tide at noon").hover();
  await message(ben.page, "High tide at noon").getByRole("button", { name: "Message actions" }).click();
  await expect(ben.page.getByRole("menuitem", { name: "Copy" })).toBeVisible();
  await expect(ben.page.getByRole("menuitem", { name: "Reply" })).toHaveCount(0);
  await ben.page.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
  await expect(message(ana.page, "High tide at noon").getByRole("button", { name: /👍/ })).toBeVisible();

  await pick(ana.page, pane, "Ben", "Make admin");
  await say(ben.page, "Mine, too");
  await expect(message(ana.page, "Mine, too")).toBeVisible();
});
