import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, message, open, openSettings, say, sent, state, storedKeys } from "../support/screens";

test("what can be fetched again is freed, and what is not sent yet stays", async ({
  line,
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana", { baseURL: line.url });
  const [ben, cleo] = [await newAccount("Ben"), await newAccount("Cleo")];
  await ben.send(await account.directWith(ben), "High tide");
  await cleo.send(await account.directWith(cleo), "Low tide");
  for (const [name, words] of [["Cleo", "Low tide"], ["Ben", "High tide"]] as const) {
    await open(page, name);
    await expect(message(page, words)).toBeVisible();
  }
  const messages = async () => (await storedKeys(page)).filter((key) => key.startsWith("message/")).length;
  await expect.poll(messages).toBe(2);
  line.cut();
  await expect(connection(page)).toHaveText(/Connecting|Offline/);
  await say(page, "Not sent yet");
  await expect(state(message(page, "Not sent yet"), "Sending")).toBeAttached();

  await openSettings(page);
  await expect(page.getByText(/^Tideline takes .* of this browser\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Free space" }).click();
  await expect(page.getByText("Freed.", { exact: false })).toBeVisible();
  // Ben's stay: something is still to be said there.
  await expect.poll(messages).toBe(1);
  expect((await storedKeys(page)).filter((key) => key.startsWith("outbox/"))).toHaveLength(1);

  line.mend();
  await open(page, "Cleo");
  await expect(message(page, "Low tide")).toBeVisible();
  await open(page, "Ben");
  await expect(message(page, "Not sent yet")).toBeVisible();
  await expect(state(message(page, "Not sent yet"), "Sending")).toBeHidden();
  await expect.poll(messages).toBe(3);
});

test("a full disk lets go of what can be fetched again; words that cannot be kept are told of", async ({
  line,
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana", { baseURL: line.url });
  const [ben, cleo] = [await newAccount("Ben"), await newAccount("Cleo")];
  await ben.sendAll(await account.directWith(ben), Array(40).fill("old ".repeat(1_500)));
  await cleo.send(await account.directWith(cleo), "Low tide");
  for (const name of ["Ben", "Cleo"]) await open(page, name);
  await expect(message(page, "Low tide")).toBeVisible();
  const messages = async () => (await storedKeys(page)).filter((key) => key.startsWith("message/"));
  await expect.poll(async () => (await messages()).length).toBe(41);
  await expect(connection(page)).toHaveText("Online");
  line.cut();
  await expect(connection(page)).not.toHaveText("Online");

  // The browser says so itself.
  const browser = await page.context().newCDPSession(page);
  const quota = (bytes: number) =>
    browser.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.url()).origin, quotaSize: bytes });
  await quota(1);
  const warning = page.getByText("This device has no room left", { exact: false });
  // For half a minute it goes by what it knew before.
  let said = 0;
  await expect(async () => {
    said += 1;
    await say(page, `No room ${said}.`);
    await expect(warning).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
  await expect.poll(async () => (await messages()).length).toBe(1);
  const waiting = async () => (await storedKeys(page)).filter((key) => key.startsWith("outbox/"));
  expect((await waiting()).length).toBeLessThan(said);
  await quota(1_000_000_000);
  await say(page, "There is room for this");
  await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
  line.mend();
  for (const text of [`No room ${said}.`, "There is room for this"]) {
    await expect(sent(message(page, text))).toBeAttached();
  }
});
