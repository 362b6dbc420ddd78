// What a screen reader says of a conversation by itself: what others say there now, and nothing else.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { count, log, message, openRead, say, state } from "../support/screens";

/** Writes down everything that is said from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const status = page.getByRole("status", { name: "New messages" });
  await expect(status).toBeAttached();
  const heard = await status.evaluateHandle((status) => {
    const heard: string[] = [];
    const hear = () => heard.push(status.textContent ?? "");
    new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
    return heard;
  });
  return async () => (await heard.jsonValue()).filter((text) => text.trim() !== "").map((text) => text.trim());
}

test("what others say in an open conversation is said aloud, once, and nothing else is", async ({
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ben.account.sendAll(id, count("Before", 1, 150));
  await openRead(ana.page, ana.account, [id, "Ben"], [150, "Before 150."]);
  await expect(log(ana.page)).toHaveAttribute("aria-live", "off");
  const heard = await listen(ana.page);

  await ben.account.send(id, "The **tide** is out");
  await expect.poll(heard).toEqual(["Ben: The tide is out"]);
  // One's own words, how far they are, and what is done to messages.
  await say(ana.page, "I am coming");
  await ben.page.goto(`/c/${id}`);
  await expect(state(message(ana.page, "I am coming"), "Read")).toBeAttached();
  await ben.account.conversation(id, { type: "react", seq: 152, emoji: "🎉" });
  await ben.account.conversation(id, { type: "edit", seq: 151, text: "The tide is in" });
  await expect(message(ana.page, "The tide is in")).toContainText("edited");
  // Older pages.
  await expect
    .poll(async () => {
      await log(ana.page).evaluate((log) => log.scrollTo(0, 0));
      return message(ana.page, "Before 1.").count();
    })
    .toBe(1);
  await ana.page.getByRole("button", { name: /Jump to newest/ }).click();
  await expect(message(ana.page, "I am coming")).toBeInViewport();
  await ben.account.send(id, "Bring a lamp");
  await expect.poll(heard).toEqual(["Ben: The tide is out", "Ben: Bring a lamp"]);

  // Many at once are counted.
  await ben.account.sendAll(id, count("Quick", 1, 8));
  await expect(message(ana.page, "Quick 8.")).toBeVisible();
  const told = async (): Promise<number[]> => {
    const counted = (text: string) => Number(/^(\d+) new/.exec(text)?.[1] ?? text.split("\n").length);
    return (await heard()).slice(2).map(counted);
  };
  await expect.poll(async () => (await told()).reduce((sum, one) => sum + one, 0)).toBe(8);
  expect((await told()).length).toBeLessThan(4);
});
