import { expect, test } from "../support/fixtures";
import { details, message, open, row, say } from "../support/screens";

test("somebody is asked, accepts, is called by a nickname, and removed", async ({
  newPerson,
  newDevice,
}) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  await ana.page.goto(`/u/${ben.account.userName}`);
  await ana.page.getByRole("button", { name: "Add contact" }).click();
  await expect(ana.page.getByRole("button", { name: "Take request back" })).toBeVisible();

  await ben.page.getByRole("button", { name: "1 contact request" }).click();
  await expect(ben.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  const requests = ben.page.getByRole("list", { name: "Requests", exact: true });
  await expect(requests.getByRole("listitem")).toContainText("Ana");
  await requests.getByRole("button", { name: "Accept" }).click();
  await expect(ben.page.getByRole("list", { name: "Contacts" })).toContainText("Ana");
  await expect(ben.page.getByRole("button", { name: /contact request/ })).toHaveCount(0);
  await expect(ana.page.getByRole("button", { name: "Remove contact" })).toBeVisible();

  // A name of one's own, on all of one's devices, and nobody else's.
  await ana.page.getByRole("button", { name: "Nickname and note" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Nickname and note" });
  await dialog.getByRole("textbox", { name: "Nickname" }).fill("x".repeat(49));
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: /at most 48/ })).toBeVisible();
  await dialog.getByRole("textbox", { name: "Nickname" }).fill("Benny");
  await dialog.getByRole("textbox", { name: "Note" }).fill("From the harbour");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.page.getByText("From the harbour")).toBeVisible();
  await expect(ana.page.getByRole("heading", { level: 2, name: "Benny" })).toBeVisible();
  await expect(ana.page.getByText(`Ben · @${ben.account.userName}`)).toBeVisible();
  const direct = await ben.account.directWith(ana.account);
  await ben.account.send(direct, "hello Ana");
  await open(ana.page, "Benny");
  await expect(message(ana.page, "hello Ana")).toContainText("Benny");
  const another = await newDevice(ana.account);
  await expect(row(another, "Benny")).toBeVisible();
  await another.getByRole("button", { name: "New message" }).click();
  const people = another.getByRole("dialog", { name: "New message" });
  await expect(people.getByRole("option", { name: /^Benny/ })).toBeVisible();
  await expect(row(ben.page, "Ana")).toBeVisible();

  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Remove contact" }).click();
  await expect(pane.getByRole("button", { name: "Add contact" })).toBeVisible();
  await expect(ben.page.getByText("No contacts yet")).toBeVisible();
  await say(ana.page, "still friends");
  await open(ben.page, "Ana");
  await expect(message(ben.page, "still friends")).toBeVisible();
});

test("a request is turned down, and goes nowhere when it is blocked", async ({ newPerson }) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  await ana.page.goto(`/u/${ben.account.userName}`);
  await ana.page.getByRole("button", { name: "Add contact" }).click();
  await ben.page.getByRole("button", { name: "1 contact request" }).click();
  await ben.page.getByRole("button", { name: "Decline" }).click();
  await expect(ben.page.getByText("No contacts yet")).toBeVisible();
  await expect(ana.page.getByRole("button", { name: "Take request back" })).toBeVisible();

  await ben.page.goto(`/u/${ana.account.userName}`);
  await ben.page.getByRole("button", { name: "Block", exact: true }).click();
  await ben.page.getByRole("dialog").getByRole("button", { name: "Block", exact: true }).click();
  await expect(ben.page.getByRole("button", { name: "Unblock" })).toBeVisible();
  await ana.page.getByRole("button", { name: "Take request back" }).click();
  await ana.page.getByRole("button", { name: "Add contact" }).click();
  await expect(ana.page.getByRole("button", { name: "Take request back" })).toBeVisible();
  // What comes later is there: so would the request be.
  const group = await ana.account.groupWith([ben.account], "Tide pool");
  await ana.account.send(group, "hello all");
  await expect(row(ben.page, "Tide pool")).toContainText("hello all");
  await expect(ben.page.getByRole("button", { name: /contact request/ })).toHaveCount(0);
});
