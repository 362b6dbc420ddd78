// What is done with one message or several: copied, forwarded, deleted, recalled.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { log, message, open } from "../support/screens";

async function act(message: Locator, name: string): Promise<void> {
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await message.getByRole("menu").getByRole("menuitem", { name, exact: true }).click();
}

/** Chooses messages; the bar with what can be done with them. */
async function choose(page: Page, ...texts: string[]): Promise<Locator> {
  const [first = "", ...others] = texts;
  await act(message(page, first), "Select");
  for (const text of others) {
    await message(page, text).getByRole("checkbox", { name: "Select" }).check();
  }
  await expect(page.getByText(`${texts.length} selected`)).toBeVisible();
  return page.getByRole("toolbar", { name: "Select" });
}

test("what is copied is on the clipboard, of several messages with who says it", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", { permissions: ["clipboard-read", "clipboard-write"] });
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "High **tide** at noon");
  await account.send(id, "Thank you");
  await open(page, "Ben");
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await act(message(page, "at noon"), "Copy");
  await expect.poll(clipboard).toBe("High tide at noon");
  const bar = await choose(page, "at noon", "Thank you");
  await bar.getByRole("button", { name: "Copy" }).click();
  await expect.poll(clipboard).toBe("Ben: High tide at noon\nAna: Thank you");
  await expect(bar).toBeHidden();
});

test("a message is forwarded to several conversations at once", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const [ben, cho] = [await newPerson("Ben"), await newPerson("Cho")];
  const dan = await newAccount("Dan");
  await ana.account.directWith(ben.account);
  await ana.account.directWith(cho.account);
  await dan.send(await dan.directWith(ana.account), "The harbour is closed");
  await open(ana.page, "Dan");
  await act(message(ana.page, "The harbour"), "Forward");
  const dialog = ana.page.getByRole("dialog", { name: "Forward to" });
  for (const name of ["Ben", "Cho"]) await dialog.getByRole("checkbox", { name }).check();
  await dialog.getByRole("button", { name: "Forward" }).click();
  await expect(dialog).toBeHidden();
  for (const { page } of [ben, cho]) {
    await open(page, "Ana");
    await expect(message(page, "The harbour is closed")).toContainText("Forwarded from Dan");
  }
});

test("several messages are deleted for oneself only", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  for (const text of ["First boat", "Second boat", "Third boat"]) await ben.account.send(id, text);
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  const bar = await choose(ana.page, "First", "Third");
  // Somebody else's messages are not recalled.
  await expect(bar.getByRole("button", { name: "Recall" })).toHaveCount(0);
  await bar.getByRole("button", { name: "Delete for me" }).click();
  const sure = ana.page.getByRole("dialog", { name: "Delete 2 messages for you?" });
  await sure.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(message(ana.page, /First|Third/)).toHaveCount(0);
  await expect(message(ana.page, "Second boat")).toBeVisible();
  await ana.page.reload();
  await expect(message(ana.page, "Second boat")).toBeVisible();
  await expect(message(ana.page, /First|Third/)).toHaveCount(0);
  await expect(message(ben.page, /First|Third/)).toHaveCount(2);
});

test("who leads a group recalls what others said, one by one or several", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.groupWith([ben.account], "Pier");
  for (const text of ["Buy my boat", "Buy it now", "Last chance"]) await ben.account.send(id, text);
  await ana.account.send(id, "No selling here");
  await open(ana.page, "Pier");
  await open(ben.page, "Pier");
  await act(message(ana.page, "Buy my boat"), "Recall");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Recall" }).click();
  await expect(log(ben.page)).not.toContainText("Buy my boat");
  const bar = await choose(ana.page, "Buy it now", "Last chance");
  await bar.getByRole("button", { name: "Recall" }).click();
  const sure = ana.page.getByRole("dialog", { name: "Recall 2 messages?" });
  await sure.getByRole("button", { name: "Recall" }).click();
  for (const { page } of [ana, ben]) {
    await expect(message(page, "Message recalled")).toHaveCount(3);
    await expect(message(page, "No selling here")).toBeVisible();
  }
  // A member takes back only their own words.
  await ben.account.send(id, "Sorry");
  const bens = await choose(ben.page, "Sorry", "No selling here");
  await expect(bens.getByRole("button", { name: "Recall" })).toHaveCount(0);
  await message(ben.page, "No selling here").getByRole("checkbox", { name: "Select" }).uncheck();
  await expect(bens.getByRole("button", { name: "Recall" })).toBeVisible();
});
