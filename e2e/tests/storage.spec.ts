import type { Page } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, message, open, openSettings, say, state } from "../support/screens";

/** The keys of the rows that the device keeps. */
function keys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const [name] = (await indexedDB.databases()).flatMap(({ name }) => (name ? [name] : []));
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open(name ?? "");
      request.onsuccess = () => done(request.result);
    });
    const rows = database.transaction("rows").objectStore("rows").getAllKeys();
    const found = await new Promise<IDBValidKey[]>((done) => (rows.onsuccess = () => done(rows.result)));
    database.close();
    return found.map(String);
  });
}

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
  const messages = async () => (await keys(page)).filter((key) => key.startsWith("message/")).length;
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
  expect((await keys(page)).filter((key) => key.startsWith("outbox/"))).toHaveLength(1);

  line.mend();
  await open(page, "Cleo");
  await expect(message(page, "Low tide")).toBeVisible();
  await open(page, "Ben");
  await expect(message(page, "Not sent yet")).toBeVisible();
  await expect(state(message(page, "Not sent yet"), "Sending")).toBeHidden();
  await expect.poll(messages).toBe(3);
});
