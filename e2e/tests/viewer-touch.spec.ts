// The viewer under a finger.
import type { Locator, Page } from "@playwright/test";
import { attach, picture, sendButton } from "../support/files";
import { line, swipe } from "../support/fingers";
import { expect, test } from "../support/fixtures";
import { composer, message, open, sent } from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const PICTURES = ["one.png", "two.png"] as const;

const viewer = (page: Page, name: string): Locator => page.getByRole("dialog", { name });
const image = (page: Page, name: string): Locator => viewer(page, name).locator("img");

test("a finger turns to the next picture and back, and pulls the viewer away", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben", PHONE)];
  const { page } = ben;
  await ana.page.goto(`/c/${await ana.account.directWith(ben.account)}`);
  await attach(ana.page, [
    await picture(ana.page, PICTURES[0], 320, 200),
    await picture(ana.page, PICTURES[1], 600, 900),
  ]);
  await composer(ana.page).fill("From the pier");
  await expect(sendButton(ana.page)).toBeEnabled();
  await sendButton(ana.page).click();
  await expect(sent(message(ana.page, "From the pier"))).toBeAttached();

  await open(page, "Ana");
  const [one, two] = PICTURES;
  await message(page, "From the pier").getByRole("button", { name: `Open ${one}` }).tap();
  await expect(image(page, one)).toBeVisible();
  const place = (name: string): Promise<number> =>
    image(page, name).evaluate((img) => img.getBoundingClientRect().left);
  const rest = await place(one);
  const aside = (by: number) => line({ x: 200, y: 400 }, { x: 200 + by, y: 410 });

  // It follows the finger, and comes back where that does not go far.
  await swipe(page, [...aside(-100), { x: 190, y: 410 }], () => expect.poll(() => place(one)).toBe(rest - 10));
  await expect.poll(() => place(one)).toBe(rest);
  // There is nothing before the first.
  await swipe(page, aside(120));
  await expect.poll(() => place(one)).toBe(rest);
  await expect(image(page, one)).toBeVisible();

  await swipe(page, aside(-120));
  await expect(image(page, two)).toBeVisible();
  await swipe(page, aside(120));
  await expect(image(page, one)).toBeVisible();

  // Near, a finger moves the picture.
  await swipe(page, aside(-120));
  await viewer(page, two).getByRole("button", { name: "Zoom in" }).tap();
  await viewer(page, two).getByRole("button", { name: "Zoom in" }).tap();
  const stage = viewer(page, two).locator(".viewer__stage");
  const scrolled = (): Promise<number> => stage.evaluate((stage) => stage.scrollLeft);
  await expect.poll(scrolled).toBeGreaterThan(0);
  const before = await scrolled();
  await swipe(page, aside(-100));
  await expect.poll(scrolled).toBeGreaterThan(before);
  await expect(image(page, two)).toBeVisible();
  await image(page, two).tap();
  await expect.poll(scrolled).toBe(0);

  await swipe(page, line({ x: 200, y: 300 }, { x: 205, y: 420 }));
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(message(page, "From the pier")).toBeVisible();
});
