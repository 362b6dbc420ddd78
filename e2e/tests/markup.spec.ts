import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../support/fixtures";
import { composer, message, open, row, state } from "../support/screens";

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
  await expect(state(said, "Sent")).toBeAttached();
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

