import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { openSettings } from "../support/screens";

/** How bright the page's ground is, from 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return NaN;
    // The first ground from the body up that is not transparent; a canvas knows every colour.
    context.fillStyle = "white";
    context.fillRect(0, 0, 1, 1);
    for (const element of [document.documentElement, document.body]) {
      context.fillStyle = getComputedStyle(element).backgroundColor;
      context.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });
}

test("the theme follows the system until one chooses, and stays as chosen", async ({
  newPerson,
}) => {
  const { page } = await newPerson("Ana", { colorScheme: "light" });
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => brightness(page)).toBeLessThan(60);

  await openSettings(page);
  await page.getByRole("combobox", { name: "Theme" }).selectOption("Light");
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Theme" })).toHaveValue("light");
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);

  await page.getByRole("combobox", { name: "Theme" }).selectOption("Dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => brightness(page)).toBeLessThan(60);
  await page.getByRole("combobox", { name: "Theme" }).selectOption("As the system");
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
});

test("words grow and rows move together as one chooses, in every tab", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  const other = await page.context().newPage();
  await other.goto("/");
  await openSettings(page);
  const measure = (page: Page) =>
    page.getByRole("link", { name: /^Tide pool/ }).evaluate((row) => ({
      height: row.getBoundingClientRect().height,
      letters: parseFloat(getComputedStyle(row.querySelector(".row__title") ?? row).fontSize),
    }));
  const before = await measure(page);
  await page.getByRole("combobox", { name: "Text size" }).selectOption("Very large");
  await expect.poll(async () => (await measure(page)).letters).toBe(1.25 * before.letters);
  await page.getByRole("combobox", { name: "Text size" }).selectOption("Normal");
  await page.getByRole("combobox", { name: "Density" }).selectOption("Compact");
  await expect.poll(async () => (await measure(page)).letters).toBe(before.letters);
  await expect.poll(async () => (await measure(page)).height).toBeLessThan(before.height - 8);
  await expect.poll(async () => (await measure(other)).height).toBeLessThan(before.height - 8);
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Density" })).toHaveValue("compact");
  await expect.poll(async () => (await measure(page)).height).toBeLessThan(before.height - 8);
});

test("the theme that one chose is there before the program is, also in the browser's own bars", async ({
  newBrowser,
}) => {
  const page = await newBrowser({ colorScheme: "light" });
  // The program does not arrive.
  await page.route("**/*.wasm", () => undefined);
  const bars = () =>
    page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")];
      return all.filter(({ media }) => matchMedia(media).matches).map(({ content }) => content);
    });
  await page.goto("/");
  await expect(page.locator("#splash")).toBeVisible();
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  await expect.poll(bars).toEqual(["#f5f2ec"]);
  await page.evaluate(() => {
    localStorage.setItem("tideline.theme", "dark");
    localStorage.setItem("tideline.text-size", "larger");
  });
  await page.addInitScript(() => {
    // What the page was when it was drawn first.
    new PerformanceObserver(() => {
      Object.assign(globalThis, { drawn: document.documentElement.dataset["theme"] });
    }).observe({ type: "paint", buffered: true });
  });
  await page.reload();
  await expect(page.locator("#splash")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.dataset)).toMatchObject({
    theme: "dark",
    textSize: "larger",
  });
  await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, "drawn"))).toBe("dark");
  expect(await brightness(page)).toBeLessThan(60);
  expect(await bars()).toEqual(["#0a1216"]);
  // And with the choice.
  await page.evaluate(() => document.documentElement.removeAttribute("data-theme"));
  await expect.poll(bars).toEqual(["#f5f2ec"]);
});
