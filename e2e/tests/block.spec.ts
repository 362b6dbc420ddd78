import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import {
  composer,
  conversations,
  details,
  log,
  message,
  open,
  openSettings,
  row,
  say,
  state,
} from "../support/screens";

/** Presses what blocks somebody or ends it, and waits for the answer: from then on it holds. */
async function answered(page: Page, button: Locator): Promise<void> {
  const answer = page.waitForResponse("**/api/people");
  await button.click();
  expect((await answer).ok()).toBe(true);
}

test("nothing passes between two people any more, and who is blocked cannot tell", async ({
  newPerson,
  newDevice,
}) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  const direct = await ana.account.directWith(ben.account);
  await ana.account.send(direct, "hello Ben");
  await ben.account.send(direct, "hello Ana");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  const another = await newDevice(ana.account);
  await open(another, "Ben");

  const pane = await details(ana.page);
  await pane.getByRole("button", { name: "Block", exact: true }).click();
  const question = ana.page.getByRole("dialog", { name: "Block Ben?" });
  await expect(question).toContainText("They are not told");
  await answered(ana.page, question.getByRole("button", { name: "Block", exact: true }));
  await expect(ana.page.getByText("You blocked this person.")).toBeVisible();
  await expect(composer(ana.page)).toHaveCount(0);
  // Her other device knows it, too.
  await expect(another.getByText("You blocked this person.")).toBeVisible();

  await say(ben.page, "let me in");
  await expect(state(message(ben.page, "let me in"), "Sent")).toBeVisible();
  const bensOther = await newDevice(ben.account);
  await open(bensOther, "Ana");
  await expect(message(bensOther, "let me in")).toBeVisible();
  await expect(row(bensOther, "Ana")).toContainText("let me in");

  // A message elsewhere comes later, and is there: so would the other one be.
  const group = await ben.account.groupWith([ana.account], "Tide pool");
  await ben.account.send(group, "hello all");
  await expect(row(ana.page, "Tide pool")).toContainText("hello all");
  await expect(log(ana.page).getByRole("article")).toHaveCount(2);
  await expect(row(ana.page, "Ben")).not.toContainText("let me in");
  await expect(row(ana.page, "Ben")).not.toHaveAccessibleName(/unread/);
  await ana.page.reload();
  await expect(log(ana.page).getByRole("article")).toHaveCount(2);

  // Unblocked in the settings: they talk again, and what was said meanwhile stays out.
  await openSettings(ana.page);
  const blocked = ana.page.getByRole("list", { name: "Blocked people" });
  await expect(blocked.getByRole("listitem")).toContainText("Ben");
  await answered(ana.page, blocked.getByRole("group", { name: "Ben" }).getByRole("button", { name: "Unblock" }));
  await expect(blocked).toBeHidden();
  await expect(composer(another)).toBeVisible();
  await say(ben.page, "are you there?");
  await expect(message(another, "are you there?")).toBeVisible();
  await expect(log(another).getByRole("article")).toHaveCount(3);
  await expect(another.getByText("let me in")).toHaveCount(0);
  await say(another, "I am");
  await expect(message(ben.page, "I am")).toBeVisible();
});

test("somebody blocked beforehand does not turn up", async ({ newPerson }) => {
  const [ana, ben] = await Promise.all([newPerson("Ana"), newPerson("Ben")]);
  await ana.page.goto(`/u/${ben.account.userName}`);
  await ana.page.getByRole("button", { name: "Block", exact: true }).click();
  const question = ana.page.getByRole("dialog");
  await answered(ana.page, question.getByRole("button", { name: "Block", exact: true }));
  await expect(ana.page.getByRole("button", { name: "Unblock" })).toBeVisible();

  await ben.page.goto(`/u/${ana.account.userName}`);
  await ben.page.getByRole("button", { name: "Message", exact: true }).click();
  await say(ben.page, "hello?");
  await expect(state(message(ben.page, "hello?"), "Sent")).toBeVisible();

  const group = await ben.account.groupWith([ana.account], "Tide pool");
  await ben.account.send(group, "hello all");
  await expect(row(ana.page, "Tide pool")).toContainText("hello all");
  await expect(conversations(ana.page).getByRole("link")).toHaveCount(1);
});
