// Whoever lands far up in a long conversation reads on from there, up and down; only the wheel moves them.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { count, log, message, openRead } from "../support/screens";

/** All messages, the one that is gone to, and how far it is read from there in both directions. */
const [TOTAL, GOAL, FAR] = [2_000, 1_000, 200];
/** The wheel turns by so many pixels: less than the screen is high, so that every message is seen. */
const TURN = 300;
/** What rounding takes. */
const STILL = 1.5;

/** What somebody sees who looks at every frame. */
type Eye = {
  /** The messages that were on the screen. */
  seen: Set<number>;
  /** Rows that do not follow each other, vanish under the eye, or say what another one says. */
  gaps: Set<string>;
  /** The ways of the row in the middle, in pixels, as the wheel counts them: down is more. */
  moves: number[];
  /** For so many frames nothing has moved, and nothing was on its way. */
  rest: number;
};

/** Looks at the page from now on, as its `eye`. */
async function watch(page: Page): Promise<void> {
  await log(page).evaluate((scroller) => {
    const eye: Eye = { seen: new Set(), gaps: new Set(), moves: [], rest: 0 };
    Object.assign(window, { eye });
    let held: { seq: number; top: number } | undefined;
    const look = (): void => {
      const view = scroller.getBoundingClientRect();
      const rows = [...scroller.querySelectorAll("article")].map((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return { seq: Number(row.dataset.seq), top, bottom, text: row.textContent ?? "" };
      });
      rows.forEach(({ seq }, at) => {
        const before = rows[at - 1]?.seq;
        if (before !== undefined && seq !== before + 1) eye.gaps.add(`${before}, ${seq}`);
      });
      const shown = rows.filter(({ top, bottom }) => bottom > view.top && top < view.bottom);
      for (const { seq, text } of shown) {
        eye.seen.add(seq);
        if (!text.includes(`wave ${seq}.`)) eye.gaps.add(`${seq} says ${text}`);
      }
      const now = rows.find(({ seq }) => seq === held?.seq);
      if (held && !now) eye.gaps.add(`${held.seq} vanished`);
      const move = held && now ? held.top - now.top : 0;
      const moved = Math.abs(move) >= 0.5;
      if (moved) eye.moves.push(move);
      const waits = scroller.querySelector(".spinner") !== null;
      eye.rest = moved || waits ? 0 : eye.rest + 1;
      held = shown.find(({ bottom }) => bottom > view.top + view.height / 2);
      requestAnimationFrame(look);
    };
    look();
  });
}

/** Turns the wheel once, or not at all; the ways of the row under the eye until it has come to rest. */
async function turn(page: Page, by: number): Promise<number[]> {
  // At the edge of what is here the wheel may find nothing to move.
  const free = await log(page).evaluate((scroller, by) => {
    Object.assign(Reflect.get(window, "eye") as Eye, { moves: [], rest: 0 });
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    return by !== 0 && (by < 0 ? scroller.scrollTop : below) >= 1;
  }, by);
  if (by !== 0) await page.mouse.wheel(0, by);
  return page.evaluate(
    (free) =>
      new Promise<number[]>((done) => {
        const eye = Reflect.get(window, "eye") as Eye;
        const wait = (): void => {
          const rests = eye.rest > 10 && (eye.moves.length > 0 || !free);
          if (rests) done(eye.moves);
          else requestAnimationFrame(wait);
        };
        wait();
      }),
    free,
  );
}

/** Goes on by the wheel until a message has been seen; what moved on the way otherwise than by the wheel. */
async function readOn(page: Page, until: number, by: number): Promise<string[]> {
  const strays: string[] = [];
  const seen = (): Promise<boolean> =>
    page.evaluate((seq) => (Reflect.get(window, "eye") as Eye).seen.has(seq), until);
  while (!(await seen())) {
    const moves = await turn(page, by);
    const way = moves.reduce((sum, move) => sum + move, 0);
    const back = moves.filter((move) => move * Math.sign(by) < -STILL);
    const off = back.length > 0 || Math.abs(way) > Math.abs(by) + STILL;
    if (off) strays.push(`${by}: ${moves.map((move) => move.toFixed(1)).join(" ")}`);
  }
  return strays;
}

test("from an old message one reads on in both directions without a gap or a jump", async ({
  newAccount,
  newPerson,
}) => {
  test.setTimeout(400_000);
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, TOTAL));
  await account.conversation(id, { type: "pin", seq: GOAL });
  await openRead(page, account, [id, "Ben"], [TOTAL, `wave ${TOTAL}.`]);

  await page.getByRole("button", { name: `Pinned message wave ${GOAL}.` }).click();
  await expect(message(page, `wave ${GOAL}.`)).toBeInViewport({ ratio: 1 });
  await watch(page);
  expect(await turn(page, 0), "what comes around it moves nothing").toEqual([]);
  await log(page).hover();
  expect(await readOn(page, GOAL - FAR, -TURN), "up").toEqual([]);
  expect(await readOn(page, GOAL + FAR, TURN), "down").toEqual([]);

  const { seen, gaps } = await page.evaluate(() => {
    const { seen, gaps } = Reflect.get(window, "eye") as Eye;
    return { seen: [...seen].sort((one, other) => one - other), gaps: [...gaps] };
  });
  expect(gaps).toEqual([]);
  const [first = 0, last = 0] = [seen[0], seen.at(-1)];
  expect(first).toBeLessThanOrEqual(GOAL - FAR);
  expect(last).toBeGreaterThanOrEqual(GOAL + FAR);
  expect(seen).toEqual(Array.from({ length: last - first + 1 }, (_, at) => first + at));
  // The way on to the newest is still there.
  await page.getByRole("button", { name: "Jump to newest" }).click();
  await expect(message(page, `wave ${TOTAL}.`)).toBeInViewport();
});
