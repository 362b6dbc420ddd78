import { expect, test } from "../support/fixtures";
import { composer, details, open, openSettings } from "../support/screens";

test("links are made for a time and a number of people, listed, counted and withdrawn", async ({
  newAccount,
  newPerson,
}) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  const cho = await newAccount("Cho");
  await ana.account.createGroup("Tide pool");
  await open(ana.page, "Tide pool");
  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Invite link", exact: true }).click();
  const field = pane.getByRole("textbox", { name: "Invite link" });
  const first = await field.inputValue();
  await expect(pane.getByText("0 joined.")).toBeVisible();

  await pane.getByRole("button", { name: "New link" }).click();
  await pane.getByRole("combobox", { name: "Lasts" }).selectOption("An hour");
  await pane.getByRole("combobox", { name: "For" }).selectOption("One person");
  await pane.getByRole("button", { name: "Create link" }).click();
  await expect(field).not.toHaveValue(first);
  const once = await field.inputValue();
  await expect(pane.getByText(/can join until .*0 of 1 joined\./)).toBeVisible();
  const list = pane.getByRole("list", { name: "Invite links" });
  await expect(list.getByRole("listitem")).toHaveCount(2);

  await pane.getByRole("button", { name: "New link" }).click();
  await pane.getByRole("combobox", { name: "Lasts" }).selectOption("For good");
  await pane.getByRole("combobox", { name: "For" }).selectOption("10 people");
  await pane.getByRole("button", { name: "Create link" }).click();
  await expect(pane.getByText("Anyone with this link can join. 0 of 10 joined.")).toBeVisible();
  const ten = await field.inputValue();

  await ben.page.goto(once);
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(composer(ben.page)).toBeVisible();
  await expect(cho.join(once.split("/").pop() ?? "")).rejects.toThrow(/invite_used_up/);
  await cho.join(ten.split("/").pop() ?? "");

  // A member sees the links and who made them, and withdraws their own only.
  const bens = await details(ben.page);
  await bens.getByRole("button", { name: "Invite link", exact: true }).click();
  await expect(bens.getByRole("textbox", { name: "Invite link" })).toHaveValue(first);
  await expect(bens.getByText("Made by Ana.")).toBeVisible();
  await expect(bens.getByRole("button", { name: "Revoke link" })).toHaveCount(0);
  const rows = bens.getByRole("list", { name: "Invite links" }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: "1 of 10 joined" }).getByRole("button").click();
  await expect(bens.getByRole("textbox", { name: "Invite link" })).toHaveValue(ten);

  await pane.getByRole("button", { name: "Revoke link" }).click();
  await expect(field).not.toHaveValue(ten);
  await expect(list.getByRole("listitem").filter({ hasText: "of 10" })).toHaveCount(0);
});

test("a link is shown as a code for a camera", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link", exact: true }).click();
  const link = await pane.getByRole("textbox", { name: "Invite link" }).inputValue();
  await pane.getByRole("button", { name: "QR code" }).click();
  const dialog = page.getByRole("dialog", { name: "QR code" });
  await expect(dialog.getByRole("img", { name: `QR code of ${link}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(pane.getByRole("button", { name: "QR code" })).toBeFocused();
});

test("one's own link is copied in the settings, and leads to one's profile", async ({
  newPerson,
}) => {
  const ana = await newPerson("Ana", { permissions: ["clipboard-read", "clipboard-write"] });
  const ben = await newPerson("Ben");
  await openSettings(ana.page);
  const field = ana.page.getByRole("textbox", { name: "Your link" });
  await expect(field).toHaveValue(new RegExp(`/u/${ana.account.userName}$`));
  const link = await field.inputValue();
  await ana.page.getByRole("button", { name: "Copy" }).click();
  await expect.poll(() => ana.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await ana.page.getByRole("button", { name: "QR code" }).click();
  const code = ana.page.getByRole("img", { name: `QR code of ${link}` });
  await expect(code).toBeVisible();

  await ben.page.goto(link);
  await expect(ben.page.getByRole("heading", { name: "Ana" })).toBeVisible();
  await expect(ben.page.getByRole("button", { name: "Add contact" })).toBeVisible();
  await expect(ben.page.getByRole("textbox", { name: "Your link" })).toHaveCount(0);
  // One's own profile has it, too.
  await ana.page.goto(link);
  await expect(ana.page.getByRole("textbox", { name: "Your link" })).toHaveValue(link);
});
