import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../support/fixtures";
import { composer, conversations, log, message, open, row, say, sent } from "../support/screens";

const EVERYTHING = [
  "**High** _tide_ at ~~noon~~ `13:00`, 请**看**这里",
  "> said Ben",
  "- rope",
  "- boots",
  "  - dry ones",
  "3. three",
  "```rust",
  "fn main() {",
  '    println!("**not bold**");',
  "}",
  "```",
  "[the map](https://maps.example/a_(1)) and https://tide.example/.",
].join("\n");

test("a message is drawn as it is meant, and its code can be copied", async ({ newPerson }) => {
  const ana = await newPerson("Ana", { permissions: ["clipboard-read", "clipboard-write"] });
  await ana.account.createGroup("Tide pool");
  const { page } = ana;
  await open(page, "Tide pool");
  await composer(page).fill(EVERYTHING);
  await composer(page).press("Enter");
  const said = message(page, "said Ben");
  await expect(sent(said)).toBeAttached();
  await expect(said.locator("strong")).toHaveText(["High", "看"]);
  await expect(said.locator("em")).toHaveText("tide");
  await expect(said.locator("s")).toHaveText("noon");
  await expect(said.locator("p code")).toHaveText("13:00");
  await expect(said.locator("blockquote")).toHaveText("said Ben");
  await expect(said.locator("ul ul li")).toHaveText("dry ones");
  await expect(said.locator("ol li")).toHaveAttribute("value", "3");
  const code = 'fn main() {\n    println!("**not bold**");\n}';
  expect(await said.locator("pre").innerText()).toBe(code);
  await expect(said.locator("figure")).toContainText("rust");
  await said.getByRole("button", { name: "Copy code" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  const map = said.getByRole("link", { name: "the map" });
  await expect(map).toHaveAttribute("href", "https://maps.example/a_(1)");
  for (const link of await said.getByRole("link").all()) {
    await expect(link).toHaveAttribute("target", "_blank");
    await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  }
  await expect(said.getByRole("link", { name: "https://tide.example/" })).toBeVisible();
  // The list says it in plain words.
  await expect(row(page, "Tide pool")).toContainText("High tide at noon 13:00");
  const { violations } = await new AxeBuilder({ page }).include('[role="log"]').analyze();
  expect(violations).toEqual([]);
});

test("no message can pretend to be what it is not", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const id = await account.createGroup("Tide pool");
  await account.sendAll(id, [
    "one [bank.example](https://evil.example/login)",
    "two https://аррlе.com/",
    "three [x](javascript:alert(1)) [y](data:text/html,hi) https://bank.example@evil.example/",
    "four \u202egnp.exe\u202c **five\u2066**",
    "*a **b ".repeat(1_000),
  ]);
  await open(page, "Tide pool");
  await expect(message(page, "one")).toContainText("bank.example (evil.example)");
  await expect(message(page, "two")).toContainText("(xn--l-7sbq6ba.com)");
  await expect(message(page, "three").getByRole("link")).toHaveCount(0);
  const four = message(page, "four");
  await expect(four).toContainText("four gnp.exe five");
  const isolated = await four.locator(".message__body p").evaluate((node) => {
    return getComputedStyle(node).unicodeBidi;
  });
  expect(isolated).toMatch(/isolate|plaintext/);
  await expect(message(page, "*a **b")).toBeVisible();
});

test("people and emoji are completed by the keyboard, and never under an input method", async ({
  newPerson,
  newAccount,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben Bay");
  await account.groupWith([ben, await newAccount("Cleo")], "Tide pool");
  await open(page, "Tide pool");
  const field = composer(page);
  const list = page.getByRole("listbox", { name: "Suggestions" });
  await field.click();
  await page.keyboard.type("hi @");
  await expect(list.getByRole("option")).toHaveCount(3);
  await expect(list.getByRole("option").last()).toContainText("@all");
  await page.keyboard.type("be");
  await expect(list.getByRole("option", { name: /^Ben Bay/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  const active = await list.getByRole("option").getAttribute("id");
  await expect(field).toHaveAttribute("aria-activedescendant", active ?? "");
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
  await field.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true });
  await expect(field).toHaveValue("hi @be");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue(`hi @${ben.userName} `);
  await expect(list).toBeHidden();
  await expect(log(page).getByRole("article")).toHaveCount(0);

  await page.keyboard.type(":thumbsu");
  await expect(list.getByRole("option").first()).toContainText("👍");
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await page.keyboard.press("Backspace");
  await expect(list).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Tab");
  await expect(field).toHaveValue(`hi @${ben.userName} 👍`);
  await page.keyboard.type(" :heart: 10:30");
  await expect(field).toHaveValue(`hi @${ben.userName} 👍 ❤️ 10:30`);
  await expect(list).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(sent(message(page, "10:30"))).toBeAttached();
});

test("the picker finds emoji in both languages, in the tone that one chose, and remembers them", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const field = composer(page);
  await field.fill("ab");
  await field.press("ArrowLeft");
  await page.getByRole("button", { name: "Emoji" }).click();
  const picker = page.getByRole("dialog", { name: "Emoji" });
  const search = picker.getByRole("searchbox", { name: "Search emoji" });
  await expect(search).toBeFocused();
  await expect(picker.getByRole("grid", { name: "Smileys" })).toBeVisible();
  await search.fill("赞");
  await expect(picker.getByRole("gridcell", { name: "thumbs up" })).toBeVisible();
  await search.fill("qqqq");
  await expect(picker.getByRole("status")).toHaveText("No emoji found");
  await search.fill("thumbs");
  await picker.getByRole("radio", { name: "Medium", exact: true }).click();
  await search.press("ArrowDown");
  await expect(picker.getByRole("gridcell").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(picker).toBeHidden();
  await expect(field).toHaveValue("a👍🏽b");
  await expect(field).toBeFocused();

  await page.reload();
  await page.getByRole("button", { name: "Emoji" }).click();
  await expect(picker.getByRole("grid", { name: "Recently used" })).toContainText("👍🏽");
  const { violations } = await new AxeBuilder({ page }).include("dialog[open]").analyze();
  expect(violations).toEqual([]);
  await picker.getByRole("tab", { name: "People" }).click();
  await picker.getByRole("gridcell", { name: "waving hand", exact: true }).click();
  await expect(field).toHaveValue(/👋🏽/);
});

test("a picker that cannot be fetched says so, and tries again", async ({ newPerson, tolerate }) => {
  tolerate(/ERR_FAILED/);
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  await page.route("**/assets/emoji-*", (route) => route.abort());
  await page.getByRole("button", { name: "Emoji" }).click();
  const picker = page.getByRole("dialog", { name: "Emoji" });
  await expect(picker.getByRole("alert")).toContainText("You seem to be offline");
  await picker.getByRole("button", { name: "Retry" }).click();
  await expect(picker.getByRole("alert")).toBeVisible();
  await page.unroute("**/assets/emoji-*");
  await picker.getByRole("button", { name: "Retry" }).click();
  await expect(picker.getByRole("grid", { name: "Smileys" })).toContainText("😀");
  await expect(picker.getByRole("alert")).toHaveCount(0);
});

test("who is meant sees it, in the list and in the message", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.groupWith([ben.account], "Tide pool");
  await ana.account.sendAll(id, [
    `@${ben.account.userName} come`,
    "all quiet",
    "@所有人 集合",
    `\`@${ben.account.userName}\` is code`,
  ]);
  const entry = row(ben.page, "Tide pool");
  await expect(entry).toHaveAccessibleName(/2 mention you.*4 unread/);
  await open(ben.page, "Tide pool");
  await expect(message(ben.page, "come").locator(".mention--me")).toHaveText(
    `@${ben.account.userName}`,
  );
  await expect(message(ben.page, "集合").locator(".mention--me")).toHaveText("@所有人");
  await expect(message(ben.page, "is code").locator(".mention")).toHaveCount(0);
  await expect(conversations(ben.page)).not.toContainText("mention you");
  // For others it is a mark, too, but not theirs.
  await say(ben.page, `@${ana.account.userName} on my way`);
  const mine = message(ben.page, "on my way").locator(".mention");
  await expect(mine).toHaveText(`@${ana.account.userName}`);
  await expect(mine).not.toHaveClass(/mention--me/);
  await expect(row(ana.page, "Tide pool")).toHaveAccessibleName(/1 mentions you/);
});

test("words stand as their script wants, emoji alone are large, and a word takes a word's room", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const id = await account.createGroup("Tide pool");
  await account.sendAll(id, ["المد عند الظهر", "High tide is المد", "🌊🏄", "Yes", "Sunrise 🌅 is at seven tomorrow"]);
  await open(page, "Tide pool");
  const drawn = (text: string) =>
    message(page, text).evaluate((article) => {
      const bubble = article.querySelector(".message__bubble");
      const body = article.querySelector(".message__body");
      if (!bubble || !body) throw new Error("not drawn");
      const words = document.createTreeWalker(body, NodeFilter.SHOW_TEXT).nextNode()?.parentElement ?? body;
      const { direction, unicodeBidi, fontSize } = getComputedStyle(words);
      return { direction, unicodeBidi, size: parseFloat(fontSize), width: bubble.getBoundingClientRect().width };
    });
  const plain = await drawn("Sunrise");
  expect(await drawn("المد عند الظهر")).toMatchObject({ direction: "rtl" });
  expect(await drawn("High tide is المد")).toMatchObject({ direction: "ltr" });
  expect((await drawn("🌊🏄")).size).toBeGreaterThanOrEqual(2 * plain.size);
  expect((await drawn("Yes")).width).toBeLessThan(plain.width / 2);
  // The list, too.
  await account.sendAll(id, ["المد عند الظهر غدا"]);
  await expect(row(page, "Tide pool")).toContainText("غدا");
});
