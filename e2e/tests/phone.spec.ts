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
