// On a phone: fingers, and the keyboard on the screen.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, conversations, log, message, open } from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

type Place = { x: number; y: number };

/** A finger of a real touch screen, which the browser may scroll with: it goes through places and is lifted. */
async function swipe(page: Page, places: Place[], between?: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, at?: Place): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] } as never);
  const [first, ...rest] = places;
  await touch("touchStart", first);
  for (const place of rest) await touch("touchMove", place);
  await between?.();
  await touch("touchEnd");
  await session.detach();
}

/** Places on a straight line. */
function line(from: Place, to: Place, steps = 12): Place[] {
  return Array.from({ length: steps + 1 }, (_, at) => ({
    x: Math.round(from.x + ((to.x - from.x) * at) / steps),
    y: Math.round(from.y + ((to.y - from.y) * at) / steps),
  }));
}

/** Where what is open stands. */
function left(page: Page): Promise<number> {
  return page.getByRole("main").evaluate((pane) => pane.getBoundingClientRect().left);
}

test("a finger from the edge takes a conversation back to the list", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.groupWith([ben], "Tide pool");
  const wide = `\`\`\`\n${"wide ".repeat(60)}\n\`\`\``;
  await ben.sendAll(id, [...Array.from({ length: 40 }, (_, at) => `Wave ${at}.`), wide]);
  await open(page, "Tide pool");
  await expect(message(page, "wide")).toBeVisible();
  // The code that follows fingers comes when the app has come to rest.
  await expect(page.locator("[role=tooltip]")).toBeAttached();

  // The screen follows, shows the list below, and goes back where it does not go far.
  await swipe(page, [...line({ x: 6, y: 400 }, { x: 90, y: 404 }), { x: 88, y: 404 }], async () => {
    await expect.poll(() => left(page)).toBeGreaterThan(60);
    await expect(conversations(page)).toBeVisible();
  });
  await expect.poll(() => left(page)).toBe(0);
  await expect(conversations(page)).toBeHidden();
  await expect(composer(page)).toBeVisible();

  // Up and down is scrolling, also from the edge, and so is across in code that is wide.
  const top = (): Promise<number> => log(page).evaluate((log) => log.scrollTop);
  const before = await top();
  await swipe(page, line({ x: 6, y: 300 }, { x: 60, y: 700 }));
  await expect.poll(top).toBeLessThan(before);
  await expect(composer(page)).toBeVisible();
  expect(await left(page)).toBe(0);
  await log(page).evaluate((log) => log.scrollTo(0, log.scrollHeight));
  const code = message(page, "wide").locator("pre");
  await code.scrollIntoViewIfNeeded();
  // What the finger set going runs on for a while; it is where it is measured once it stands still.
  await code.click({ trial: true });
  const box = await code.boundingBox();
  if (!box) throw new Error("the code has a place");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await swipe(page, line(middle, { x: middle.x - 120, y: middle.y }));
  await expect.poll(() => code.evaluate((code) => code.scrollLeft)).toBeGreaterThan(20);
  // From the middle nothing is moved, either.
  await swipe(page, line({ x: 190, y: 300 }, { x: 380, y: 300 }));
  await expect(composer(page)).toBeVisible();

  await swipe(page, line({ x: 6, y: 300 }, { x: 260, y: 310 }));
  await expect(conversations(page)).toBeVisible();
  await expect(composer(page)).toBeHidden();
  await expect(page).toHaveURL(/\/$/);
  await page.goBack();
  await expect(composer(page)).toBeVisible();
  await expect.poll(() => left(page)).toBe(0);
});

test("who wants no motion goes back by a finger without any", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { ...PHONE, reducedMotion: "reduce" });
  await account.directWith(await newAccount("Ben"));
  await open(page, "Ben");
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  await swipe(page, line({ x: 6, y: 300 }, { x: 260, y: 310 }), async () => {
    expect(await left(page)).toBe(0);
  });
  await expect(conversations(page)).toBeVisible();
  await expect(composer(page)).toBeHidden();
});

test("a keyboard on the screen never covers where one writes", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  await account.directWith(await newAccount("Ben"));
  await open(page, "Ben");
  const keyboard = (height: number): Promise<void> =>
    page.evaluate((height) => {
      const view = window.visualViewport;
      Object.defineProperty(view, "height", { configurable: true, value: innerHeight - height });
      view?.dispatchEvent(new Event("resize"));
    }, height);
  const end = (): Promise<number> =>
    composer(page).evaluate((field) => field.getBoundingClientRect().bottom);
  // As Safari does it: the page stays as it is, and less of it is seen.
  await keyboard(336);
  await expect.poll(end).toBeLessThan(844 - 336);
  await expect(composer(page)).toBeInViewport({ ratio: 1 });
  await keyboard(0);
  await expect.poll(end).toBeGreaterThan(844 - 100);
  // As the others do: the page is smaller.
  await page.setViewportSize({ width: 390, height: 844 - 336 });
  await expect.poll(end).toBeLessThan(844 - 336);
});

test("a long press opens the menu of a message", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "Press me");
  await open(page, "Ben");
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  const box = await message(page, "Press me").locator(".message__bubble").boundingBox();
  if (!box) throw new Error("the message has a place");
  const session = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + 30, y: box.y + box.height / 2 }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect(page.getByRole("menuitem", { name: "Reply" })).toBeVisible();
  // Lifted where the menu came up, it pressed nothing; the next touch does.
  await expect(page.getByRole("button", { name: "Cancel" })).toBeHidden();
  await page.getByRole("menuitem", { name: "Reply" }).tap();
  await expect(page.getByRole("menu")).toBeHidden();
});
