import config from "../playwright.config";
import { expectAccessible } from "../support/axe";
import type { Locator } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, log, message, open, row, say, sent, state } from "../support/screens";

const launch = config.use?.launchOptions;
const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
test.use({ launchOptions: { ...launch, args: [...(launch?.args ?? []), ...microphone] } });

/** How high the bars of a player's waveform are. */
async function bars(player: Locator): Promise<number[]> {
  const path = (await player.locator(".voice__waves > path").getAttribute("d")) ?? "";
  return [...path.matchAll(/v([\d.]+)/g)].map(([, height]) => Number(height));
}

test("a voice message is recorded, sent and played", async ({ newPerson }) => {
  const ana = await newPerson("Ana", { permissions: ["microphone"] });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  await ana.page.getByRole("button", { name: "Record a voice message" }).click();
  const timer = ana.page.getByRole("timer");
  await expect(timer).toHaveText("0:02");
  await ana.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(timer).toBeHidden();
  await expect(log(ana.page).getByRole("group", { name: "Voice message" })).toBeVisible();

  await expect(row(ben.page, "Ana")).toContainText("Voice message");
  await open(ben.page, "Ana");
  const player = log(ben.page).getByRole("group", { name: "Voice message" });
  // The microphone of the test beeps: there is something to be seen, and it is not all the same.
  const { messages } = (await ben.account.conversation(id, { type: "history" })) as {
    messages: { body: { files: { waveform: number[] }[] } }[];
  };
  const waveform = messages[0]?.body.files[0]?.waveform ?? [];
  expect(waveform.length).toBeGreaterThan(10);
  expect(Math.max(...waveform)).toBeGreaterThan(Math.min(...waveform));
  await expect(player).toBeVisible();
  const drawn = await bars(player);
  expect(drawn).toHaveLength(48);
  expect(Math.max(...drawn)).toBeGreaterThan(Math.min(...drawn));
  await ben.page.emulateMedia({ reducedMotion: "reduce" });
  await expectAccessible(ben.page, "voice message");
  await player.getByRole("button", { name: "Play" }).click();
  await expect(player.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(player.getByRole("button", { name: "Play" })).toBeVisible();

  // Found without any words, it says what it is.
  await ben.page.goto("/search");
  await ben.page.getByRole("searchbox", { name: "Search" }).fill("has:voice");
  await expect(ben.page.getByRole("region").getByRole("link")).toHaveText(/^Ana.*Voice message$/);

  // Thrown away, nothing is sent.
  await ana.page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(timer).toHaveText("0:01");
  await ana.page.getByRole("button", { name: "Cancel" }).click();
  await expect(timer).toBeHidden();
  await expect(log(ana.page).getByRole("article")).toHaveCount(1);
});

test("a voice message without a network waits, survives a reload, keeps its quote and can be given up", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url, permissions: ["microphone"] });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ben.account.send(id, "How is the tide?");
  const { page } = ana;
  await open(page, "Ben");
  await open(ben.page, "Ana");
  await expect(connection(page)).toHaveText("Online");
  const timer = page.getByRole("timer");
  const record = async (): Promise<void> => {
    await page.getByRole("button", { name: "Record a voice message" }).click();
    await expect(timer).toHaveText("0:01");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(timer).toBeHidden();
  };
  const voices = log(page).getByRole("article").filter({ has: page.getByRole("group", { name: "Voice message" }) });
  // Once, so that what records is here.
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await expect(timer).toHaveText("0:01");
  await page.getByRole("button", { name: "Cancel" }).click();

  line.cut();
  await expect(connection(page)).not.toHaveText("Online");
  await message(page, "How is the tide?").getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name: "Reply" }).click();
  await record();
  await record();
  await expect(voices).toHaveCount(2);
  await expect(voices.first()).toContainText("How is the tide?");
  for (const voice of await voices.all()) {
    await expect(state(voice, "Sending")).toBeAttached();
    await expect(voice.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  }
  await say(page, "I will tell you");
  // Given up, it is never sent.
  await voices.nth(1).getByRole("button", { name: "Cancel" }).click();
  await expect(voices).toHaveCount(1);

  await page.reload();
  await expect(voices).toHaveCount(1);
  await expect(voices.first()).toContainText("How is the tide?");
  line.mend();
  await expect(sent(voices.first())).toBeAttached();
  await expect(sent(message(page, "I will tell you"))).toBeAttached();
  const articles = log(ben.page).getByRole("article");
  await expect(articles).toHaveCount(3);
  await expect(articles.nth(1)).toContainText("How is the tide?");
  await expect(articles.nth(1).getByRole("group", { name: "Voice message" })).toBeVisible();
  await expect(articles.nth(2)).toContainText("I will tell you");
});
