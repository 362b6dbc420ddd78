import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { details, message, open, openSettings, row, say } from "../support/screens";

// Colours are judged at rest, so nothing may fade in meanwhile.
test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Runs in the page: what is animated right now. */
function moving(): string[] {
  const running = document.getAnimations().filter(({ playState }) => playState === "running");
  return running.map(({ effect }) => (effect as KeyframeEffect | null)?.target?.className ?? "");
}

/** What keeps people out, in both themes. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(() => page.evaluate(moving), `${where} comes to rest`).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === "critical" || impact === "serious");
    const told = grave.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => String(target))]);
    expect(told, `${where}, ${colorScheme}`).toEqual([]);
  }
}

test("the pages of those who are not in yet can be used by everybody", async ({
  newAccount,
  newBrowser,
}) => {
  const page = await newBrowser();
  await page.goto("/");
  await expect(page.getByRole("textbox", { name: "Username" })).toBeVisible();
  await expectAccessible(page, "register");
  const ana = await newAccount("Ana");
  const id = await ana.createGroup("Tide pool", { type: "Friends", description: "Low" });
  await page.goto(`/join/${await ana.invite(id)}`);
  await expect(page.getByRole("button", { name: "Join as guest" })).toBeVisible();
  await expectAccessible(page, "invite");
});

test("conversations can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  const id = await account.groupWith([ben], "Tide pool", { type: "Friends", description: "Low" });
  await ben.send(id, "See https://tideline.example/");
  await ben.send(id, "🌊");
  await expect(row(page, "Tide pool")).toHaveAccessibleName(/\b2 unread/);
  await expectAccessible(page, "list");
  await open(page, "Tide pool");
  await say(page, "All clear");
  await message(page, "All clear").hover();
  await message(page, "All clear").getByRole("button", { name: "Message actions" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "conversation with a menu");
  await page.keyboard.press("Escape");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  await expect(pane.getByRole("textbox", { name: "Invite link" })).toBeVisible();
  await expectAccessible(page, "conversation with its details");
});

test("dialogs and settings can be used by everybody", async ({ newAccount, newPerson }) => {
  const { page } = await newPerson("Ana");
  const ben = await newAccount("Ben 本");
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await page.getByRole("button", { name: "New message" }).click();
  await page.getByRole("textbox", { name: "Find people" }).fill(ben.userName);
  await expect(page.getByRole("option", { name: /^Ben/ })).toBeVisible();
  await expectAccessible(page, "empty list and new message");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New group" }).click();
  await expect(page.getByRole("dialog", { name: "New group" })).toBeVisible();
  await expectAccessible(page, "new group");
  await page.keyboard.press("Escape");
  await openSettings(page);
  await page.getByRole("textbox", { name: "Age" }).fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /1 to 150/ })).toBeVisible();
  await expectAccessible(page, "settings");
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("heading", { name: "Ben 本" })).toBeVisible();
  await expectAccessible(page, "profile");
});
