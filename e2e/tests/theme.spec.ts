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
