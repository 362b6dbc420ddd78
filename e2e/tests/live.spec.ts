import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, conversations, heard, log, message, open, row, say, startingWith } from "../support/screens";

test("every tab and every device of an account receives without reloading", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Anybody there?");
  const tab = await ana.page.context().newPage();
  await tab.goto(`/c/${id}`);
  const phone = await newDevice(ana.account);
  await open(phone, "Ben");
  await open(ana.page, "Ben");
  const pages = [ana.page, tab, phone];

  await ben.send(id, "To all of you");
  for (const page of pages) await expect(message(page, "To all of you")).toContainText("Ben");
  await say(phone, "From the phone");
  for (const page of pages) await expect(message(page, "From the phone")).toHaveCount(1);
  for (const page of pages) await expect(row(page, "Ben")).toContainText("From the phone");
});

test("the list reorders, and its previews and counts follow", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const pier = await ana.account.groupWith([ben], "Pier");
  const reef = await ana.account.groupWith([ben], "Reef");
  const titles = conversations(ana.page).getByRole("link");
  await ben.send(pier, "Boats are in");
  await expect(titles).toHaveText([/Pier/, /Reef/]);
  await expect(row(ana.page, "Pier")).toContainText("Ben: Boats are in");
  await ben.send(reef, "Corals bloom");
  await ben.send(reef, "Come and see");
  await expect(titles).toHaveText([/Reef/, /Pier/]);
  await expect(row(ana.page, "Reef")).toContainText("Ben: Come and see");
  await expect(row(ana.page, "Reef")).toHaveAccessibleName(/\b2 unread/);
  await expect(row(ana.page, "Reef")).toHaveAccessibleName(startingWith("Reef"));
  await expect(row(ana.page, "Pier")).toHaveAccessibleName(/\b1 unread/);
  await expect(ana.page).toHaveTitle("(3) Tideline");

  await open(ana.page, "Reef");
  await expect(row(ana.page, "Reef")).not.toContainText("unread");
  await expect(ana.page).toHaveTitle("(1) Tideline");
  // What one reads as it comes in was never unread, and one's own messages are not either.
  await ben.send(reef, "Right now");
  await expect(message(ana.page, "Right now")).toBeVisible();
  await say(ana.page, "Lovely");
  await expect(row(ana.page, "Reef")).toContainText("You: Lovely");
  await expect(row(ana.page, "Reef")).not.toContainText("unread");
});

test("the count vanishes when the conversation is read on another device", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  const phone = await newDevice(ana.account);
  await ben.send(id, "One");
  await ben.send(id, "Two");
  for (const page of [ana.page, phone]) {
    await expect(row(page, "Ben")).toHaveAccessibleName(/\b2 unread/);
  }
  await open(phone, "Ben");
  await expect(row(ana.page, "Ben")).not.toContainText("unread");
});

test("a line shows where reading stopped", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Read this");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "Read this")).toBeVisible();
  await heard(ana.page, "Ben", "Read this");
  await expect(row(ana.page, "Ben")).not.toContainText("unread");
  await ana.page.goto("/");
  await ben.send(id, "Not read yet");
  await ben.send(id, "Nor this");
  await expect(row(ana.page, "Ben")).toHaveAccessibleName(/\b2 unread/);

  await open(ana.page, "Ben");
  const line = log(ana.page).getByRole("separator").filter({ hasText: "New messages" });
  await expect(line).toBeVisible();
  await expect(log(ana.page)).toContainText(/Read this.*New messages.*Not read yet.*Nor this/s);
  // It stays while one looks, also when more comes in, and is gone the next time.
  await ben.send(id, "And more");
  await expect(message(ana.page, "And more")).toBeVisible();
  await expect(line).toHaveCount(1);
  await ana.page.goto("/");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "And more")).toBeVisible();
  await expect(line).toHaveCount(0);
});

test("a conversation of many keeps its order on every screen", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.groupWith([ben.account], "Tide pool");
  for (const { page } of [ana, ben]) await open(page, "Tide pool");
  await expect(composer(ben.page)).toBeVisible();
  const both = [ana.account, ben.account];
  await Promise.all(
    Array.from({ length: 30 }, (_, at) => both[at % 2]?.send(id, `together ${at}.`)),
  );
  const order = (page: Page): Promise<string[]> =>
    log(page)
      .getByRole("article")
      .evaluateAll((all) => all.map((one) => /together \d+\./.exec(one.textContent ?? "")?.[0] ?? ""));
  await expect.poll(async () => new Set(await order(ana.page)).size).toBe(30);
  await expect.poll(() => order(ben.page)).toEqual(await order(ana.page));
});
