// Sent, delivered, read; who writes, who is there; and how one keeps it to oneself.
import { expect, test } from "../support/fixtures";
import { composer, message, open, openSettings, row, say, state } from "../support/screens";

test("a message is sent, then delivered, then read", async ({ newAccount, newDevice, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await ben.send(await ben.directWith(ana.account), "hello");
  await open(ana.page, "Ben");
  await say(ana.page, "Is the tide in?");
  const said = message(ana.page, "Is the tide in?");
  await expect(state(said, "Sent")).toBeAttached();
  const bens = await newDevice(ben);
  await expect(state(said, "Delivered")).toBeAttached();
  await open(bens, "Ana");
  await expect(state(said, "Read")).toBeAttached();
  await ana.page.reload();
  await expect(state(said, "Read")).toBeAttached();
});

test("in a group one sees that somebody has read a message, and who", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const [ben, cleo] = [await newAccount("Ben"), await newAccount("Cleo")];
  await ana.account.groupWith([ben, cleo], "Tide pool");
  await open(ana.page, "Tide pool");
  await say(ana.page, "High tide at noon");
  const said = message(ana.page, "High tide at noon");
  await expect(state(said, "Sent")).toBeAttached();
  const bens = await newDevice(ben);
  await open(bens, "Tide pool");
  await expect(state(said, "Read")).toBeAttached();
  await said.hover();
  await said.getByRole("button", { name: "Message actions" }).click();
  await ana.page.getByRole("menuitem", { name: "Read by" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Read by" });
  const lists = dialog.getByRole("list");
  await expect(lists.first().getByRole("listitem")).toHaveText([/Ben/]);
  await expect(lists.nth(1).getByRole("listitem")).toHaveText([/Cleo/]);
  // Of others' messages nobody is told.
  await bens.getByRole("button", { name: "Message actions" }).first().click();
  await expect(bens.getByRole("menuitem", { name: "Reply" })).toBeVisible();
  await expect(bens.getByRole("menuitem", { name: "Read by" })).toHaveCount(0);
});

test("one sees that the other one is there and writes, and when they were there last", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  await ben.account.send(await ben.account.directWith(ana.account), "hello");
  await open(ana.page, "Ben");
  const line = ana.page.locator(".conversation__subtitle");
  await expect(line).toHaveText("online");
  await open(ben.page, "Ana");
  await composer(ben.page).pressSequentially("I am");
  await expect(line).toHaveText("typing…");
  await composer(ben.page).press("Enter");
  await expect(message(ana.page, "I am")).toBeVisible();
  await expect(line).toHaveText("online");
  // A page that goes says so.
  await ben.page.goto("about:blank");
  await expect(line).toHaveText(/^last seen/);
});

test("who keeps it to themselves is not seen, and does not see it of others", async ({ newDevice, newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  await ben.account.send(await ben.account.directWith(ana.account), "hello");
  const phone = await newDevice(ana.account);
  await openSettings(phone);
  await openSettings(ana.page);
  for (const name of ["Read receipts", "Online and typing", "Last seen"]) {
    await expect(ana.page.getByRole("switch", { name })).toBeChecked();
    await ana.page.getByRole("switch", { name }).click();
    await expect(phone.getByRole("switch", { name }), "on the other device, too").not.toBeChecked();
  }
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  await say(ben.page, "Are you there?");
  await expect(message(ana.page, "Are you there?")).toBeVisible();
  await say(ana.page, "I am");
  await expect(message(ben.page, "I am")).toBeVisible();
  const line = (on: typeof ana.page) => on.locator(".conversation__subtitle");
  await expect(line(ben.page)).toHaveText(/^@/);
  await expect(line(ana.page)).toHaveText(/^@/);
  // The account has heard of Ben's message for long: what Ana read was not told.
  await expect(row(ana.page, "Ben")).not.toHaveAccessibleName(/unread/);
  await expect(state(message(ben.page, "Are you there?"), "Sent")).toBeAttached();
  await expect(state(message(ana.page, "I am"), "Sent")).toBeAttached();
  await phone.getByRole("switch", { name: "Read receipts" }).click();
  await expect(state(message(ben.page, "Are you there?"), "Read")).toBeAttached();
  await expect(state(message(ana.page, "I am"), "Read")).toBeAttached();
});
