// Motion that explains: what is sent or comes in arrives, and rows of the list go to their new places. Who wants no
// motion sees none.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { conversations, message, open, openSettings, say } from "../support/screens";

/** Watches what is animated: messages and rows of the list, by their words. A busy machine may draw no frame while
 * something moves, so beginnings are listened for as well. */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    const note = (target: Element | null | undefined): void => {
      if (target?.matches(".message, .list__item")) seen.add(target.textContent ?? "");
    };
    const look = (): void => {
      for (const { effect } of document.getAnimations()) note((effect as KeyframeEffect | null)?.target);
      requestAnimationFrame(look);
    };
    for (const begins of ["animationstart", "transitionrun"]) {
      document.addEventListener(begins, ({ target }) => note(target as Element | null), true);
    }
    look();
    return seen;
  });
  return () => seen.evaluate((seen) => [...seen]);
}

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  const moves = reducedMotion === "no-preference";
  test(`messages and rows ${moves ? "move" : "do not move"} with ${reducedMotion}`, async ({
    newAccount,
    newPerson,
  }) => {
    const { account, page } = await newPerson("Ana", { reducedMotion });
    const ben = await newAccount("Ben");
    const pier = await account.groupWith([ben], "Pier");
    const reef = await account.groupWith([ben], "Reef");
    await ben.send(pier, "Before");
    await ben.send(reef, "Before");
    const titles = conversations(page).getByRole("link");
    await expect(titles).toHaveText([/Reef/, /Pier/]);
    await expect(page.locator("[role=tooltip]")).toBeAttached();
    await open(page, "Reef");
    await expect(message(page, "Before")).toBeVisible();
    const seen = await watch(page);
    const has = async (words: string): Promise<boolean> =>
      (await seen()).some((text) => text.includes(words));

    await say(page, "Sent by me");
    await expect(message(page, "Sent by me")).toBeVisible();
    await ben.send(reef, "Come from Ben");
    await expect(message(page, "Come from Ben")).toBeVisible();
    await ben.send(pier, "Boats are in");
    await expect(titles).toHaveText([/Pier/, /Reef/]);
    for (const words of ["Sent by me", "Come from Ben", "Pier"]) {
      await expect.poll(() => has(words), words).toBe(moves);
    }
    // What was there before stays where it is.
    const still = (await seen()).filter((text) => /^Ben Before/.test(text));
    expect(still).toEqual([]);
  });
}

/** Properties that a browser animates without finding out anew where everything stands, sixty times a second. */
const LIGHT = /^(transform|translate|scale|rotate|opacity|(background-|border-.*)?color|fill|stroke|stroke-dashoffset)$/;

test("whatever moves, nothing else has to be laid out for it", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  // The style of later screens, too.
  await openSettings(page);
  await expect.poll(() => page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(1);
  const animated = await page.evaluate(() => {
    const found = new Set<string>();
    const names = (style: CSSStyleDeclaration): string[] => Array.from(style);
    const read = (rule: CSSRule): void => {
      if (rule instanceof CSSKeyframeRule) names(rule.style).forEach((name) => found.add(name));
      else if (rule instanceof CSSStyleRule) {
        rule.style.transitionProperty.split(/, */).forEach((name) => found.add(name));
      }
      if ("cssRules" in rule) Array.from(rule.cssRules as CSSRuleList).forEach(read);
    };
    for (const sheet of Array.from(document.styleSheets)) Array.from(sheet.cssRules).forEach(read);
    return [...found].filter((name) => name !== "" && name !== "none");
  });
  expect(animated).toEqual(expect.arrayContaining(["transform", "opacity", "background-color"]));
  expect(animated.filter((name) => !LIGHT.test(name))).toEqual([]);
});
