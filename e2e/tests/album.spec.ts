// The viewer goes on through all pictures of a conversation, wherever its timeline stands.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { count, log, message, sent } from "../support/screens";

const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Sends a picture of this name. */
async function show(page: Page, name: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach file" }).click();
  const file = { name, mimeType: "image/png", buffer: Buffer.from(DOT, "base64") };
  await (await chooser).setFiles([file]);
  const send = page.getByRole("button", { name: "Send", exact: true });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(sent(log(page).getByRole("article").last())).toBeAttached();
}

test("older pictures than those of the timeline are reached, and newer ones again", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await page.goto(`/c/${id}`);
  await show(page, "first.png");
  await show(page, "second.png");
  await ben.sendAll(id, count("wave", 1, 230));
  await show(page, "last.png");
  await page.reload();
  await expect(message(page, "wave 230.")).toBeInViewport();
  await expect(page.getByRole("button", { name: /^Open / })).toHaveCount(1);
  const there = await log(page).evaluate((log) => log.scrollTop);

  await page.getByRole("button", { name: "Open last.png" }).click();
  const viewed = (name: string) => page.getByRole("dialog", { name });
  await expect(viewed("last.png").getByRole("button", { name: "Next picture" })).toBeDisabled();
  for (const name of ["second.png", "first.png"]) {
    await page.keyboard.press("ArrowLeft");
    await expect(viewed(name)).toBeVisible();
    await expect(viewed(name).locator("img")).toHaveJSProperty("naturalWidth", 1);
  }
  await page.keyboard.press("ArrowLeft");
  await expect(viewed("first.png").getByRole("button", { name: "Previous picture" })).toBeDisabled();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(viewed("last.png")).toBeVisible();
  await page.keyboard.press("Escape");
  expect(await log(page).evaluate((log) => log.scrollTop)).toBe(there);

  // From an old picture to what is newer than the window.
  await account.conversation(id, { type: "pin", seq: 1 });
  await page.getByRole("button", { name: /^Pinned message / }).click();
  await page.getByRole("button", { name: "Open second.png" }).click();
  await page.keyboard.press("ArrowRight");
  await expect(viewed("last.png")).toBeVisible();
});
