import { expect, test } from "../support/fixtures";
import { composer, conversations, details, message, open, row, say } from "../support/screens";

test("a group is made with a name, a type and a description", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog", { name: "New group" });
  await dialog.getByRole("button", { name: "Create group" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: /name that can be seen/ })).toBeVisible();

  await dialog.getByRole("textbox", { name: "Group name" }).fill("潮池 Tide pool");
  await dialog.getByRole("textbox", { name: "Type" }).fill("Friends");
  await dialog.getByRole("textbox", { name: "Description" }).fill("Where we meet at low water");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "潮池 Tide pool" })).toBeVisible();
  await expect(row(page, "潮池 Tide pool")).toBeVisible();

  const pane = await details(page);
  await expect(pane.getByText("Friends", { exact: true })).toBeVisible();
  await expect(pane.getByText("Where we meet at low water")).toBeVisible();
  const members = pane.getByRole("list", { name: "Members" }).getByRole("listitem");
  await expect(members).toHaveCount(1);
  await expect(members).toContainText("Ana");
  await say(page, "First!");
  await expect(message(page, "First!")).toBeVisible();
});

test("an invite link is copied, followed and withdrawn", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(/status of 410/);
  const ana = await newPerson("Ana", { permissions: ["clipboard-read", "clipboard-write"] });
  const ben = await newPerson("Ben");
  await ana.account.createGroup("Tide pool", { type: "Friends", description: "At low water" });
  await open(ana.page, "Tide pool");
  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  const field = pane.getByRole("textbox", { name: "Invite link" });
  await expect(field).toHaveValue(/\/join\/\w+$/);
  const link = await field.inputValue();
  await pane.getByRole("button", { name: "Copy" }).click();
  await expect.poll(() => ana.page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  await ben.page.goto(link);
  await expect(ben.page.getByRole("heading", { name: "Tide pool" })).toBeVisible();
  await expect(ben.page.getByText("Friends", { exact: true })).toBeVisible();
  await expect(ben.page.getByText("At low water")).toBeVisible();
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(ben.page.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await say(ben.page, "Found it");
  await expect(message(ana.page, "Found it")).toContainText("Ben");
  const members = pane.getByRole("list", { name: "Members" }).getByRole("listitem");
  await expect(members).toHaveCount(2);

  await pane.getByRole("button", { name: "Revoke link" }).click();
  await expect(field).toBeHidden();
  const cleo = await newPerson("Cleo");
  await cleo.page.goto(link);
  await expect(cleo.page.getByText("This invite link was withdrawn.")).toBeVisible();
  await expect(cleo.page.getByRole("button", { name: "Join group" })).toBeHidden();
  const dan = await newAccount("Dan");
  await expect(dan.join(link.split("/").pop() ?? "")).rejects.toThrow(/invite_revoked/);
});

test("an invite is followed by somebody who signs in first", async ({ newAccount, newBrowser }) => {
  const ana = await newAccount("Ana");
  const ben = await newAccount("Ben");
  const token = await ana.invite(await ana.createGroup("Tide pool"));
  const page = await newBrowser();
  await page.goto(`/join/${token}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("textbox", { name: "Username" }).fill(ben.userName);
  await page.getByLabel("Password", { exact: true }).fill("tide-and-line");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Join group" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
});

test("an invite that nobody made says so", async ({ newBrowser, tolerate }) => {
  tolerate(/status of 404/);
  const page = await newBrowser();
  await page.goto("/join/01938a5e7c0070008000000000000c1c0123456789abcdef01234567");
  await expect(page.getByText("This invite link does not work.")).toBeVisible();
});

test("whoever leaves a group is out of it", async ({ newPerson, tolerate }) => {
  tolerate(/status of 403/);
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.groupWith([ben.account], "Tide pool");
  await open(ben.page, "Tide pool");
  await expect(composer(ben.page)).toBeVisible();
  await open(ana.page, "Tide pool");

  const pane = await details(ben.page);
  await pane.getByRole("button", { name: "Leave group" }).click();
  const confirm = ben.page.getByRole("dialog", { name: /Leave/ });
  await confirm.getByRole("button", { name: "Cancel" }).click();
  await expect(confirm).toBeHidden();
  await expect(row(ben.page, "Tide pool")).toBeVisible();

  await pane.getByRole("button", { name: "Leave group" }).click();
  await confirm.getByRole("button", { name: "Leave group" }).click();
  await expect(row(ben.page, "Tide pool")).toBeHidden();
  await expect(composer(ben.page)).toBeHidden();
  await expect(ana.page.getByText("Ben left")).toBeVisible();

  await say(ana.page, "He is gone");
  await ben.page.goto(`/c/${id}`);
  await expect(ben.page.getByText("You are not in this conversation.")).toBeVisible();
  await expect(ben.page.getByText("He is gone")).toBeHidden();
  await expect(conversations(ben.page).getByRole("link")).toHaveCount(0);
});
