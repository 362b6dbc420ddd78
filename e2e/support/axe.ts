// What keeps people out: axe looks at what is on the screen, in both themes, on a desk and on a phone.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What the theme decides; all else is the same in both. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Runs in the page: what is animated right now. */
function moving(): string[] {
  const running = document.getAnimations().filter(({ playState }) => playState === "running");
  return running.map(({ effect }) => (effect as KeyframeEffect | null)?.target?.className ?? "");
}

/** What keeps people out, however little. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => page.evaluate(moving), `${where} comes to rest`).toEqual([]);
      // The app has no frames, which the other mode is for.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const judged =
        colorScheme === "light"
          ? axe.options({
              runOnly: { type: "tag", values: TAGS },
              rules: { "target-size": { enabled: true } },
            })
          : axe.withRules(COLOURS);
      const { violations } = await judged.analyze();
      const told = violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => String(target))]);
      expect.soft(told, `${where}, ${size}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.setViewportSize(SIZES.desk);
}
