import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { conversations } from "../support/screens";

/** How wide the list is, with its edge. */
function width(page: Page): Promise<number> {
  return conversations(page)
    .locator("xpath=..")
    .evaluate((pane) => pane.getBoundingClientRect().width);
}

test("the list is as wide as one makes it, by pointer and by keys, and stays so", async ({
  newPerson,
}) => {
  const { page } = await newPerson("Ana");
  const edge = page.getByRole("separator", { name: "Width of the list" });
  await expect(edge).toBeVisible();
  const first = await width(page);
  await expect(edge).toHaveAttribute("aria-valuenow", String(Math.round(first)));

  const box = await edge.boundingBox();
  if (!box) throw new Error("the edge has a place");
  await page.mouse.move(box.x + box.width / 2, 300);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, 310, { steps: 4 });
  await expect.poll(() => width(page)).toBe(Math.round(first + 80));
  // Far outside of the window it still holds the pointer, and stays within its bounds.
  await page.mouse.move(1270, 310, { steps: 2 });
  await expect.poll(() => width(page)).toBe(576);
  await page.mouse.up();
  await page.mouse.move(400, 310);
  await expect(edge).toHaveAttribute("aria-valuenow", "576");

  await edge.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(edge).toHaveAttribute("aria-valuenow", "560");
  expect(await width(page)).toBe(560);
  await page.keyboard.press("Home");
  await expect(edge).toHaveAttribute("aria-valuenow", "240");
  await page.keyboard.press("Shift+ArrowRight");
  expect(await width(page)).toBe(304);

  await page.reload();
  await expect(conversations(page)).toBeVisible();
  expect(await width(page)).toBe(304);
  // A window that leaves less room shows less of it, and does not forget.
  await page.setViewportSize({ width: 1000, height: 700 });
  await expect(edge).toBeVisible();
  await edge.focus();
  await page.keyboard.press("End");
  expect(await width(page)).toBe(500);
  await page.setViewportSize({ width: 760, height: 700 });
  expect(await width(page)).toBe(380);
  await page.setViewportSize({ width: 390, height: 700 });
  await expect(edge).toBeHidden();
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await width(page)).toBe(500);

  await edge.dblclick();
  await expect.poll(() => width(page)).toBe(first);
  await page.reload();
  await expect(conversations(page)).toBeVisible();
  expect(await width(page)).toBe(first);
});
