import config from "../playwright.config";
import { expectAccessible } from "../support/axe";
import { expect, test } from "../support/fixtures";
import { log, open, row } from "../support/screens";

const launch = config.use?.launchOptions;
const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
test.use({ launchOptions: { ...launch, args: [...(launch?.args ?? []), ...microphone] } });

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
