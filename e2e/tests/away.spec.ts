import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, count, log, message, numbered, open, row } from "../support/screens";

test("what was sent while one was away is there on return, in order, once", async ({
  newAccount,
  newBrowser,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "gull 1.");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "gull 1.")).toBeVisible();
  await expect(row(ana.page, "Ben")).not.toContainText("unread");
  const kept = await ana.page.context().storageState({ indexedDB: true });
  await ana.page.context().close();

  await ben.sendAll(id, count("gull", 2, 25));
  const page = await newBrowser({ storageState: kept });
  await page.goto("/");
  await expect(row(page, "Ben")).toHaveAccessibleName(/\b24 unread/);
  await open(page, "Ben");
  await expect.poll(() => numbered(page, "gull")).toEqual(count("gull", 1, 25));
  await expect(log(page)).toContainText(/gull 1\..*New messages.*gull 2\./s);
});

test("a device that lost the line catches up by itself", async ({
  line,
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { account, page } = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "gull 1.");
  await open(page, "Ben");
  await expect(message(page, "gull 1.")).toBeVisible();
  line.cut();
  await expect(connection(page)).not.toHaveText("Online");
  await ben.sendAll(id, count("gull", 2, 12));
  line.mend();
  await expect(connection(page)).toHaveText("Online");
  await expect.poll(() => numbered(page, "gull")).toEqual(count("gull", 1, 12));
});
