// Nothing jumps while the app loads: what is drawn stays where it was drawn, until the person does something.
import type { Page } from "@playwright/test";
import type { Account } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, conversations, heard, message } from "../support/screens";

/** Parts of the page that moved by themselves: how much of it that was, and from where to where. */
type Shift = { value: number; moved: string[] };

/** Writes down from the first paint on what moves by itself, as the browser itself sees it. */
async function watch(page: Page): Promise<() => Promise<Shift[]>> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: Source[] };
    type Source = { node?: Node; previousRect: DOMRect; currentRect: DOMRect };
    const place = ({ x, y, width, height }: DOMRect): string => `${x},${y} ${width}x${height}`;
    const nameOf = ({ node, previousRect, currentRect }: Source): string => {
      const name = node instanceof Element ? `${node.tagName}.${node.className}` : String(node?.textContent);
      return `${name} from ${place(previousRect)} to ${place(currentRect)}`;
    };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Entry[]) {
        if (!hadRecentInput) shifts.push({ value, moved: sources.map(nameOf) });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
}

/** What Ana sees: a dozen conversations, and one with enough in it to scroll. */
async function pools(ana: Account, ben: Account): Promise<string> {
  for (let number = 1; number <= 12; number += 1) {
    const id = await ana.createGroup(`Pool ${number}`);
    await ana.send(id, `Number ${number}`);
  }
  const id = await ana.directWith(ben);
  await ben.sendAll(id, Array.from({ length: 40 }, (_, at) => `Wave ${at + 1}. ${"over the rocks ".repeat(at % 9)}`));
  await ben.send(id, "The last wave");
  return id;
}

for (const [what, viewport] of [
  ["a desktop", { width: 1280, height: 800 }],
  ["a phone", { width: 390, height: 844 }],
] as const) {
  test(`nothing jumps on ${what} while the app loads, with nothing kept or with all of it`, async ({
    newAccount,
    newDevice,
    newBrowser,
  }) => {
    const [ana, ben] = [await newAccount("Ana"), await newAccount("Ben")];
    const id = await pools(ana, ben);
    const signedIn = await newDevice(ana, { viewport });
    await heard(signedIn, "Ben", "The last wave");
    const { cookies } = await signedIn.context().storageState();
    const page = await newBrowser({ viewport });
    await page.context().addCookies(cookies);
    const shifts = await watch(page);

    const settled = async (): Promise<void> => {
      await expect(page.locator("[data-state=online]").first()).toBeAttached();
      // The code of later screens is the last thing that is fetched by itself.
      await expect(page.locator("[role=tooltip]")).toBeAttached();
      expect(await shifts()).toEqual([]);
    };
    for (const visit of ["the first", "the second"]) {
      await test.step(`${visit} visit to a conversation`, async () => {
        await page.goto(`/c/${id}`);
        await expect(message(page, "The last wave")).toBeVisible();
        await expect(composer(page)).toBeVisible();
        await settled();
      });
      await test.step(`${visit} visit to the list`, async () => {
        await page.goto("/");
        await expect(conversations(page).getByRole("link")).not.toHaveCount(0);
        await settled();
      });
      await test.step(`${visit} visit to the settings`, async () => {
        await page.goto("/settings");
        await expect(page.getByRole("textbox", { name: "Display name" })).toBeVisible();
        await settled();
      });
    }
  });
}
