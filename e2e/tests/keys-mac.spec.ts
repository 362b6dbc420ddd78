// The keys of the whole app on Apple's keyboards, and where the focus is when what they opened is closed.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, message, open, row, tabTo } from "../support/screens";

/** Has the page take the keyboard for one of Apple's. */
async function onAMac(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(navigator, "platform", { value: "MacIntel" }));
  await page.reload();
}

function palette(page: Page): Locator {
  return page.getByRole("combobox", { name: "Go to or do" });
}

function shortcuts(page: Page): Locator {
  return page.getByRole("dialog", { name: "Keyboard shortcuts" });
}

test("the command key opens and closes the palette as Ctrl does, and the focus comes back", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  for (const name of ["Low tide", "Tide pool"]) await account.groupWith([ben], name);
  await onAMac(page);
  await open(page, "Low tide");
  await composer(page).fill("half a thought");
  for (const keys of ["Meta+k", "Control+k"]) {
    await page.keyboard.press(keys);
    await expect(palette(page), keys).toBeFocused();
    await page.keyboard.press(keys);
    await expect(palette(page), keys).toBeHidden();
    await expect(composer(page), keys).toBeFocused();
    await expect(composer(page), "nothing was typed").toHaveValue("half a thought");
  }

  await row(page, "Tide pool").focus();
  await page.keyboard.press("Meta+k");
  await expect(palette(page)).toBeFocused();
  await page.keyboard.type("tide");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(row(page, "Tide pool")).toBeFocused();

  // With other keys beside it is the browser's: had one of these opened the palette, the last one would close it.
  await page.keyboard.press("Meta+Shift+k");
  await page.keyboard.press("Meta+Alt+k");
  await page.keyboard.press("Meta+k");
  await expect(palette(page)).toBeFocused();
  await page.keyboard.type("pool");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Tide pool", exact: true })).toBeVisible();
  await expect(composer(page)).toBeFocused();
});

for (const [keyboard, command, beside] of [
  ["an Apple keyboard", "⌘", "⌥"],
  ["any other keyboard", "Ctrl", "Alt"],
] as const) {
  test(`the shortcuts name the keys of ${keyboard}`, async ({ newPerson }) => {
    const { page } = await newPerson("Ana");
    if (command === "⌘") await onAMac(page);
    await expect(page.getByText("No conversations yet")).toBeVisible();
    await page.keyboard.press("?");
    const keys = (does: string): Locator =>
      shortcuts(page).locator(".shortcuts__row").filter({ hasText: does }).locator("kbd");
    await expect(keys("Go to or do something")).toHaveText([command, "K"]);
    await expect(keys("Next conversation, up or down")).toHaveText([beside, "↑", "↓"]);
    await expect(keys("Next unread one")).toHaveText([beside, "Shift", "↑", "↓"]);
  });
}

test("a question mark shows the shortcuts wherever nothing is typed, and the focus comes back", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const pool = await account.groupWith([ben], "Tide pool");
  await ben.send(pool, "Low tide at six");
  await onAMac(page);
  await open(page, "Tide pool");
  await expect(message(page, "Low tide at six")).toBeVisible();
  // The keys among messages come when the app has come to rest.
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  const look = async (from: Locator): Promise<void> => {
    await tabTo(page, from);
    await page.keyboard.press("?");
    await expect(shortcuts(page)).toBeVisible();
    await expect(shortcuts(page).locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(shortcuts(page)).toBeHidden();
    await expect(from).toBeFocused();
  };
  await look(row(page, "Tide pool"));
  await look(page.getByRole("button", { name: "Conversation details" }));
  await look(message(page, "Low tide at six"));
  await page.goto("/settings");
  const receipts = page.getByRole("switch", { name: "Read receipts" });
  await expect(receipts).toBeVisible();
  await look(receipts);
  await expect(receipts, "the key is not for it").toBeChecked();

  // Where something is typed it is typed.
  await page.goto("/search");
  const field = page.getByRole("searchbox", { name: "Search" });
  await expect(field).toBeFocused();
  await page.keyboard.press("?");
  await expect(field).toHaveValue("?");
  await expect(shortcuts(page)).toBeHidden();
});
