// What keeps people out: axe looks at every screen and dialog, in both themes, on a desk and on a
// phone. One person goes through the app once; each place is looked at from all sides.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import config from "../playwright.config";
import { expect, test } from "../support/fixtures";
import { details, log, message, open, openSettings, row, say, sent, showSignIn } from "../support/screens";

const launch = config.use?.launchOptions;
const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
test.use({
  launchOptions: { ...launch, args: [...(launch?.args ?? []), ...microphone] },
  // Colours are judged at rest, so nothing may fade in meanwhile.
  contextOptions: { reducedMotion: "reduce" },
});

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What the theme decides; all else is the same in both. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Runs in the page: what is animated right now. */
function moving(): string[] {
  const running = document.getAnimations().filter(({ playState }) => playState === "running");
  return running.map(({ effect }) => (effect as KeyframeEffect | null)?.target?.className ?? "");
}

/** On a phone the list is all there is, and it is the navigation: there is no main part beside it. */
const LIST_ALONE = ["landmark-one-main"];
/** And details lie over the conversation, whose title is the page's. */
const DETAILS_ALONE = ["landmark-one-main", "page-has-heading-one"];

/** What keeps people out, however little; but not what is excused on a phone. */
async function expectAccessible(page: Page, where: string, excused: string[] = []): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => page.evaluate(moving), `${where} comes to rest`).toEqual([]);
      // The app has no frames, which the other mode is for.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const judged =
        colorScheme === "light"
          ? axe.options({
              runOnly: { type: "tag", values: TAGS },
              rules: { "target-size": { enabled: true } },
            })
          : axe.withRules(COLOURS);
      const { violations } = await judged.analyze();
      const excuses = size === "phone" ? excused : [];
      const counted = violations.filter(({ id }) => !excuses.includes(id));
      const told = counted.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => String(target))]);
      expect.soft(told, `${where}, ${size}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.setViewportSize(SIZES.desk);
}

test("the pages of those who are not in yet can be used by everybody", async ({
  newAccount,
  newBrowser,
}) => {
  const page = await newBrowser();
  await page.goto("/");
  await expect(page.getByRole("textbox", { name: "Username" })).toBeVisible();
  await expectAccessible(page, "register");
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expectAccessible(page, "register with mistakes");
  await showSignIn(page);
  await expectAccessible(page, "sign in");
  const ana = await newAccount("Ana");
  const id = await ana.createGroup("Tide pool", { type: "Friends", description: "Low" });
  await page.goto(`/join/${await ana.invite(id)}`);
  await expect(page.getByRole("button", { name: "Join as guest" })).toBeVisible();
  await expectAccessible(page, "invite");
});

test("conversations can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { permissions: ["microphone"] });
  const ben = await newAccount("Ben 本");
  const id = await account.groupWith([ben], "Tide pool", { type: "Friends", description: "Low" });
  const seq = await ben.send(id, "See https://tideline.example/ and `code`");
  await ben.send(id, "```rust\nfn main() {}\n```\n> quoted\n- one\n- two");
  await ben.send(id, "🌊", { reply_to: seq });
  await account.conversation(id, { type: "react", seq, emoji: "👍" });
  await account.conversation(id, { type: "pin", seq });
  await expect(row(page, "Tide pool")).toHaveAccessibleName(/\b3 unread/);
  await expectAccessible(page, "list", LIST_ALONE);
  await row(page, "Tide pool").click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "menu of a row", LIST_ALONE);
  await page.keyboard.press("Escape");

  await open(page, "Tide pool");
  await say(page, "All **clear**");
  const own = message(page, "All clear");
  await expect(sent(own)).toBeAttached();
  await account.send(id, "Mine", { reply_to: seq });
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach file" }).click();
  const picture = await page.screenshot();
  await (await chooser).setFiles([
    { name: "pier.png", mimeType: "image/png", buffer: picture },
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low") },
  ]);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await expectAccessible(page, "files to be sent");
  await say(page, "Two files");
  await expect(sent(message(page, "Two files"))).toBeAttached();
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(page.getByRole("timer")).toHaveText("0:01");
  await expectAccessible(page, "recorder");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(log(page).getByRole("group", { name: "Voice message" })).toBeVisible();
  await expectAccessible(page, "conversation");

  await log(page).getByRole("button", { name: "Open pier.png" }).click();
  await expect(page.getByRole("dialog", { name: "pier.png" }).locator("img")).toBeVisible();
  await expectAccessible(page, "viewer");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Emoji" }).click();
  await expect(page.getByRole("gridcell").first()).toBeVisible();
  await expectAccessible(page, "emoji picker");
  await page.keyboard.press("Escape");

  await own.hover();
  await own.getByRole("button", { name: "Message actions" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessible(page, "conversation with a menu");
  await page.keyboard.press("Escape");
  for (const [action, dialog] of [
    ["Forward", "Forward to"],
    ["Read by", "Read by"],
    ["Recall", "Recall this message?"],
  ] as const) {
    await own.hover();
    await own.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
    await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
    await expectAccessible(page, dialog);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: dialog })).toBeHidden();
  }

  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).click();
  await expect(pane.getByRole("textbox", { name: "Invite link" })).toBeVisible();
  await expectAccessible(page, "conversation with its details", DETAILS_ALONE);
  await page.keyboard.press("Escape");
});

test("pages and dialogs can be used by everybody", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
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
  await ben.send(await ben.groupWith([account], "Tide pool"), "High tide");
  await ben.call("/api/people", { type: "add_contact", user: account.user });
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: "Tide pool" })).toBeVisible();
  await expectAccessible(page, "palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible(page, "shortcuts");
  await page.keyboard.press("Escape");
  await openSettings(page);
  await page.getByRole("textbox", { name: "Age" }).fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /1 to 150/ })).toBeVisible();
  await expectAccessible(page, "settings");
  await page.goto("/contacts");
  await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
  await expectAccessible(page, "contacts");
  await page.goto("/search");
  await page.getByRole("searchbox", { name: "Search" }).fill("tide");
  await expect(page.getByRole("region").getByRole("link").first()).toBeVisible();
  await expectAccessible(page, "search");
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("heading", { name: "Ben 本" })).toBeVisible();
  await expectAccessible(page, "profile");
  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await expectAccessible(page, "nowhere");
});
