import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, details, message, open, row, say } from "../support/screens";

/** Looks for groups. */
async function findGroups(page: Page, query: string): Promise<void> {
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("tab", { name: "Groups" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill(query);
}

test("a group is made public, found by somebody else, seen and joined", async ({ newPerson }) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  const name = `Harbour ${ana.account.userName}`;
  const id = await ana.account.createGroup(name, { type: "Friends", description: "At low water" });
  await ana.account.send(id, "Not for strangers");
  await open(ana.page, name);
  await findGroups(ben.page, name);
  await expect(ben.page.getByText("No groups found")).toBeVisible();

  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Edit group" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Edit group" });
  await expect(dialog.getByRole("switch", { name: "Ask before joining" })).toHaveCount(0);
  await dialog.getByRole("switch", { name: "Public group" }).click();
  await expect(dialog.getByRole("switch", { name: "Ask before joining" })).toBeVisible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(pane.getByRole("textbox", { name: "Group address" })).toHaveValue(
    new RegExp(`/c/${id}$`),
  );

  // The directory hears of it a moment later.
  const listed = async (): Promise<unknown[]> =>
    (await ben.account.call("/api/search", { type: "public_groups", query: name }))["found"] as unknown[];
  await expect.poll(listed).toHaveLength(1);
  await ben.page.getByRole("searchbox", { name: "Search" }).fill(`${name} friends`);
  const found = ben.page.getByRole("region", { name: "Public groups" });
  await found.getByRole("link", { name: new RegExp(`^${name}`) }).click();
  await expect(ben.page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(ben.page.getByText("At low water")).toBeVisible();
  await expect(ben.page.getByText("1 member")).toBeVisible();
  await expect(ben.page.getByText("Not for strangers")).toHaveCount(0);
  await ben.page.getByRole("button", { name: "Join group" }).click();
  await expect(message(ben.page, "Not for strangers")).toBeVisible();
  await say(ben.page, "Found you");
  await expect(message(ana.page, "Found you")).toContainText("Ben");
  await expect(row(ben.page, name)).toBeVisible();
  // Now it is one of Ben's own.
  await findGroups(ben.page, name);
  const own = ben.page.getByRole("region", { name: "Your groups" });
  await expect(own.getByRole("link", { name: new RegExp(`^${name}`) })).toBeVisible();
  await expect(found).toHaveCount(0);
});

test("who asks to join is let in or turned away, and can take it back", async ({
  newDevice,
  newPerson,
}) => {
  const [ana, ben, cho] = [await newPerson("Ana"), await newPerson("Ben"), await newPerson("Cho")];
  const id = await ana.account.createGroup("Tide pool");
  await ana.account.conversation(id, { type: "change_record", public: true, approval: true });
  for (const { page } of [ben, cho]) {
    await page.goto(`/c/${id}`);
    await page.getByRole("button", { name: "Ask to join" }).click();
    await expect(page.getByText("You asked to join.")).toBeVisible();
  }
  await ben.page.getByRole("button", { name: "Take request back" }).click();
  await ben.page.getByRole("button", { name: "Ask to join" }).click();
  await ben.page.reload();
  await expect(ben.page.getByText("You asked to join.")).toBeVisible();

  // Who may let them in sees it in the list, on all devices, without looking at the group.
  const other = await newDevice(ana.account);
  for (const page of [ana.page, other]) {
    await expect(row(page, "Tide pool")).toContainText("2 ask to join");
  }
  await open(ana.page, "Tide pool");
  const pane = await details(ana.page);
  await expect(pane.locator(".details__asked .badge")).toHaveText("2 2 ask to join");
  await pane.getByRole("button", { name: "Join requests" }).click();
  const requests = ana.page.getByRole("dialog", { name: "Join requests" });
  const list = requests.getByRole("list", { name: "Join requests" }).getByRole("listitem");
  await expect(list).toHaveCount(2);
  await list.filter({ hasText: "Ben" }).getByRole("button", { name: "Accept" }).click();
  await expect(list).toHaveCount(1);
  // Ben is in without doing anything.
  await expect(composer(ben.page)).toBeVisible();
  await say(ben.page, "Thanks");
  await list.filter({ hasText: "Cho" }).getByRole("button", { name: "Decline" }).click();
  await expect(requests.getByText("Nobody asks")).toBeVisible();
  for (const page of [ana.page, other]) {
    await expect(row(page, "Tide pool")).not.toContainText("to join");
  }
  // What comes in while one looks is there at once.
  const dan = await newPerson("Dan");
  await dan.account.conversation(id, { type: "join" });
  for (const page of [ana.page, other]) {
    await expect(row(page, "Tide pool")).toContainText("1 asks to join");
  }
  await expect(list).toHaveCount(1);
  await list.getByRole("button", { name: "Decline" }).click();
  await expect(row(other, "Tide pool")).not.toContainText("to join");
  await cho.page.reload();
  await expect(cho.page.getByRole("button", { name: "Ask to join" })).toBeVisible();
  await expect(cho.page.getByText("Thanks")).toHaveCount(0);
  // A member is offered nothing of it.
  const bens = await details(ben.page);
  await expect(bens.getByRole("button", { name: "Leave group" })).toBeVisible();
  await expect(bens.getByRole("button", { name: "Join requests" })).toHaveCount(0);
});
