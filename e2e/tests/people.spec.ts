import { expect, test } from "../support/fixtures";
import { composer, message, row, say, startingWith, sent } from "../support/screens";

test("people are found by user name, by display name, and by one Chinese character", async ({
  newAccount,
  newPerson,
}) => {
  const luo = await newAccount("骆驼 Camel");
  const { page } = await newPerson("Ana");
  await page.getByRole("button", { name: "New message" }).click();
  const dialog = page.getByRole("dialog", { name: "New message" });
  const find = dialog.getByRole("textbox", { name: "Find people" });
  const found = dialog.getByRole("option", { name: startingWith("骆驼 Camel") });
  for (const query of [luo.userName, luo.userName.slice(2, 9).toUpperCase(), "骆", "骆驼", "cAMEL"]) {
    await find.fill(query);
    await expect(found, query).toBeVisible();
    await find.fill("");
    await expect(found, query).toBeHidden();
  }
  await find.fill("nobody is called so");
  await expect(dialog.getByText("Nobody found")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("two people find each other and talk", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  await ana.page.getByRole("button", { name: "New message" }).click();
  await ana.page.getByRole("textbox", { name: "Find people" }).fill(ben.account.userName);
  await ana.page.getByRole("option", { name: startingWith("Ben") }).click();
  await expect(ana.page.getByRole("heading", { level: 1, name: "Ben" })).toBeVisible();
  await expect(composer(ana.page)).toBeFocused();
  await say(ana.page, "Is the tide in?");

  await expect(row(ben.page, "Ana")).toContainText("Is the tide in?");
  await row(ben.page, "Ana").click();
  await expect(message(ben.page, "Is the tide in?")).toContainText("Ana");
  await say(ben.page, "Up to the pier 🌊");
  await expect(message(ana.page, "Up to the pier 🌊")).toContainText("Ben");
  await expect(sent(message(ana.page, "Is the tide in?"))).toBeAttached();

  // The same person again is the same conversation.
  await ana.page.goto("/search");
  await ana.page.getByRole("searchbox", { name: "Search" }).fill(ben.account.userName);
  await ana.page.getByRole("tab", { name: "People" }).click();
  await ana.page.getByRole("option", { name: startingWith("Ben") }).click();
  await ana.page.getByRole("button", { name: "Message", exact: true }).click();
  await expect(message(ana.page, "Up to the pier 🌊")).toBeVisible();
  await expect(row(ana.page, "Ben")).toHaveCount(1);
});
