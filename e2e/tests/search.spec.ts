import type { Locator, Page } from "@playwright/test";
import { PASSWORD } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, count, heard, message, open, row, startingWith } from "../support/screens";

const box = (page: Page): Locator => page.getByRole("searchbox", { name: "Search" });
const tab = (page: Page, name: string): Locator => page.getByRole("tab", { name });
/** What a filter has been set to. */
const chosen = (filters: Locator, name: string): Locator =>
  filters.getByRole("combobox", { name }).locator("option:checked");
/** What was found in one conversation. */
const place = (page: Page, title: string): Locator => page.getByRole("region", { name: title });

test("messages are found by one and two Chinese characters, and a hit leads to its place", async ({
  newAccount,
  newPerson,
}) => {
  const ben = await newAccount("Ben");
  const ana = await newPerson("Ana");
  const { page } = ana;
  const pool = await ben.groupWith([ana.account], "Tide pool");
  await ben.sendAll(pool, count("early", 1, 60));
  await ben.send(pool, "小王在海边喝ｶﾌｪ，High TIDE at noon");
  await ben.sendAll(pool, count("late", 1, 120));
  await expect(row(page, "Tide pool")).toContainText("late 120.");

  await page.getByRole("button", { name: "Search" }).click();
  await expect(box(page)).toBeFocused();
  const hits = place(page, "Tide pool").getByRole("link");
  for (const [query, marked] of [
    ["边", "边"],
    ["海边", "海边"],
    ["カフェ", "ｶﾌｪ"],
    ["ｔｉｄ", "TID"],
    ['"high tide"', "High TIDE"],
    ["from:ben 海", "海"],
  ] as const) {
    await box(page).fill(query);
    await expect(hits, query).toHaveCount(1);
    await expect(hits.locator("mark"), query).toHaveText(marked);
    await expect(hits).toContainText("Ben");
  }
  for (const nothing of ["海水", "ide", "from:me 海", "has:link 海", "海 before:2020-01-01"]) {
    await box(page).fill(nothing);
    await expect(page.getByText("No messages found"), nothing).toBeVisible();
  }

  await box(page).fill("海");
  await hits.click();
  const found = message(page, "小王在海边");
  await expect(found).toBeInViewport();
  await expect(message(page, "early 60.")).toBeAttached();
  await expect(message(page, "late 1.")).toBeAttached();
  // Back is what was found.
  await page.goBack();
  await expect(box(page)).toHaveValue("海");
  await expect(hits).toHaveCount(1);
});

test("filters are set by hand, too, and one conversation is searched from its header", async ({
  newAccount,
  newPerson,
}) => {
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const [pool, pier] = [await ben.groupWith([account], "Tide pool"), await ben.groupWith([account], "Pier")];
  await ben.send(pool, "tide tables: https://tide.example/tables");
  await account.send(pool, "tide comes");
  await ben.send(pier, "no tide here");

  await open(page, "Tide pool");
  await page.getByRole("button", { name: "Find in conversation" }).click();
  await expect(box(page)).toHaveValue("");
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(chosen(filters, "In")).toHaveText("Tide pool");
  await page.keyboard.type("tide");
  const hits = page.getByRole("region").getByRole("link");
  await expect(hits).toHaveCount(2);
  await filters.getByRole("combobox", { name: "With" }).selectOption("Links");
  await expect(hits).toHaveCount(1);
  await expect(hits).toContainText("tide tables");
  await expect(box(page)).toHaveValue("tide has:link");
  await filters.getByRole("combobox", { name: "With" }).selectOption("Anything");
  await filters.getByRole("combobox", { name: "In" }).selectOption("Everywhere");
  await expect(hits).toHaveCount(3);
  await filters.getByRole("combobox", { name: "From" }).selectOption("You");
  await expect(hits).toHaveCount(1);
  await expect(hits).toContainText("tide comes");
  await filters.getByLabel("After").fill("2099-01-01");
  await expect(box(page)).toHaveValue("tide after:2099-01-01");
  await expect(page.getByText("No messages found")).toBeVisible();
  await filters.getByLabel("After").fill("2020-01-01");
  await expect(hits).toHaveCount(1);
  await filters.getByLabel("After").fill("");
  await filters.getByLabel("Before").fill("2020-01-01");
  await expect(page.getByText("No messages found")).toBeVisible();
  await box(page).fill("tide before:soon");
  await expect(page.getByRole("alert").filter({ hasText: "Write the day" })).toBeVisible();
});

test("people and conversations are chosen by who and which they are, whatever they are called", async ({
  newAccount,
  newPerson,
}) => {
  const [ben, cat] = [await newAccount("Ben"), await newAccount("Cat")];
  const { account, page } = await newPerson("Ana");
  await account.call("/api/people", { type: "name_contact", user: ben.user, nickname: "Bénny", note: "" });
  const quoted = await ben.groupWith([account, cat], 'The "Tide" pool');
  const piers = [await ben.groupWith([account], "Pier"), await ben.groupWith([account], "Pier")];
  const direct = await cat.directWith(account);
  for (const place of [quoted, ...piers]) await ben.send(place, "tide by Ben");
  await cat.send(quoted, "tide by Cat");
  await cat.send(direct, "tide before the end");
  await expect(row(page, "Cat")).toContainText("before the end");
  await cat.call("/api/session", { type: "delete_account", password: PASSWORD });
  await expect(row(page, "Deleted account")).toBeVisible();

  await page.getByRole("button", { name: "Search" }).click();
  const filters = page.getByRole("group", { name: "Filters" });
  const hits = page.getByRole("region").getByRole("link");
  await filters.getByRole("combobox", { name: "From" }).selectOption("Bénny");
  await expect(hits).toHaveText([/Bénny.*tide by Ben/, /tide by Ben/, /tide by Ben/]);
  await box(page).fill("tide from:ＢＥＮＮＹ");
  await expect(hits).toHaveCount(3);
  await filters.getByRole("combobox", { name: "From" }).selectOption("Anyone");
  await expect(box(page)).toHaveValue("tide");
  await expect(hits).toHaveCount(5);
  await box(page).fill("tide in:ｐｉｅｒ");
  await expect(hits).toHaveCount(2);

  for (const [title, found] of [
    ['The "Tide" pool', 2],
    ["Deleted account", 1],
  ] as const) {
    await open(page, title);
    await page.getByRole("button", { name: "Find in conversation" }).click();
    await expect(chosen(filters, "In")).toHaveText(title);
    await box(page).fill("tide");
    await expect(hits, title).toHaveCount(found);
  }
  // Of two with the same title it is the one that was open.
  await page.goto(`/c/${piers[0]}`);
  await page.getByRole("button", { name: "Find in conversation" }).click();
  await box(page).fill("tide");
  await expect(hits).toHaveCount(1);
  await hits.click();
  await expect(page).toHaveURL(new RegExp(`/c/${piers[0]}$`));
});

test("conversations are searched by when something was said last, many of them, pinned or not", async ({
  newAccount,
  newPerson,
}) => {
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const names = count("Room", 1, 15);
  const rooms = [];
  for (const name of names) rooms.push(await ben.groupWith([account], name));
  for (const room of rooms) await ben.send(room, "tide");
  await account.call("/api/account", { type: "arrange", conversation: rooms[0], pinned: true });
  await expect(row(page, "Room 1.")).toHaveAccessibleName(/Pinned/);
  await expect(row(page, "Room 15.")).toContainText("tide");
  await page.goto("/search");
  // More than one question is asked for so many.
  const questions: string[][] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/search")) questions.push(request.postDataJSON().conversations);
  });
  // The answer to the first one is there while the second one waits.
  let answer = (): void => {};
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/api/search", async (route) => {
    if (route.request().postDataJSON().conversations.length < 12) await held;
    await route.continue();
  });
  await box(page).fill("tide");
  const found = page.getByRole("region").getByRole("heading");
  await expect(found).toHaveText(names.slice(3).reverse().map((name) => new RegExp(name)));
  answer();
  await expect(found).toHaveText([...names].reverse().map((name) => new RegExp(name)));
  expect(questions.map((places) => places.length)).toEqual([12, 3]);
  expect(questions.flat()).toEqual([...rooms].reverse());
});

test("what was edited, recalled, hidden or left behind is not found", async ({ newAccount, newPerson }) => {
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana");
  const pool = await ben.groupWith([account], "Tide pool");
  const recalled = await ben.send(pool, "secret one");
  const edited = await ben.send(pool, "secret two");
  const hidden = await ben.send(pool, "secret three");
  await heard(page, "Tide pool", "secret three");
  await page.goto("/search");
  const hits = page.getByRole("region").getByRole("link");
  const again = async (found: number): Promise<void> => {
    await box(page).fill("");
    await box(page).fill("secret");
    if (found) await expect(hits).toHaveCount(found);
    else await expect(page.getByText("No messages found")).toBeVisible();
  };
  await again(3);
  await ben.conversation(pool, { type: "recall", seq: recalled });
  await ben.conversation(pool, { type: "edit", seq: edited, text: "open two" });
  await account.call("/api/account", { type: "hide", conversation: pool, seqs: [hidden] });
  await again(0);
  await ben.send(pool, "secret four");
  await again(1);
  await account.leave(pool);
  await again(0);
});

test("people and groups are found in their tabs, with the keyboard", async ({ newAccount, newPerson }) => {
  const ben = await newAccount("Ben 本");
  await ben.call("/api/account", { type: "update_profile", display_name: "Ben 本", signature: "灯塔 keeper" });
  const { account, page } = await newPerson("Ana");
  await ben.groupWith([account], "Tide pool", { type: "读书会", description: "Where we meet" });
  await expect(row(page, "Tide pool")).toBeVisible();
  await page.goto("/search");
  await box(page).fill("灯塔");
  await page.keyboard.press("Tab");
  await expect(tab(page, "Messages")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "People")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("option", { name: startingWith("Ben 本") })).toContainText("灯塔 keeper");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("No groups found")).toBeVisible();
  const panel = page.getByRole("tabpanel");
  for (const query of ["读书", "meet", "tide"]) {
    await box(page).fill(query);
    await expect(panel.getByRole("link", { name: startingWith("Tide pool") }), query).toBeVisible();
  }
  await panel.getByRole("link", { name: startingWith("Tide pool") }).click();
  await expect(composer(page)).toBeVisible();
});

test("older hits of a conversation come when asked for, in Chinese and on a phone", async ({
  newAccount,
  newPerson,
}) => {
  const ben = await newAccount("Ben");
  const { account, page } = await newPerson("Ana", {
    locale: "zh-CN",
    viewport: { width: 390, height: 844 },
  });
  const pool = await ben.groupWith([account], "潮池");
  await ben.sendAll(pool, count("浪", 1, 30));
  await expect(page.getByRole("link", { name: startingWith("潮池") })).toContainText("浪 30.");
  await page.goto("/search");
  await page.getByRole("searchbox", { name: "搜索" }).fill("浪");
  const hits = place(page, "潮池").getByRole("link");
  await expect(hits.first()).toContainText("浪 30.");
  await expect(hits.last()).toContainText("浪 11.");
  await page.getByRole("button", { name: "更早的结果" }).click();
  await expect(hits).toHaveCount(30);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
