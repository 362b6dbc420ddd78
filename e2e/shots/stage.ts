// Where pictures are taken: how large, and of what a story has said by then.
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Account } from "../support/api";
import { retime, type Story, type Talk, times } from "./story";

export const FOLDER = resolve(process.env["TIDELINE_SHOTS"] ?? join(__dirname, "../../target/shots"));

export const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  },
} as const;

/** Everybody says what the story has for them; returns the ids of the talks. */
export async function tell(me: Account, others: Record<string, Account>, talks: Talk[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { title, group, lines } of talks) {
    const peer = Object.values(others).find(({ displayName }) => displayName === title);
    const id =
      group || !peer
        ? await me.groupWith(Object.values(others), title, group)
        : await me.directWith(peer);
    for (const { by, text } of lines) await (others[by] ?? me).send(id, text);
    ids.push(id);
  }
  return ids;
}

/** Makes the page believe that the story took days. */
export async function spread(page: Page, story: Story): Promise<void> {
  const said = times(story, Date.now());
  const start = Math.min(...said.values()) - 3_600_000;
  await page.context().routeWebSocket(/\/api\//, (socket) => {
    const service = socket.connectToServer();
    service.onMessage((frame) => {
      const text = String(frame);
      if (!text.startsWith("{")) return socket.send(frame);
      socket.send(JSON.stringify(retime(JSON.parse(text), said, start)));
    });
  });
}
