import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, count, details, heard, log, message, numbered, open, openRead, row, say } from "../support/screens";

/** What scrolling up from the newest message to the oldest one was like. */
type Climb = {
  /** The numbers of all messages that were in the page at some time, highest first, each once. */
  seen: number[];
  /** Windows of the page in which the numbers did not follow each other. */
  gaps: string[];
  /** The longest way in pixels that a message went without being scrolled. */
  jump: number;
  /** The most messages that were in the page at one time. */
  most: number;
};

/** Scrolls up by `step` pixels at a time until the first message is there. */
function climb(page: Page, step: number): Promise<Climb> {
  return log(page).evaluate(async (scroller, step) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const numberOf = (article: Element) => Number(/wave (\d+)\./.exec(article.textContent ?? "")?.[1]);
    const seen = new Set<number>();
    const gaps: string[] = [];
    let [jump, most] = [0, 0];
    const look = () => {
      const articles = [...scroller.querySelectorAll("article")];
      const numbers = articles.map(numberOf);
      numbers.forEach((number, at) => {
        const before = numbers[at - 1];
        if (before !== undefined && number !== before + 1) gaps.push(`${before}, ${number}`);
        seen.add(number);
      });
      most = Math.max(most, articles.length);
      return articles;
    };
    const middle = (articles: Element[]) => {
      const { top, height } = scroller.getBoundingClientRect();
      return articles.find((one) => one.getBoundingClientRect().bottom > top + height / 2);
    };
    const deadline = Date.now() + 240_000;
    while (!seen.has(1) || scroller.scrollTop > 0) {
      const anchor = middle(look());
      if (!anchor || Date.now() > deadline) break;
      const [number, before] = [numberOf(anchor), anchor.getBoundingClientRect().top];
      const from = scroller.scrollTop;
      scroller.scrollTop = from - step;
      const scrolled = from - scroller.scrollTop;
      await frame();
      await frame();
      const after = look().find((article) => numberOf(article) === number);
      if (!after) gaps.push(`${number} vanished`);
      else jump = Math.max(jump, Math.abs(after.getBoundingClientRect().top - before - scrolled));
    }
    return { seen: [...seen].sort((one, other) => other - one), gaps, jump, most };
  }, step);
}

/** The lowest and the highest number. */
function ends(shown: string[]): [number, number] {
  const numbers = shown.map((text) => Number(/\d+/.exec(text)));
  return [Math.min(...numbers), Math.max(...numbers)];
}

test("five thousand messages scroll by without a gap, a jump, or a page that grows", async ({
  newAccount,
  newPerson,
}) => {
  test.setTimeout(600_000);
  const total = 5_000;
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, total));
  await heard(ana.page, "Ben", `wave ${total}.`);
  await open(ana.page, "Ben");
  await ana.page.reload();
  await expect(message(ana.page, `wave ${total}.`)).toBeInViewport();

  const { seen, gaps, jump, most } = await climb(ana.page, 700);
  expect(seen).toEqual(Array.from({ length: total }, (_, at) => total - at));
  expect(gaps).toEqual([]);
  expect(jump).toBeLessThanOrEqual(2);
  expect(most).toBeLessThanOrEqual(300);
  await expect(log(ana.page).getByText("This is the beginning of")).toBeVisible();

  // The way back, past a message that comes in meanwhile.
  await ben.send(id, `wave ${total + 1}.`);
  await expect(row(ana.page, "Ben")).toContainText(`wave ${total + 1}.`);
  await expect(message(ana.page, "wave 1.")).toBeInViewport();
  await ana.page.getByRole("button", { name: "Jump to newest" }).click();
  await expect(message(ana.page, `wave ${total + 1}.`)).toBeInViewport();
  await expect(ana.page.getByRole("button", { name: "Jump to newest" })).toBeHidden();
});

test("scrolling goes both ways from the middle", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 420));
  await heard(ana.page, "Ben", "wave 420.");
  await open(ana.page, "Ben");
  await ana.page.reload();
  await expect(message(ana.page, "wave 420.")).toBeInViewport();
  const { gaps } = await climb(ana.page, 900);
  expect(gaps).toEqual([]);

  // Down again by the wheel, as people do.
  await log(ana.page).hover();
  await expect
    .poll(async () => {
      await ana.page.mouse.wheel(0, 2_000);
      const shown = await numbered(ana.page, "wave");
      expect(shown).toEqual(count("wave", ...ends(shown)));
      return shown.at(-1);
    })
    .toBe("wave 420.");
});

test("whoever reads above is not moved by what comes in below", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 60));
  await heard(ana.page, "Ben", "wave 60.");
  await open(ana.page, "Ben");
  await ana.page.reload();
  await expect(message(ana.page, "wave 60.")).toBeInViewport();
  await message(ana.page, "wave 30.").scrollIntoViewIfNeeded();
  await expect(ana.page.getByRole("button", { name: "Jump to newest" })).toBeVisible();
  const before = await message(ana.page, "wave 30.").boundingBox();

  await ben.send(id, "news from below");
  const jump = ana.page.getByRole("button", { name: "Jump to newest, 1 unread" });
  await expect(jump).toBeVisible();
  const after = await message(ana.page, "wave 30.").boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 99))).toBeLessThanOrEqual(1);
  await jump.click();
  await expect(message(ana.page, "news from below")).toBeInViewport();
  // From here on what comes in is shown as it comes, and what one writes too.
  await ben.send(id, "and more of it");
  await expect(message(ana.page, "and more of it")).toBeInViewport();
  await log(ana.page).evaluate((scroller) => scroller.scrollBy(0, -800));
  await expect(message(ana.page, "and more of it")).not.toBeInViewport();
  await say(ana.page, "mine");
  await expect(message(ana.page, "mine")).toBeInViewport();
  await expect(composer(ana.page)).toBeFocused();
});

test("the first unread message is one press away from wherever one scrolled", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 60));
  await heard(page, "Ben", "wave 60.");
  await account.call("/api/account", { type: "read", conversation: id, seq: 20 });
  await expect(row(page, "Ben")).toHaveAccessibleName(/\b40 unread/);
  await open(page, "Ben");
  await expect(message(page, "wave 21.")).toBeInViewport();
  const first = page.getByRole("button", { name: "First unread" });
  await expect(first).toBeHidden();
  await message(page, "wave 50.").evaluate((row) => row.scrollIntoView({ block: "center" }));
  await expect(log(page).getByRole("separator")).not.toBeInViewport();
  await first.click();
  await expect(message(page, "wave 21.")).toBeInViewport();
  await expect(first).toBeHidden();
});

test("a day of a long history is chosen in the details, and what was said then is shown", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 200));
  await ben.send(id, "this morning");
  const { messages } = (await ben.conversation(id, { type: "history", around: 201 })) as {
    messages: { seq: number; at: number }[];
  };
  const morning = messages.find(({ seq }) => seq === 201)?.at;
  await ben.sendAll(id, count("later", 1, 200));
  // All of this was said today: in this browser the day begins in the middle of it.
  await page.addInitScript((morning) => {
    window.Date = new Proxy(Date, {
      construct: (date, given: [string | number]) =>
        Reflect.construct(date, /T00:00$/.test(String(given[0])) ? [morning] : given),
    });
  }, morning);
  await page.goto("/");
  await openRead(page, account, [id, "Ben"], [401, "later 200."]);
  const pane = await details(page);
  await pane.getByRole("button", { name: "Go to a date" }).click();
  const dialog = page.getByRole("dialog", { name: "Go to a date" });
  const today = new Date().toISOString().slice(0, 10);
  await expect(dialog.getByLabel("Date")).toHaveValue(today);
  await dialog.getByRole("button", { name: "Go" }).click();
  await expect(message(page, "this morning")).toBeInViewport();
  await expect(message(page, "wave 200.")).toBeInViewport();
  await expect(message(page, "later 1.")).toBeInViewport();
  // On a phone the details lie over it.
  await page.setViewportSize({ width: 390, height: 844 });
  await pane.getByRole("button", { name: "Go to a date" }).click();
  await dialog.getByRole("button", { name: "Go" }).click();
  await expect(pane).toBeHidden();
  await expect(message(page, "this morning")).toBeInViewport();
});
