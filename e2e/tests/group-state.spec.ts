// What passes in a group, and for how long one does not want to hear of it.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, details, message, open, row } from "../support/screens";

const HOUR_MS = 60 * 60 * 1_000;

/** The line below a conversation's title. */
const subtitle = (page: Page): Locator => page.locator(".conversation__subtitle");

/** Somebody writes one more word. */
const write = (page: Page) => (): Promise<void> => composer(page).pressSequentially("so ");

/** They go on to write until a line says so. */
async function writeUntil(
  line: Locator,
  words: string | RegExp,
  ...who: (() => Promise<unknown>)[]
): Promise<void> {
  await expect(async () => {
    for (const writes of who) await writes();
    await expect(line).toHaveText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

/** How the page says a time that is so long behind a moment between these two. */
function times(page: Page, from: number, to: number, later: number): Promise<string[]> {
  return page.evaluate(
    ({ from, to, later }) => {
      const { format } = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });
      const said = [];
      for (let at = from; at < to + 60_000; at += 60_000) said.push(format(at + later));
      return said;
    },
    { from, to, later },
  );
}

test("who writes in a group is named, one or two or several, until they have said it", async ({
  newAccount,
  newPerson,
}) => {
  const [ana, ben, cho] = [await newPerson("Ana"), await newPerson("Ben"), await newPerson("Cho")];
  const dan = await newAccount("Dan");
  const id = await ana.account.groupWith([ben.account, cho.account, dan], "Reef");
  for (const { page } of [ana, ben, cho]) await open(page, "Reef");
  const line = subtitle(ana.page);
  await expect(line).toHaveText("4 members");

  await writeUntil(line, "Ben is typing…", write(ben.page));
  const two = /^(Ben and Cho|Cho and Ben) are typing…$/;
  await writeUntil(line, two, write(ben.page), write(cho.page));
  // Of themselves nobody is told.
  await writeUntil(subtitle(ben.page), "Cho is typing…", write(ben.page), write(cho.page));
  await writeUntil(line, two, write(ben.page), write(cho.page));

  await composer(ben.page).fill("High tide at noon");
  await composer(ben.page).press("Enter");
  await expect(message(ana.page, "High tide at noon")).toBeVisible();
  expect(await line.textContent(), "with the message the words are gone").not.toContain("Ben");
  await writeUntil(line, "Cho is typing…", write(cho.page));

  const dans = (): Promise<unknown> => dan.conversation(id, { type: "typing" });
  await writeUntil(line, "several people are typing…", write(ben.page), write(cho.page), dans);
  // Who thinks it over is named no longer, either.
  await expect(line).toHaveText("4 members");
});

test("a group is muted for a time by its menu, marked, and says until when; then it is heard again", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.groupWith([ben], "Reef");
  await ben.send(id, "The tide turns");
  const phone = await newDevice(account);
  await expect(page).toHaveTitle("(1) Tideline");
  const reef = row(page, "Reef");
  const mark = reef.locator(".row__kept");
  const choices = page.getByRole("menuitem", { name: /mute/i });
  const all = ["Mute for an hour", "Mute for a day", "Mute for good"];
  const openMenu = (): Promise<void> => reef.click({ button: "right" });

  await openMenu();
  await expect(choices).toHaveText(all);
  const asked = Date.now();
  await page.getByRole("menuitem", { name: "Mute for an hour" }).click();
  await expect(mark).toBeVisible();
  await expect(reef).toHaveAccessibleName(/Muted/);
  await expect(row(phone, "Reef")).toHaveAccessibleName(/Muted/);
  await expect(page).toHaveTitle("Tideline");
  const done = Date.now();
  await openMenu();
  await expect(choices).toHaveText(["Unmute"]);
  await page.keyboard.press("Escape");

  await open(page, "Reef");
  const pane = await details(page);
  const until = pane.getByText(/^Muted until /);
  const said = (at: string): string => `Muted until ${at}.`;
  await expect(until).toBeVisible();
  expect((await times(page, asked, done, HOUR_MS)).map(said)).toContain(await until.textContent());
  const buttons = pane.getByRole("button", { name: /mute/i });
  await expect(buttons).toHaveText(["Unmute"]);
  // What comes now has a quiet count.
  await expect(reef).not.toHaveAccessibleName(/unread/);
  await page.goto("/");
  await ben.send(id, "The tide is high");
  await expect(reef).toHaveAccessibleName(/Muted.*1 unread/);
  await expect(page).toHaveTitle("Tideline");

  // One press in the menu and it is heard again; for a longer time it is muted in the details.
  await openMenu();
  await page.getByRole("menuitem", { name: "Unmute" }).click();
  await expect(reef).not.toHaveAccessibleName(/Muted/);
  await expect(mark).toHaveCount(0);
  await expect(page).toHaveTitle("(1) Tideline");
  await open(page, "Reef");
  await details(page);
  await expect(buttons).toHaveText(all);
  await expect(until).toHaveCount(0);
  const again = Date.now();
  await pane.getByRole("button", { name: "Mute for a day" }).click();
  await expect(until).toBeVisible();
  const day = await times(page, again, Date.now(), 24 * HOUR_MS);
  expect(day.map(said)).toContain(await until.textContent());
  await page.reload();
  await expect(mark).toBeVisible();
  await details(page);
  await expect(until).toBeVisible();
  expect(day.map(said)).toContain(await until.textContent());
  await pane.getByRole("button", { name: "Unmute" }).click();
  await expect(until).toHaveCount(0);
  await expect(mark).toHaveCount(0);
  await expect(row(phone, "Reef")).not.toHaveAccessibleName(/Muted/);
});
