import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import {
  composer,
  conversations,
  details,
  log,
  message,
  open,
  openSettings,
  row,
  say,
} from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Everything that can be scrolled sideways, or sticks out of the page. */
async function expectNothingSticksOut(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("body *")]
      .filter((element) => {
        const { overflowX } = getComputedStyle(element);
        const scrolls = element === document.documentElement || /auto|scroll/.test(overflowX);
        return scrolls && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth}`),
  );
  expect(wide, where).toEqual([]);
}

async function expectRoomForAThumb(targets: Locator[]): Promise<void> {
  for (const target of targets) {
    const box = await target.boundingBox();
    // Sums of fractions of pixels: 44 may be 43.999999.
    const side = Math.round(100 * Math.min(box?.width ?? 0, box?.height ?? 0)) / 100;
    expect(side, String(target)).toBeGreaterThanOrEqual(44);
  }
}

/**
 * Everything that can be pressed on what is open has 44 px, across and along, wherever a touch on it lands. Links
 * within words are as high as their line.
 */
async function expectRoomForThumbs(page: Page, where: string): Promise<void> {
  const small = await page.evaluate(() => {
    const THUMB = 44;
    // A little less than half of it: touches are counted in whole pixels. Of what is that large where it lies,
    // browsers give up to two at its edge to its neighbour when it lies between pixels.
    const [REACH, WITHIN] = [21.25, 20];
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const controls = top.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [role=tab]");
    const answers = (control: HTMLElement, x: number, y: number): boolean => {
      const hit = document.elementFromPoint(x, y);
      const label = control.closest("label");
      return hit !== null && (control.contains(hit) || label?.contains(hit) === true);
    };
    return [...controls]
      .filter((control) => control.checkVisibility({ visibilityProperty: true }))
      .filter((control) => !control.closest(".message__body p, .visually-hidden, .skip-link"))
      .filter((control) => !control.matches(":disabled"))
      // What it opens opens by a long press anywhere on the message, too.
      .filter((control) => !control.closest(".message__actions"))
      .flatMap((control) => {
        control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        const target = control.closest("label") ?? control;
        const { left, top, width, height } = target.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const reach = Math.min(width, height) >= THUMB ? WITHIN : REACH;
        const along = [-reach, reach].every((by) => answers(control, x, y + by));
        const across = [-reach, reach].every((by) => answers(control, x + by, y));
        const name = control.getAttribute("aria-label") ?? control.textContent ?? "";
        return along && across
          ? []
          : [`${control.tagName}.${control.className} "${name}": ${width} x ${height}`];
      });
  });
  expect.soft(small, where).toEqual([]);
}

test("on a phone the list and the conversation are screens of their own", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "Look, no keyboard");
  await expect(row(page, "Ben")).toBeVisible();
  await expect(composer(page)).toBeHidden();

  await row(page, "Ben").tap();
  await expect(message(page, "Look, no keyboard")).toBeVisible();
  await expect(conversations(page)).toBeHidden();
  await composer(page).fill("By thumb");
  await page.getByRole("button", { name: "Send" }).tap();
  await expect(message(page, "By thumb")).toBeVisible();

  await page.getByRole("button", { name: "Back" }).tap();
  await expect(conversations(page)).toBeVisible();
  await expect(composer(page)).toBeHidden();
  await expect(row(page, "Ben")).toContainText("By thumb");
  // The browser's own way back is the same one.
  await row(page, "Ben").tap();
  await expect(composer(page)).toBeVisible();
  await page.goBack();
  await expect(row(page, "Ben")).toBeVisible();
  await expect(composer(page)).toBeHidden();
});

test("on a phone nothing sticks out, and buttons have room for a thumb", async ({
  newAccount,
  newBrowser,
  newPerson,
}) => {
  const out = await newBrowser(PHONE);
  await out.goto("/");
  await expect(out.getByRole("textbox", { name: "Username" })).toBeVisible();
  await expectNothingSticksOut(out, "sign in");
  await expectRoomForAThumb([
    out.getByRole("textbox", { name: "Username" }),
    out.getByRole("button", { name: /^(Create account|Sign in)$/ }),
  ]);

  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const name = `Tide${"pool".repeat(15)}`;
  const id = await account.groupWith([ben], name, { description: "d".repeat(200) });
  await out.goto(`/join/${await account.invite(id)}`);
  await expect(out.getByRole("button", { name: "Join as guest" })).toBeVisible();
  await expectNothingSticksOut(out, "invite");
  await expectRoomForAThumb([out.getByRole("button", { name: "Join as guest" })]);

  await ben.send(id, `https://tideline.example/${"a".repeat(300)}`);
  await ben.send(id, "潮".repeat(200));
  await expect(row(page, name)).toBeVisible();
  await expectNothingSticksOut(page, "list");
  await expectRoomForAThumb(
    ["New message", "New group", "Settings", "Search"].map((name) =>
      conversations(page).getByRole("button", { name }),
    ),
  );
  for (const dialog of ["New message", "New group"]) {
    await page.getByRole("button", { name: dialog }).tap();
    await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
    await expectNothingSticksOut(page, dialog);
    await expectRoomForAThumb([page.getByRole("button", { name: "Close" })]);
    await page.getByRole("button", { name: "Close" }).tap();
  }

  await open(page, name);
  await say(page, "w".repeat(500));
  await expect(log(page).getByRole("article")).toHaveCount(3);
  await expectNothingSticksOut(page, "conversation");
  await expectRoomForAThumb(
    ["Back", "Send", "Attach file", "Conversation details"].map((name) =>
      page.getByRole("button", { name }).locator("visible=true"),
    ),
  );
  await expect(composer(page)).toBeInViewport({ ratio: 1 });

  const pane = await details(page);
  await expect(composer(page)).toBeHidden();
  await pane.getByRole("button", { name: "Invite link" }).tap();
  await expect(pane.getByRole("textbox", { name: "Invite link" })).toBeVisible();
  await expectNothingSticksOut(page, "details");
  await expectRoomForAThumb(
    ["Copy", "Leave group", "Close"].map((name) => pane.getByRole("button", { name })),
  );
  await pane.getByRole("button", { name: "Close" }).tap();

  await page.getByRole("button", { name: "Back" }).locator("visible=true").tap();
  await openSettings(page);
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  await expectNothingSticksOut(page, "settings");
  await page.goto("/search");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
  await expectNothingSticksOut(page, "search");
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("heading", { name: "Ben" })).toBeVisible();
  await expectNothingSticksOut(page, "profile");
});

test("on a phone whatever can be pressed has room for a thumb", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", PHONE);
  const ben = await newAccount("Ben");
  const id = await ben.groupWith([account], "Tide pool", { type: "Friends", description: "Low" });
  await ben.sendAll(id, Array.from({ length: 120 }, (_, at) => `Report ${at + 1}.`));
  const seq = await ben.send(id, "See https://tideline.example/ there");
  await account.send(id, "I answer", { reply_to: seq });
  await ben.send(id, "And I answer that", { reply_to: seq });
  await account.conversation(id, { type: "react", seq, emoji: "👍" });
  await ben.conversation(id, { type: "edit", seq, text: "See https://tideline.example/ here" });
  await ben.conversation(id, { type: "pin", seq });
  await ben.call("/api/people", { type: "add_contact", user: account.user });
  await expect(row(page, "Tide pool")).toBeVisible();
  await expectRoomForThumbs(page, "list");
  await page.getByRole("button", { name: "New message" }).tap();
  await page.getByRole("textbox", { name: "Find people" }).fill(ben.userName);
  await expect(page.getByRole("option", { name: /^Ben/ })).toBeVisible();
  await expectRoomForThumbs(page, "new message");
  await page.getByRole("button", { name: "Close" }).tap();

  await open(page, "Tide pool");
  await expect(message(page, "And I answer that")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pinned messages" })).toBeVisible();
  await expectRoomForThumbs(page, "conversation");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link" }).tap();
  await pane.getByRole("button", { name: "Mute for good" }).tap();
  await expect(pane.getByRole("checkbox", { name: "Mute @all too" })).toBeVisible();
  await expectRoomForThumbs(page, "details");

  await page.goto("/settings");
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Change password" })).toBeVisible();
  await expectRoomForThumbs(page, "settings");
  // A newer version is here.
  await page.evaluate(() => dispatchEvent(new Event("tideline-update")));
  await expectRoomForAThumb([page.getByRole("button", { name: "Reload" })]);
  await page.getByRole("button", { name: "Dismiss" }).tap();
  await page.goto("/contacts");
  await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
  await expectRoomForThumbs(page, "contacts");
  await page.goto("/search");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
  await expectRoomForThumbs(page, "search that waits");
  await page.getByRole("searchbox", { name: "Search" }).fill("report");
  await expect(page.getByRole("region").getByRole("link").first()).toBeVisible();
  await expectRoomForThumbs(page, "search");
  await page.goto(`/u/${ben.userName}`);
  await expect(page.getByRole("button", { name: "Nickname and note" })).toBeVisible();
  await expectRoomForThumbs(page, "profile");
});

test("on a phone that lies on its side nothing hides behind the camera or the corners", async ({
  newAccount,
  newPerson,
}) => {
  const side = { width: 844, height: 390 };
  const { account, page } = await newPerson("Ana", { ...PHONE, viewport: side });
  await account.directWith(await newAccount("Ben"));
  const session = await page.context().newCDPSession(page);
  const insets = { left: 47, right: 47 };
  await session.send("Emulation.setSafeAreaInsetsOverride", { insets });
  const between = async (...targets: Locator[]): Promise<void> => {
    for (const target of targets) {
      const { x, width } = (await target.boundingBox()) ?? { x: NaN, width: NaN };
      expect(x, String(target)).toBeGreaterThanOrEqual(47);
      expect(x + width, String(target)).toBeLessThanOrEqual(side.width - 47);
    }
  };
  await expect(row(page, "Ben")).toBeVisible();
  await between(row(page, "Ben"), page.getByRole("button", { name: "Settings" }));
  await open(page, "Ben");
  await between(
    page.getByRole("button", { name: "Conversation details" }),
    page.getByRole("button", { name: "Send", exact: true }),
  );
  const pane = await details(page);
  await between(pane.getByRole("button", { name: "Close" }));
});

test("on a wide screen details stand beside the conversation, and stay there", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const [ben, cleo] = [await newAccount("Ben"), await newAccount("Cleo")];
  for (const peer of [ben, cleo]) await account.directWith(peer);
  await open(page, "Ben");
  const pane = await details(page);
  const main = page.getByRole("main");
  /** Left and right edge. */
  const edges = async (part: Locator): Promise<[number, number]> => {
    const { x, width } = (await part.boundingBox()) ?? { x: NaN, width: NaN };
    return [x, x + width];
  };
  const [list, middle, right] = [
    await edges(conversations(page)),
    await edges(main),
    await edges(page.locator(".pane--details")),
  ];
  expect(list[1]).toBeLessThanOrEqual(middle[0]);
  expect(middle[1]).toBe(right[0]);
  expect(right[1]).toBe(1280);
  await expect(pane.getByRole("heading", { name: "Ben" })).toBeVisible();
  await open(page, "Cleo");
  await expect(pane.getByRole("heading", { name: "Cleo" })).toBeVisible();
  await page.goto("/settings");
  await expect(pane).toBeHidden();
  await open(page, "Ben");
  await expect(pane.getByRole("heading", { name: "Ben" })).toBeVisible();
  await pane.getByRole("button", { name: "Close" }).click();
  await open(page, "Cleo");
  await expect(composer(page)).toBeVisible();
  await page.reload();
  await expect(composer(page)).toBeVisible();
  await expect(pane).toBeHidden();
});

test("on a tablet details lie over the conversation, and go with it", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana", { viewport: { width: 900, height: 1100 } });
  for (const name of ["Ben", "Cleo"]) await account.directWith(await newAccount(name));
  await open(page, "Ben");
  const wide = await page.getByRole("main").boundingBox();
  const pane = await details(page);
  expect(await page.getByRole("main").boundingBox()).toEqual(wide);
  const end = async (): Promise<number> => {
    const over = await page.locator(".pane--details").boundingBox();
    return (over?.x ?? 0) + (over?.width ?? 0);
  };
  // It slides in.
  await expect.poll(end).toBe(900);
  await open(page, "Cleo");
  await expect(pane).toBeHidden();
});

test("on a desktop the list stays beside the conversation", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await account.directWith(ben);
  await open(page, "Ben");
  await expect(conversations(page)).toBeVisible();
  await expect(composer(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Back" })).toBeHidden();
  await expectNothingSticksOut(page, "desktop");
});
