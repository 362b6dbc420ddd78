// What can be done with a message: answer it, react, change it, take it back, keep it, pass it on.
import type { Locator, Page } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, connection, count, details, heard, log, message, open, row, say } from "../support/screens";

/** Opens a message's menu and chooses something. */
async function act(message: Locator, name: string): Promise<void> {
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await message.getByRole("menu").getByRole("menuitem", { name, exact: true }).click();
}

/** The choices of a message's menu. */
async function choices(page: Page, message: Locator): Promise<string[]> {
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  const names = await message.getByRole("menu").getByRole("menuitem").allInnerTexts();
  await page.keyboard.press("Escape");
  return names.map((name) => name.trim());
}

test("an answer quotes what it answers, and leads to it through a long history", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "The tide table hangs in the harbour office");
  await ben.sendAll(id, count("Later", 1, 300));
  await heard(ana.page, "Ben", "Later 300.");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "Later 300.")).toBeVisible();
  // Somebody else answers what is far above.
  await ben.send(id, "Look it up there", { reply_to: 1 });
  const answer = message(ana.page, "Look it up there");
  const quote = answer.getByRole("button", { name: "In reply to Ben" });
  await expect(quote).toContainText("The tide table hangs in the harbour office");
  await quote.click();
  const origin = message(ana.page, /^Ben The tide table/);
  await expect(origin).toBeInViewport();
  await ana.page.getByRole("button", { name: /Jump to newest/ }).click();

  // And by the menu, with the keyboard alone.
  await answer.hover();
  await answer.getByRole("button", { name: "Message actions" }).focus();
  await ana.page.keyboard.press("Enter");
  await answer.getByRole("menuitem", { name: "Reply" }).focus();
  await ana.page.keyboard.press("Enter");
  await expect(composer(ana.page)).toBeFocused();
  await expect(ana.page.getByText("Reply to Ben")).toBeVisible();
  await ana.page.keyboard.press("Escape");
  await expect(ana.page.getByText("Reply to Ben")).toBeHidden();
  await act(answer, "Reply");
  await say(ana.page, "I will");
  await expect(message(ana.page, "I will")).toContainText("Look it up there");
  await ana.page.reload();
  await expect(message(ana.page, "I will")).toContainText("Look it up there");
});

test("an edit shows live, with what was said before", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "High tide at noon");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  await composer(ana.page).fill("a draft");
  await act(message(ana.page, "High tide at noon"), "Edit");
  await expect(composer(ana.page)).toHaveValue("High tide at noon");
  await say(ana.page, "High tide at one");
  await expect(composer(ana.page)).toHaveValue("a draft");
  const edited = message(ben.page, "High tide at one");
  await expect(edited).toContainText("edited");
  await expect(row(ben.page, "Ana")).toContainText("High tide at one");
  await edited.getByRole("button", { name: "edited" }).click();
  const dialog = ben.page.getByRole("dialog", { name: "Earlier versions" });
  await expect(dialog).toContainText("High tide at noon");
  await ben.page.keyboard.press("Escape");
  expect(await choices(ben.page, edited)).not.toContain("Edit");
  expect(await choices(ben.page, edited)).not.toContain("Recall");
});

test("what is done without a network shows at once, outlives the tab, and is done later", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ben.account.send(id, "Is the harbour open?");
  await ana.account.sendAll(id, ["Until noon", "Wrong window"]);
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  await expect(message(ana.page, "Wrong window")).toBeVisible();
  await expect(message(ben.page, "Wrong window")).toBeVisible();
  // The code of menus comes when the app has come to rest.
  await expect(ana.page.locator("[role=tooltip]")).toBeAttached();

  line.cut();
  await expect(connection(ana.page)).not.toHaveText("Online");
  await act(message(ana.page, "Until noon"), "Edit");
  await say(ana.page, "Until one");
  await message(ana.page, "Is the harbour open?").hover();
  await message(ana.page, "Is the harbour open?").getByRole("button", { name: "Message actions" }).click();
  await ana.page.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
  await act(message(ana.page, "Is the harbour open?"), "Pin");
  await act(message(ana.page, "Wrong window"), "Recall");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Recall" }).click();
  const changed = async (page: Page): Promise<void> => {
    await expect(message(page, "Until one")).toContainText("edited");
    await expect(message(page, "Is the harbour open?").getByRole("button", { name: "👍 1: Ana" })).toBeVisible();
    await expect(message(page, "Message recalled")).toBeVisible();
    await expect(log(page)).not.toContainText("Wrong window");
  };
  await changed(ana.page);
  await ana.page.reload();
  await changed(ana.page);
  await expect(message(ben.page, "Wrong window")).toBeVisible();

  line.mend();
  await changed(ben.page);
  await changed(ana.page);
  for (const { page } of [ana, ben]) {
    await expect(page.getByRole("button", { name: /^Pinned message Is the harbour open/ })).toBeVisible();
  }
});

test("new words that the service refuses are in the field again, with the reason", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "High tide at noon");
  await open(ana.page, "Ben");
  await expect(ana.page.locator("[role=tooltip]")).toBeAttached();
  line.cut();
  await expect(connection(ana.page)).not.toHaveText("Online");
  await act(message(ana.page, "High tide at noon"), "Edit");
  await say(ana.page, "High tide at one");
  await expect(message(ana.page, "High tide at one")).toBeVisible();
  await ana.account.conversation(id, { type: "recall", seq: 1 });
  line.mend();
  await expect(ana.page.getByRole("alert")).toContainText("recalled");
  await expect(composer(ana.page)).toHaveValue("High tide at one");
  await expect(message(ana.page, "Message recalled")).toBeVisible();
});

test("a recalled message is gone for everybody and counts as nothing", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Sorry, wrong window");
  await expect(row(ana.page, "Ben")).toHaveAccessibleName(/1 unread/);
  await ben.conversation(id, { type: "recall", seq: 1 });
  await expect(row(ana.page, "Ben")).toContainText("Message recalled");
  await expect(row(ana.page, "Ben")).not.toContainText("unread");
  await open(ana.page, "Ben");
  await say(ana.page, "Which one?");
  await act(message(ana.page, "Which one?"), "Recall");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Recall" }).click();
  await expect(message(ana.page, "Message recalled")).toHaveCount(2);
  await expect(log(ana.page)).not.toContainText("Which one?");
  await ana.page.reload();
  await expect(message(ana.page, "Message recalled")).toHaveCount(2);
});

test("reactions come and go on both sides, and say whose they are", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "We won!");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  const theirs = message(ben.page, "We won!");
  await theirs.hover();
  await theirs.getByRole("button", { name: "Message actions" }).click();
  await theirs.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
  const reaction = (page: Page) => message(page, "We won!").getByRole("button", { name: /^👍/ });
  await expect(reaction(ana.page)).toHaveAccessibleName("👍 1: Ben");
  await expect(reaction(ben.page)).toHaveAttribute("aria-pressed", "true");
  await reaction(ana.page).click();
  await expect(reaction(ben.page)).toHaveAccessibleName("👍 2: Ben, Ana");
  await expect(reaction(ben.page)).toContainText("2");
  // Also where nothing can be hovered.
  await act(message(ana.page, "We won!"), "Reactions");
  const who = ana.page.getByRole("dialog", { name: "Reactions" });
  await expect(who.getByRole("listitem")).toHaveText(["👍Ben, Ana"]);
  await ana.page.keyboard.press("Escape");
  await reaction(ben.page).click();
  await expect(reaction(ana.page)).toHaveAccessibleName("👍 1: Ana");
  // It is no message: nobody's list says that something is unread.
  await expect(row(ben.page, "Ana")).not.toContainText("unread");
});

test("any emoji can be a reaction, by the keyboard alone, and is taken back the same way", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.send(id, "Lift off!");
  await open(page, "Ben");
  const theirs = message(page, "Lift off!");
  const actions = theirs.getByRole("button", { name: "Message actions" });
  const rocket = theirs.getByRole("button", { name: "🚀 1: Ana" });
  for (const reacted of [true, false]) {
    await actions.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
    for (let at = 0; at < 6; at += 1) await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("menuitem", { name: "More…" })).toBeFocused();
    await page.keyboard.press("Enter");
    const search = page.getByRole("dialog", { name: "Emoji" }).getByRole("searchbox");
    await expect(search).toBeFocused();
    await page.keyboard.type("rocket");
    await expect(page.getByRole("gridcell", { name: "rocket" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Emoji" })).toBeHidden();
    if (reacted) await expect(rocket).toBeVisible();
    else await expect(rocket).toBeHidden();
  }
});

test("a menu that is open outlives a change of its message", async ({ newPerson, newAccount }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  const seq = await ana.account.send(id, "We won!");
  await open(ana.page, "Ben");
  const ours = message(ana.page, "We won!");
  await ours.hover();
  await ours.getByRole("button", { name: "Message actions" }).click();
  await expect(ours.getByRole("menu")).toBeVisible();
  await ben.conversation(id, { type: "react", seq, emoji: "🎉" });
  await expect(ours.getByRole("button", { name: "🎉 1: Ben" })).toBeVisible();
  await ours.getByRole("menu").getByRole("menuitem", { name: "Reactions" }).click();
  await expect(ana.page.getByRole("dialog", { name: "Reactions" })).toContainText("🎉");
  await ana.page.keyboard.press("Escape");
  await expect(ours.getByRole("menu")).toBeHidden();
});

test("a pinned message stays at hand and leads to its place", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "The key is under the stone");
  await open(ben.page, "Ana");
  await act(message(ben.page, "The key is under the stone"), "Pin");
  await ana.account.sendAll(id, count("Later", 1, 150));
  await heard(ana.page, "Ben", "Later 150.");
  await open(ana.page, "Ben");
  const line = ana.page.getByRole("button", { name: /Pinned message The key/ });
  await line.click();
  await expect(message(ana.page, /^Ana The key/)).toBeInViewport();
  await ana.page.getByRole("button", { name: "Pinned messages" }).click();
  const list = ana.page.getByRole("dialog", { name: "Pinned messages" });
  await list.getByRole("button", { name: "Unpin" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(0);
  await ana.page.keyboard.press("Escape");
  await expect(line).toBeHidden();
});

test("chosen messages are passed on with who said them first", async ({ newPerson, newAccount }) => {
  const ana = await newPerson("Ana");
  const [ben, cleo] = [await newAccount("Ben"), await newPerson("Cleo")];
  const pair = await ana.account.directWith(ben);
  await ana.account.directWith(cleo.account);
  const other = await ana.account.groupWith([cleo.account], "Reef");
  await ana.account.send(other, "Welcome");
  await ben.send(pair, "First boat at six");
  await ben.send(pair, "Second boat at eight");
  await open(ana.page, "Ben");
  // Beside the details there is little room.
  await details(ana.page);
  await act(message(ana.page, "First boat"), "Select");
  await message(ana.page, "Second boat").getByRole("checkbox", { name: "Select" }).check();
  await expect(ana.page.getByText("2 selected")).toBeVisible();
  await ana.page.getByRole("toolbar").getByRole("button", { name: "Forward" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Forward to" });
  await dialog.getByRole("searchbox", { name: "Find a conversation" }).fill("ree");
  await dialog.getByRole("checkbox", { name: "Reef" }).check();
  await dialog.getByRole("button", { name: "Forward" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.page.getByRole("toolbar")).toBeHidden();
  await open(cleo.page, "Reef");
  const passed = message(cleo.page, "boat at");
  await expect(passed).toHaveText([/Forwarded from Ben.*First boat/, /Second boat/]);
});

test("what one deletes for oneself is gone on all one's devices only", async ({
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ben.account.send(id, "Do you remember that evening?");
  await ben.account.send(id, "Good times");
  const phone = await newDevice(ana.account);
  await open(ana.page, "Ben");
  await open(phone, "Ben");
  await open(ben.page, "Ana");
  await act(message(ana.page, "that evening"), "Delete for me");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  for (const page of [ana.page, phone]) {
    await expect(message(page, "that evening")).toHaveCount(0);
    await expect(message(page, "Good times")).toBeVisible();
  }
  await expect(message(ben.page, "that evening")).toBeVisible();
  await phone.reload();
  await expect(message(phone, "Good times")).toBeVisible();
  await expect(message(phone, "that evening")).toHaveCount(0);
});

test("a date and the first unread message are one step away", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.sendAll(id, count("Report", 1, 200));
  await heard(ana.page, "Ben", "Report 200.");
  await open(ana.page, "Ben");
  await expect(message(ana.page, "Report 200.")).toBeVisible();
  await ana.page.getByRole("button", { name: "First unread" }).click();
  await expect(message(ana.page, "Report 1.").first()).toBeInViewport();
  await expect(ana.page.getByRole("button", { name: "First unread" })).toBeHidden();
  await ana.page.getByRole("button", { name: /Jump to newest/ }).click();
  await expect(message(ana.page, "Report 200.")).toBeInViewport();
  await message(ana.page, "Report 160.").scrollIntoViewIfNeeded();
  await ana.page.getByRole("button", { name: "First unread" }).click();
  await ana.page.getByRole("button", { name: "Today" }).click();
  const dialog = ana.page.getByRole("dialog", { name: "Go to a date" });
  await dialog.getByLabel("Date").fill("2099-01-01");
  await dialog.getByRole("button", { name: "Go" }).click();
  await expect(message(ana.page, "Report 200.")).toBeInViewport();
});
