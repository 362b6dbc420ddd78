// Fingers on a touch screen.
import type { Page } from "@playwright/test";

export type Place = { x: number; y: number };

/**
 * A finger of a real touch screen, which the browser may scroll with: it goes through places, one a frame, and is
 * lifted. (Of a finger ten times as fast browsers make a fling, and of the next tap its end.)
 */
export async function swipe(page: Page, places: Place[], between?: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, at?: Place): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] } as never);
  const [first, ...rest] = places;
  await touch("touchStart", first);
  for (const place of rest) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await touch("touchMove", place);
  }
  await between?.();
  await touch("touchEnd");
  await session.detach();
}

/** Places on a straight line. */
export function line(from: Place, to: Place, steps = 12): Place[] {
  return Array.from({ length: steps + 1 }, (_, at) => ({
    x: Math.round(from.x + ((to.x - from.x) * at) / steps),
    y: Math.round(from.y + ((to.y - from.y) * at) / steps),
  }));
}
