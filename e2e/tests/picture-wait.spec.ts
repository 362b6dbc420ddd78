// What stands for a picture until it has come: few of its colours, in the place that it will take.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { composer, looks, type Looks, message, open, sent } from "../support/screens";

type Colour = [number, number, number];

const SEA: Colour = [44, 127, 158];
const SAND: Colour = [226, 207, 164];
const MAST: Colour = [180, 30, 24];
/** Colours that differ by less are the same to an eye. */
const ALIKE = 40;

/** A picture of this size: sea above, sand below, and a mast that is too thin for few colours. */
async function picture(page: Page, name: string, width: number, height: number) {
  const data = await page.evaluate(
    ({ width, height, colours }) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      const [sea, sand, mast] = colours.map((colour) => `rgb(${colour.join()})`);
      const parts = [
        [sea, 0, 0, 1, 0.5],
        [sand, 0, 0.5, 1, 0.5],
        [mast, 0.48, 0, 0.04, 1],
      ] as const;
      for (const [colour, x, y, wide, high] of parts) {
        context.fillStyle = colour ?? "";
        context.fillRect(x * width, y * height, wide * width, high * height);
      }
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    },
    { width, height, colours: [SEA, SAND, MAST] },
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** How far the colour at a place, from 0 to 1 across and along, is from another one. */
function apart({ colours, width, height }: Looks, [x, y]: [number, number], from: Colour): number {
  const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
  return Math.max(...from.map((part, of) => Math.abs(part - (colours[at + of] ?? 0))));
}

test("pictures are seen by their colours before they have come, and come into their place", async ({
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  const chooser = ana.page.waitForEvent("filechooser");
  await ana.page.getByRole("button", { name: "Attach file" }).click();
  await (await chooser).setFiles([
    await picture(ana.page, "small.png", 320, 200),
    await picture(ana.page, "large.png", 2000, 1000),
    await picture(ana.page, "tall.png", 300, 900),
  ]);
  await composer(ana.page).fill("Three boats");
  await expect(ana.page.getByRole("list", { name: "Files" }).getByRole("listitem")).toHaveCount(3);
  await expect(ana.page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await composer(ana.page).press("Enter");
  await expect(sent(message(ana.page, "Three boats"))).toBeAttached();

  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  await ben.page.route("**/api/**/files/**", (route) => held.then(() => route.continue()));
  await open(ben.page, "Ana");
  const said = message(ben.page, "Three boats");
  const pictures = said.locator(".picture");
  await expect(pictures).toHaveCount(3);
  await expect(said.locator("img[data-come=false]")).toHaveCount(3);
  await expect(said.locator("canvas")).toHaveCount(3);
  // Where they are in their message: to look at them one after the other scrolls it.
  const places = (): Promise<number[][]> =>
    said.evaluate((said) =>
      [said, ...said.querySelectorAll(".picture")].map((part) => {
        const [from, { x, y, width, height }] = [said.getBoundingClientRect(), part.getBoundingClientRect()];
        return [x - from.x, y - from.y, width, height].map(Math.round);
      }),
    );
  const before = await places();
  for (const one of await pictures.all()) {
    // The mast is not there yet: what is seen is not the picture.
    for (const x of [0.25, 0.5, 0.75]) {
      await expect.poll(async () => apart(await looks(one), [x, 0.15], SEA)).toBeLessThan(ALIKE);
      await expect.poll(async () => apart(await looks(one), [x, 0.85], SAND)).toBeLessThan(ALIKE);
    }
  }
  await expect(said.locator("img[data-come=false]")).toHaveCount(3);
  expect(await places()).toEqual(before);

  letGo();
  await expect(said.locator("img[data-come=true]")).toHaveCount(3);
  expect(await places()).toEqual(before);
  for (const one of await pictures.all()) {
    await expect.poll(async () => apart(await looks(one), [0.5, 0.15], MAST)).toBeLessThan(ALIKE);
    await expect.poll(async () => apart(await looks(one), [0.25, 0.85], SAND)).toBeLessThan(ALIKE);
  }
});
