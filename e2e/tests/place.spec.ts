// Whoever reads in the middle of a conversation keeps their line, whatever happens above it.
import { expect, test } from "../support/fixtures";
import { moved, readFrom } from "../support/place";
import { count, details, log, message, open, openRead, sent } from "../support/screens";

/** A pixel is what rounding takes. */
const STILL = 1.5;
const LONG = "The water was over the wall before anybody looked up from their tea. ".repeat(12);

test("a reader in the middle keeps their line while messages above change", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 60));
  await openRead(page, account, [id, "Ben"], [60, "wave 60."]);
  const line = message(page, "wave 40.");
  await readFrom(line);
  await expect(page.getByRole("button", { name: "Jump to newest" })).toBeVisible();

  const edited = await moved(line, async () => {
    await ben.conversation(id, { type: "edit", seq: 30, text: LONG });
    await expect(message(page, "The water was over")).toBeAttached();
  });
  expect(edited, "edited to a long text").toBeLessThan(STILL);
  const reacted = await moved(line, async () => {
    await ben.conversation(id, { type: "react", seq: 31, emoji: "🎉" });
    await expect(page.getByRole("button", { name: "🎉 1: Ben" })).toBeAttached();
  });
  expect(reacted, "a reaction").toBeLessThan(STILL);
  const recalled = await moved(line, async () => {
    await ben.conversation(id, { type: "recall", seq: 30 });
    await expect(message(page, "Message recalled")).toBeAttached();
  });
  expect(recalled, "recalled").toBeLessThan(STILL);
  const hidden = await moved(line, async () => {
    await account.call("/api/account", { type: "hide", conversation: id, seqs: [33, 34] });
    await expect(message(page, "wave 33.")).toHaveCount(0);
  });
  expect(hidden, "deleted for oneself").toBeLessThan(STILL);
  // What goes on below moves nobody, either.
  const below = await moved(line, async () => {
    await ben.conversation(id, { type: "edit", seq: 58, text: LONG });
    await expect(message(page, "The water was over")).toBeAttached();
  });
  expect(below, "edited below").toBeLessThan(STILL);
});

test("a reader keeps their line while the pane grows narrow and wide", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  const texts = count("wave", 1, 40).map((text) => `${text} ${LONG}`);
  await ben.sendAll(id, texts);
  await openRead(page, account, [id, "Ben"], [40, "wave 40."]);
  const line = message(page, "wave 25.");
  await readFrom(line);

  const opened = await moved(line, () => details(page));
  expect(opened, "details open").toBeLessThan(STILL);
  const closed = await moved(line, () => page.getByRole("button", { name: "Close" }).click());
  expect(closed, "details closed").toBeLessThan(STILL);
  const narrow = await moved(line, () => page.setViewportSize({ width: 800, height: 800 }));
  expect(narrow, "narrow").toBeLessThan(STILL);
  const wide = await moved(line, () => page.setViewportSize({ width: 1400, height: 800 }));
  expect(wide, "wide").toBeLessThan(STILL);

  // On a phone the details lie over the conversation, which is not there meanwhile.
  await page.setViewportSize({ width: 390, height: 800 });
  await readFrom(line);
  const back = await moved(line, async () => {
    const pane = await details(page);
    await pane.getByRole("button", { name: "Close" }).click();
    await expect(line).toBeVisible();
  });
  expect(back, "back from the details").toBeLessThan(STILL);
});

test("a reader keeps their line while a picture above comes, and whoever is at the end stays there", async ({
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ben.account.sendAll(id, count("wave", 1, 20));
  await open(ben.page, "Ana");
  const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const chooser = ben.page.waitForEvent("filechooser");
  await ben.page.getByRole("button", { name: "Attach file" }).click();
  const file = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(dot, "base64") };
  await (await chooser).setFiles([file]);
  const send = ben.page.getByRole("button", { name: "Send", exact: true });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(log(ben.page).getByRole("article")).toHaveCount(21);
  await expect(sent(log(ben.page).getByRole("article").last())).toBeAttached();
  await ben.account.sendAll(id, count("wave", 22, 60));

  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await ana.page.route("**/files/**", (route) => held.then(() => route.continue()));
  await openRead(ana.page, ana.account, [id, "Ben"], [60, "wave 60."]);
  const image = log(ana.page).locator("img");
  await expect(image).toHaveAttribute("data-come", "false");
  await readFrom(message(ana.page, "wave 30."));
  const come = await moved(message(ana.page, "wave 30."), async () => {
    letGo();
    await expect(image).toHaveAttribute("data-come", "true");
  });
  expect(come).toBeLessThan(STILL);

  await ana.page.getByRole("button", { name: "Jump to newest" }).click();
  await expect(message(ana.page, "wave 60.")).toBeInViewport({ ratio: 1 });
  await ben.account.conversation(id, { type: "edit", seq: 60, text: LONG });
  const last = message(ana.page, "The water was over");
  await expect(last).toBeAttached();
  await expect(ana.page.getByRole("button", { name: "Jump to newest" })).toBeHidden();
  const gap = () => log(ana.page).evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
  await expect.poll(gap).toBeLessThan(2);
});
