// Where a reader is in a conversation, and how far something takes them from there.
import type { Locator } from "@playwright/test";

/** Scrolls so that a message is the first that can be seen as a whole. */
export async function readFrom(message: Locator): Promise<void> {
  await message.evaluate((row) => {
    row.scrollIntoView({ block: "start" });
    row.closest("[role=log]")?.scrollBy(0, -12);
  });
  await painted(message);
}

/** How many pixels a message stands lower on the screen, or higher, after something was done. */
export async function moved(message: Locator, change: () => Promise<unknown>): Promise<number> {
  const top = (): Promise<number> => message.evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  await change();
  await painted(message);
  return Math.abs((await top()) - before);
}

/** What was done by now is on the screen. */
async function painted(at: Locator): Promise<void> {
  await at.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
