// Files that cannot be sent: said before anything of them goes out, and no loss to those beside them.
import type { Locator, Page } from "@playwright/test";
import { attach, type Chosen, sendButton } from "../support/files";
import { expect, test } from "../support/fixtures";
import { composer, log, message, open, sent } from "../support/screens";

/** The most bytes that a file has, and the most files that a message has. */
const [MOST_BYTES, MOST_FILES] = [25_000_000, 10];

function text(name: string): Chosen {
  return { name, mimeType: "text/plain", buffer: Buffer.from(`${name}: low tide at six`) };
}

/** What is about to be sent. */
const chips = (page: Page, list = "Files"): Locator =>
  page.getByRole("list", { name: list }).getByRole("listitem");
/** A bit of news at the edge of the screen. */
const news = (page: Page, words: string): Locator =>
  page.getByRole("region", { name: "Notifications" }).getByRole("alert").filter({ hasText: words });

test("a file that is too large is refused before any of it goes out, and those chosen with it stay", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const uploaded: string[] = [];
  page.on("request", (request) => {
    if (/\/files\//.test(request.url()) && request.method() === "POST") uploaded.push(request.url());
  });
  const large = { name: "film.bin", mimeType: "", buffer: Buffer.alloc(MOST_BYTES + 1, "tide") };
  await attach(page, [text("before.txt"), large, text("after.txt")]);
  const chip = (name: string): Locator => chips(page).filter({ hasText: name });
  await expect(chips(page)).toHaveText([/before\.txt/, /film\.bin/, /after\.txt/]);
  await expect(chip("film.bin").getByRole("alert")).toHaveText("A file has at most 25 MB.");
  // Another try would not make it smaller.
  await expect(chip("film.bin").getByRole("button", { name: "Retry" })).toHaveCount(0);
  for (const name of ["before.txt", "after.txt"]) {
    await expect(chip(name)).toHaveAttribute("data-state", "done");
  }
  expect(uploaded.filter((url) => url.includes(`/${MOST_BYTES + 1}/`))).toEqual([]);
  expect(uploaded).toHaveLength(2);

  // Nothing is sent without it unless it is taken out.
  await composer(page).fill("The times");
  await expect(sendButton(page)).toBeDisabled();
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("The times");
  await page.getByRole("button", { name: "Remove film.bin" }).click();
  await expect(chips(page)).toHaveText([/before\.txt/, /after\.txt/]);
  await expect(sendButton(page)).toBeEnabled();
  await composer(page).press("Enter");
  const said = message(page, "The times");
  await expect(sent(said)).toBeAttached();
  await expect(said.getByRole("link")).toHaveText([/before\.txt/, /after\.txt/]);
  expect(uploaded).toHaveLength(2);
});

test("the largest file that a message takes goes out", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const largest = { name: "film.bin", mimeType: "", buffer: Buffer.alloc(MOST_BYTES, "tide") };
  await attach(page, [largest]);
  await expect(chips(page)).toHaveAttribute("data-state", "done", { timeout: 120_000 });
  await sendButton(page).click();
  await expect(log(page).getByRole("link", { name: /film\.bin.*25\.0 MB/ })).toBeVisible();
});

test("in Chinese, too, a file that is too large is refused in words", async ({ newPerson }) => {
  const { account, page } = await newPerson("安娜", { locale: "zh-CN" });
  const id = await account.createGroup("潮池");
  await page.goto(`/c/${id}`);
  const large = { name: "film.bin", mimeType: "", buffer: Buffer.alloc(MOST_BYTES + 1, "tide") };
  await attach(page, [large], "添加文件");
  await expect(chips(page, "文件").getByRole("alert")).toHaveText("文件最大 25 MB。");
});

test("of eleven files ten are taken, and the other one when there is room for it", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const names = Array.from({ length: MOST_FILES + 1 }, (_, at) => `tide ${at + 1}.txt`);
  const patterns = (from: string[]): RegExp[] => from.map((name) => new RegExp(`^${name}`));
  const last = names.at(-1) ?? "";
  await attach(page, names.map(text));
  const refused = news(page, "At most 10 files can be sent at once.");
  await expect(refused).toBeVisible();
  await expect(chips(page)).toHaveText(patterns(names.slice(0, MOST_FILES)));
  // It is said until somebody has seen it, and again when it is tried again.
  await refused.getByRole("button", { name: "Dismiss" }).click();
  await expect(refused).toBeHidden();
  await attach(page, [text(last)]);
  await expect(refused).toBeVisible();
  await expect(chips(page)).toHaveCount(MOST_FILES);
  await refused.getByRole("button", { name: "Dismiss" }).click();

  await page.getByRole("button", { name: `Remove ${names[0]}` }).click();
  await expect(chips(page)).toHaveCount(MOST_FILES - 1);
  await attach(page, [text(last)]);
  await expect(chips(page)).toHaveText(patterns(names.slice(1)));
  await expect(refused).toBeHidden();
  await expect(sendButton(page)).toBeEnabled();
  await sendButton(page).click();
  const said = log(page).getByRole("article");
  await expect(sent(said)).toBeAttached();
  await expect(said.getByRole("link")).toHaveText(patterns(names.slice(1)));
});
