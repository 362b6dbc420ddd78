// Pinned messages: their line and their list follow what anybody does, however far above that is.
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { connection, count, message, open, openRead } from "../support/screens";

test("the pinned messages follow what is done to them far above the window", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const [ben, cho] = [await newAccount("Ben"), await newAccount("Cho")];
  const id = await ana.account.groupWith([ben, cho], "Pier");
  await ben.send(id, "The key is under the stone");
  await cho.send(id, "The boat leaves at six");
  await ana.account.conversation(id, { type: "pin", seq: 1 });
  await ben.sendAll(id, count("Later", 1, 120));
  const { page } = ana;
  await openRead(page, ana.account, [id, "Pier"], [122, "Later 120."]);
  await expect(message(page, "The key")).toHaveCount(0);
  const line = page.getByRole("button", { name: /^Pinned message / });
  await expect(line).toContainText("The key is under the stone");

  // Somebody else edits, pins, recalls.
  await ben.conversation(id, { type: "edit", seq: 1, text: "The key is with Cho" });
  await expect(line).toContainText("The key is with Cho");
  await ana.account.conversation(id, { type: "pin", seq: 2 });
  await expect(line).toContainText("The boat leaves at six");
  await page.getByRole("button", { name: "Pinned messages" }).click();
  const list = page.getByRole("dialog", { name: "Pinned messages" });
  await expect(list.getByRole("listitem")).toHaveText([/^Cho.*The boat/s, /^Ben.*The key/s]);
  // Who has left is still who said it.
  await cho.leave(id);
  await ben.conversation(id, { type: "recall", seq: 1 });
  await expect(list.getByRole("listitem")).toHaveText([/^Cho.*The boat/s]);

  await list.getByRole("button", { name: "Unpin" }).click();
  await expect(list).toContainText("No message is pinned.");
  await page.keyboard.press("Escape");
  await expect(line).toBeHidden();
});

test("without a network the pinned messages are those that the device holds", async ({
  line,
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "The key is under the stone");
  await ben.conversation(id, { type: "pin", seq: 1 });
  await ben.send(id, "Later");
  await open(ana.page, "Ben");
  const pinned = ana.page.getByRole("button", { name: /^Pinned message The key/ });
  await expect(pinned).toBeVisible();
  line.cut();
  await ana.page.reload();
  await expect(message(ana.page, "Later")).toBeVisible();
  await expect(connection(ana.page)).toHaveText("Offline");
  await expect(pinned).toBeVisible();
  await ben.conversation(id, { type: "unpin", seq: 1 });
  line.mend();
  await expect(pinned).toBeHidden();
});
