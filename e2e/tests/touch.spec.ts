// On a phone: fingers, and the keyboard on the screen.
import type { Page } from "@playwright/test";
import { line, swipe } from "../support/fingers";
import { expect, test } from "../support/fixtures";
import { composer, conversations, details, heard, log, message, open, row } from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

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
  await heard(page, "Tide pool", "wide");
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
  // It went back: what was left is not behind the list.
  await page.goForward();
  await expect(composer(page)).toBeVisible();
  await expect.poll(() => left(page)).toBe(0);
});

test("a finger goes back to where one came from: from details to the conversation, from a hit to the search", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "The lighthouse keeper");
  await heard(page, "Ben", "The lighthouse keeper");
  await page.getByRole("button", { name: "Search" }).tap();
  await page.getByRole("searchbox", { name: "Search" }).fill("lighthouse");
  await page.getByRole("link", { name: /The lighthouse keeper/ }).tap();
  await expect(message(page, "The lighthouse keeper")).toBeVisible();
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  const back = (): Promise<void> => swipe(page, line({ x: 6, y: 300 }, { x: 260, y: 310 }));

  const pane = await details(page);
  await back();
  await expect(pane).toBeHidden();
  await expect(message(page, "The lighthouse keeper")).toBeVisible();
  await expect.poll(() => left(page)).toBe(0);
  await back();
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("lighthouse");
  await expect.poll(() => left(page)).toBe(0);
  await page.getByRole("link", { name: /The lighthouse keeper/ }).tap();
  await expect(composer(page)).toBeVisible();
  await page.getByRole("button", { name: "Back" }).locator("visible=true").tap();
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
  await page.getByRole("button", { name: "Back" }).locator("visible=true").tap();
  await expect(conversations(page)).toBeVisible();

  // Who came from elsewhere goes to the list, and from there not back to what they left.
  await page.goto(`/c/${id}`);
  await expect(message(page, "The lighthouse keeper")).toBeVisible();
  await page.getByRole("button", { name: "Back" }).locator("visible=true").tap();
  await expect(conversations(page)).toBeVisible();
  await page.goBack();
  await expect(composer(page)).toBeHidden();
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

test("a long press opens the menu of a conversation in the list, and not the conversation", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  await account.directWith(await newAccount("Ben"));
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  // As on Apple's phones, where a finger that rests asks for nothing by itself.
  await page.evaluate(() => {
    const mute = (event: Event): void => {
      if (event.isTrusted) event.stopImmediatePropagation();
    };
    addEventListener("contextmenu", mute, { capture: true });
  });
  const box = await row(page, "Ben").boundingBox();
  if (!box) throw new Error("the row has a place");
  const session = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  const pin = page.getByRole("menuitem", { name: "Pin to the top" });
  await expect(pin).toBeVisible();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect(pin).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await pin.tap();
  await expect(row(page, "Ben")).toHaveAccessibleName(/pinned/i);
  await row(page, "Ben").tap();
  await expect(composer(page)).toBeVisible();
});
