// Days, times and how long ago something was, as readers of Chinese and of English write them, from today to a year
// ago; and the other way at once when the language is switched.
import type { Locator, Page } from "@playwright/test";
import type { Account } from "../support/api";
import { expect, test } from "../support/fixtures";

const DAY_MS = 86_400_000;

/** The day on which something was said, as each language writes it whole and short. */
type Written = { title: string; list: string; ago: string };

/** When the newest message of a conversation was said. */
async function saidAt(account: Account, conversation: string): Promise<Date> {
  const { messages } = (await account.conversation(conversation, { type: "history" })) as {
    messages: { at: number }[];
  };
  return new Date(messages.at(-1)?.at ?? NaN);
}

/** Late in the evening, so many days behind the day of `at`. */
function evening(at: Date, days: number): Date {
  return new Date((Math.floor(at.getTime() / DAY_MS) + days) * DAY_MS + 23.5 * 3_600_000);
}

/** Has the clock of a page begin at a time of its own, from each load on. */
async function withOwnClock(page: Page): Promise<(begins: Date) => Promise<void>> {
  await page.addInitScript(() => {
    const begins = Number(localStorage.getItem("clock"));
    if (!begins) return;
    const now = (): number => Math.floor(begins + performance.now());
    Date.now = now;
    window.Date = new Proxy(Date, {
      construct: (date, given: [number | string]) => Reflect.construct(date, given.length > 0 ? given : [now()]),
    });
  });
  return async (begins) => {
    await page.evaluate((begins) => localStorage.setItem("clock", String(begins)), begins.getTime());
    await page.reload();
  };
}

/** How Chinese writes a day, seen so many days later. */
function inChinese(at: Date, days: number): Written {
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const weekday = "日一二三四五六".charAt(at.getUTCDay());
  const isThisYear = evening(at, days).getUTCFullYear() === year;
  const day = isThisYear ? `${month}月${date}日` : `${year}年${month}月${date}日`;
  const title = isThisYear ? `${day}星期${weekday}` : day;
  if (days === 1) return { title: "昨天", list: "昨天", ago: "昨天" };
  if (days < 7) return { title, list: `周${weekday}`, ago: `${days} 天前` };
  return { title, list: day, ago: day };
}

/** The same in English, as it is written in America. */
function inEnglish(at: Date, days: number): Written {
  const [year, date] = [at.getUTCFullYear(), at.getUTCDate()];
  const month = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ][at.getUTCMonth()] ?? "";
  const weekday =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][at.getUTCDay()] ?? "";
  const isThisYear = evening(at, days).getUTCFullYear() === year;
  const title = isThisYear ? `${weekday}, ${month} ${date}` : `${month} ${date}, ${year}`;
  const short = `${month.slice(0, 3)} ${date}${isThisYear ? "" : `, ${year}`}`;
  if (days === 1) return { title: "Yesterday", list: "Yesterday", ago: "yesterday" };
  if (days < 7) return { title, list: weekday.slice(0, 3), ago: `${days} days ago` };
  return { title, list: short, ago: `on ${short}` };
}

/** What the page has of a day: above its messages, in the list, and of when the other one was there last. */
function places(page: Page): { title: Locator; list: Locator; seen: Locator; time: Locator } {
  return {
    title: page.locator(".day__button"),
    list: page.locator(".list .row__time"),
    seen: page.locator(".conversation__subtitle"),
    time: page.getByRole("article").locator("time"),
  };
}

/** Chooses a language without leaving the conversation. */
async function switchTo(page: Page, typed: string, choice: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(typed);
  await page.getByRole("option", { name: choice }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

test("days are written as Chinese writes them, from today to a year ago", async ({ newPerson }) => {
  const { account, page } = await newPerson("安娜", { locale: "zh-CN" });
  const ben = await newPerson("小本");
  const id = await ben.account.directWith(account);
  await ben.account.send(id, "涨潮了");
  const at = await saidAt(account, id);
  const { title, list, seen, time } = places(page);
  const clock = await withOwnClock(page);
  await page.goto(`/c/${id}`);
  await expect(seen).toHaveText("在线");
  // A page that goes says so.
  await ben.page.goto("about:blank");
  await expect(seen).toHaveText(/^最后在线：/);

  await clock(evening(at, 0));
  await expect(title).toHaveText("今天");
  await expect(list).toHaveText(/^\d{1,2}:\d{2}$/);
  await expect(seen).toHaveText(/^最后在线：(刚刚|\d+ 分钟前|\d+ 小时前)$/);
  for (const days of [1, 3, 8, 400]) {
    await test.step(`${days} days later`, async () => {
      await clock(evening(at, days));
      const written = inChinese(at, days);
      await expect(title).toHaveText(written.title);
      await expect(list).toHaveText(written.list);
      await expect(seen).toHaveText(`最后在线：${written.ago}`);
      // The time of a message is that of its day, by a clock of 24 hours, and in full where one asks for it.
      await expect(time).toHaveText(/^\d{1,2}:\d{2}$/);
      const whole = `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
      await expect(time).toHaveAttribute("title", new RegExp(`^${whole}\\s*\\d{1,2}:\\d{2}$`));
    });
  }
});

test("days change with the language at once, there and back", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ben.account.directWith(account);
  await ben.account.send(id, "High tide");
  const at = await saidAt(account, id);
  const { title, list, seen, time } = places(page);
  const clock = await withOwnClock(page);
  await page.goto(`/c/${id}`);
  await expect(seen).toHaveText("online");
  await ben.page.goto("about:blank");
  await expect(seen).toHaveText(/^last seen /);
  const isEnglish = async (days: number): Promise<void> => {
    const written = inEnglish(at, days);
    await expect(title).toHaveText(written.title);
    await expect(list).toHaveText(written.list);
    await expect(seen).toHaveText(`last seen ${written.ago}`);
    await expect(time).toHaveText(/^\d{1,2}:\d{2}\s[AP]M$/);
  };
  for (const days of [3, 8]) {
    await test.step(`${days} days later`, async () => {
      await clock(evening(at, days));
      await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
      await isEnglish(days);
      await switchTo(page, "中文", "Language: 中文");
      const written = inChinese(at, days);
      await expect(title).toHaveText(written.title);
      await expect(list).toHaveText(written.list);
      await expect(seen).toHaveText(`最后在线：${written.ago}`);
      await expect(time).toHaveText(/^\d{1,2}:\d{2}$/);
      await switchTo(page, "English", "语言：English");
      await isEnglish(days);
      expect(await page.evaluate(() => "sameDocument" in globalThis)).toBe(true);
    });
  }
});
