import { expect, test, UNREACHABLE } from "../support/fixtures";
import {
  composer,
  connection,
  count,
  message,
  numbered,
  open,
  row,
  say,
  sent,
  state,
} from "../support/screens";

test("what is written offline goes out in order, once, when the network is back", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  await ana.account.send(await ana.account.directWith(ben.account), "Ahoy");
  for (const [person, other] of [[ana, "Ben"], [ben, "Ana"]] as const) await open(person.page, other);
  await expect(connection(ana.page)).toHaveText("Online");

  await ana.page.context().setOffline(true);
  await expect(connection(ana.page)).toHaveText("Offline");
  await expect(ana.page.getByText("You are offline.")).toBeVisible();
  for (const text of count("bottle", 1, 3)) {
    await say(ana.page, text);
    await expect(state(message(ana.page, text), "Sending")).toBeAttached();
  }
  await expect(row(ana.page, "Ben")).toContainText("bottle 3.");
  await ben.account.send(await ben.account.directWith(ana.account), "Are you there?");
  await expect(message(ben.page, "Are you there?")).toBeVisible();
  expect(await numbered(ben.page, "bottle")).toEqual([]);

  await ana.page.context().setOffline(false);
  await expect(connection(ana.page)).toHaveText("Online");
  await expect.poll(() => numbered(ben.page, "bottle")).toEqual(count("bottle", 1, 3));
  for (const text of count("bottle", 1, 3)) {
    await expect(sent(message(ana.page, text))).toBeAttached();
  }
  await expect(message(ana.page, "Are you there?")).toHaveCount(1);
  expect(await numbered(ana.page, "bottle")).toEqual(count("bottle", 1, 3));
});

test("what is written offline survives that the tab is loaded again", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "Before the storm");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  await expect(message(ana.page, "Before the storm")).toBeVisible();

  line.cut();
  for (const text of count("bottle", 1, 3)) {
    await say(ana.page, text);
    await expect(state(message(ana.page, text), "Sending")).toBeAttached();
  }
  await ana.page.reload();
  await expect(connection(ana.page)).not.toHaveText("Online");
  await expect(row(ana.page, "Ben")).toContainText("bottle 3.");
  await expect.poll(() => numbered(ana.page, "bottle")).toEqual(count("bottle", 1, 3));
  await say(ana.page, "bottle 4.");

  line.mend();
  await expect.poll(() => numbered(ben.page, "bottle")).toEqual(count("bottle", 1, 4));
  for (const text of count("bottle", 1, 4)) {
    await expect(sent(message(ana.page, text))).toBeAttached();
  }
  expect(await numbered(ana.page, "bottle")).toEqual(count("bottle", 1, 4));
  await expect(message(ana.page, "Before the storm")).toHaveCount(1);
});

test("a draft is there after a reload at once, and goes to the other devices when the network is back", async ({
  line,
  newAccount,
  newDevice,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  await ben.send(await ben.directWith(ana.account), "hello");
  const other = await newDevice(ana.account);
  await open(ana.page, "Ben");
  // A moment before the reload.
  await composer(ana.page).fill("I wanted");
  await ana.page.reload();
  await expect(composer(ana.page)).toHaveValue("I wanted");
  await expect(row(other, "Ben")).toContainText("Draft: I wanted");

  line.cut();
  await expect(connection(ana.page)).not.toHaveText("Online");
  await composer(ana.page).fill("I wanted to say");
  await ana.page.reload();
  await expect(composer(ana.page)).toHaveValue("I wanted to say");
  await expect(row(other, "Ben")).not.toContainText("to say");
  line.mend();
  await expect(row(other, "Ben")).toContainText("Draft: I wanted to say");
  await open(other, "Ben");
  await composer(other).fill("I wanted to go");
  await expect(composer(ana.page)).toHaveValue("I wanted to go");
});

test("what was read without a network stays read after a reload, everywhere", async ({
  line,
  newAccount,
  newDevice,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  const id = await ben.directWith(ana.account);
  await ben.sendAll(id, ["low", "high"]);
  const other = await newDevice(ana.account);
  await expect(row(ana.page, "Ben")).toHaveAccessibleName(/2 unread/);
  await expect(row(ana.page, "Ben")).toContainText("high");
  line.cut();
  await expect(connection(ana.page)).not.toHaveText("Online");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "high")).toBeVisible();
  await expect(row(ana.page, "Ben")).not.toHaveAccessibleName(/unread/);
  await ana.page.goto("/");
  await expect(row(ana.page, "Ben")).not.toHaveAccessibleName(/unread/);
  await expect(row(other, "Ben")).toHaveAccessibleName(/2 unread/);
  line.mend();
  await expect(row(other, "Ben")).not.toHaveAccessibleName(/unread/);
});

test("what the device holds is searched without a network", async ({ newPerson, tolerate }) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ben.account.sendAll(id, ["The Tide tables", "nothing of it", "High tide at noon"]);
  // The conversation was never open here: what is kept came beside the list.
  await expect(row(ana.page, "Ben")).toContainText("High tide at noon");
  // The code of the search comes when the app has come to rest.
  await expect(ana.page.locator("[role=tooltip]")).toBeAttached();
  await ana.page.context().setOffline(true);
  await expect(connection(ana.page)).toHaveText("Offline");
  await ana.page.getByRole("button", { name: "Search" }).click();
  const field = ana.page.getByRole("searchbox", { name: "Search" });
  const hits = ana.page.getByRole("tabpanel").getByRole("listitem");
  await field.fill("tide");
  await expect(hits).toHaveText([/Ben.*High tide at noon/, /Ben.*The Tide tables/]);
  await expect(hits.first().locator("mark")).toHaveText("tide");
  await expect(ana.page.getByText("this is what this device holds")).toBeVisible();
  await field.fill("tide from:me");
  await expect(hits).toHaveCount(0);
  await field.fill("tables from:ben");
  await hits.getByRole("link").click();
  await expect(message(ana.page, "The Tide tables")).toBeInViewport();
});

test("a crash of the server in the middle of a conversation loses and doubles nothing", async ({
  newPerson,
  server,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  await ana.account.send(await ana.account.directWith(ben.account), "Ahoy");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  for (const text of count("plank", 1, 5)) await say(ana.page, text);
  await server.kill();
  for (const text of count("plank", 6, 8)) await say(ana.page, text);
  await say(ben.page, "Holding on");
  await expect(connection(ana.page)).not.toHaveText("Online");
  await expect(state(message(ana.page, "plank 8."), "Sending")).toBeAttached();

  await server.restart();
  for (const { page } of [ana, ben]) {
    await expect(connection(page)).toHaveText("Online", { timeout: 45_000 });
    await expect.poll(() => numbered(page, "plank")).toEqual(count("plank", 1, 8));
    await expect(message(page, "Holding on")).toHaveCount(1);
  }
  await expect(sent(message(ana.page, "plank 8."))).toBeAttached();
  await expect(sent(message(ben.page, "Holding on"))).toBeAttached();
  await say(ben.page, "All aboard");
  await expect(message(ana.page, "All aboard")).toBeVisible();
});

test("a message that waits is sent once, whichever tab sends it", async ({
  line,
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await open(ana.page, "Ben");
  line.cut();
  await say(ana.page, "bottle 1.");
  await expect(state(message(ana.page, "bottle 1."), "Sending")).toBeAttached();
  const tab = await ana.page.context().newPage();
  await tab.goto(`/c/${id}`);
  await expect.poll(() => numbered(tab, "bottle")).toEqual(count("bottle", 1, 1));
  line.mend();
  for (const page of [ana.page, tab]) {
    await expect(sent(message(page, "bottle 1."))).toBeAttached();
    expect(await numbered(page, "bottle")).toEqual(count("bottle", 1, 1));
  }
});
