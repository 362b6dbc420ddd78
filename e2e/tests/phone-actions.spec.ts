// What can be done with a message on a phone, in Chinese: a finger rests on it, and its menu does the rest.
import type { Locator, Page } from "@playwright/test";
import type { Account } from "../support/api";
import { expect, test } from "../support/fixtures";
import { startingWith } from "../support/screens";

const SCREEN = { width: 390, height: 844 };
const PHONE = { viewport: SCREEN, hasTouch: true, isMobile: true, locale: "zh-CN" };
const CLIPBOARD = { ...PHONE, permissions: ["clipboard-read", "clipboard-write"] };

const log = (page: Page): Locator => page.getByRole("log", { name: "消息" });
const message = (page: Page, text: string): Locator =>
  log(page).getByRole("article").filter({ hasText: text });
const composer = (page: Page): Locator => page.getByRole("textbox", { name: "消息内容" });
/** A bit of news at the edge of the screen. */
const news = (page: Page, words: string): Locator =>
  page.getByRole("region", { name: "通知" }).getByRole("status").filter({ hasText: words });

/** Everything that is seen is on the screen from side to side, and what lies over it from top to bottom. */
async function expectWithin(page: Page, where: string): Promise<void> {
  const out = (): Promise<string[]> =>
    page.evaluate(({ width, height }) => {
      const wide = document.documentElement.scrollWidth;
      const parts = "h1, article, button, input, textarea, .toast, [role=toolbar], [role=menu], dialog[open]";
      const stick = [...document.querySelectorAll(parts)]
        .filter((part) => part.checkVisibility({ visibilityProperty: true }))
        // What scrolls from side to side by itself is longer than the screen.
        .filter((part) => !part.closest(".visually-hidden, .picker__tabs"))
        .filter((part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect();
          const over = part.matches("dialog, [role=menu]") && (top < -1 || bottom > height + 1);
          return over || left < -1 || right > width + 1;
        })
        .map((part) => `${part.tagName}.${part.className} "${part.textContent?.trim().slice(0, 20)}"`);
      return wide > width ? [`the page: ${wide}`, ...stick] : stick;
    }, SCREEN);
  await expect.poll(out, where).toEqual([]);
}

/** Opens a conversation from the list. */
async function open(page: Page, title: string): Promise<void> {
  const list = page.getByRole("navigation", { name: "会话" });
  await list.getByRole("link", { name: startingWith(title) }).tap();
  await expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
  // The code that follows fingers comes when the app has come to rest.
  await expect(page.locator("[role=tooltip]")).toBeAttached();
}

/** Goes back to the list. */
async function back(page: Page): Promise<void> {
  await page.getByRole("button", { name: "返回" }).locator("visible=true").tap();
  await expect(page.getByRole("navigation", { name: "会话" })).toBeVisible();
}

/** A finger rests on a message until its menu is there, and is lifted. */
async function press(page: Page, text: string): Promise<Locator> {
  const bubble = message(page, text).locator(".message__bubble");
  // Where it is once nothing moves any more.
  await bubble.tap({ trial: true });
  const box = await bubble.boundingBox();
  if (!box) throw new Error("the message has a place");
  const session = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + 20, y: box.y + box.height / 2 }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  const menu = page.getByRole("menu");
  await expect(menu).toBeVisible();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await session.detach();
  await expectWithin(page, `the menu of ${text}`);
  return menu;
}

/** Chooses something from the menu of a message. */
async function choose(page: Page, text: string, name: string): Promise<void> {
  const menu = await press(page, text);
  await menu.getByRole("menuitem", { name, exact: true }).tap();
  await expect(menu).toBeHidden();
}

/** Agrees to what is asked. */
async function agree(page: Page, question: string, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: question });
  await expect(dialog).toBeVisible();
  await expectWithin(page, question);
  await dialog.getByRole("button", { name, exact: true }).tap();
  await expect(dialog).toBeHidden();
}

/** What the service has of a conversation: the words of each message, none where it was recalled. */
async function kept(account: Account, id: string): Promise<string[]> {
  const { messages } = (await account.conversation(id, { type: "history" })) as {
    messages: { body: { text?: string } }[];
  };
  return messages.map(({ body }) => body.text ?? "");
}

test("a message is answered, and one's own is given other words", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("安娜", PHONE);
  const ben = await newAccount("小本");
  const id = await account.directWith(ben);
  await ben.send(id, "港口几点开门？");
  await account.send(id, "早上六点");
  await open(page, "小本");
  await expectWithin(page, "the conversation");

  await choose(page, "港口几点开门？", "回复");
  await expect(page.getByText("回复 小本", { exact: true })).toBeVisible();
  await expectWithin(page, "an answer");
  await composer(page).fill("周日不开");
  await page.getByRole("button", { name: "发送" }).tap();
  const answer = message(page, "周日不开");
  await expect(answer.getByRole("button", { name: "回复 小本：港口几点开门？" })).toBeVisible();
  await expect(answer.getByText(/^(已发送|已送达|已读)$/)).toBeAttached();

  await choose(page, "早上六点", "编辑");
  await expect(page.getByText("编辑消息", { exact: true })).toBeVisible();
  await expect(composer(page)).toHaveValue("早上六点");
  await expectWithin(page, "other words");
  await composer(page).fill("早上七点");
  await page.getByRole("button", { name: "发送" }).tap();
  const edited = message(page, "早上七点");
  await expect(edited).toContainText("已编辑");
  await expect(composer(page)).toHaveValue("");
  await expect.poll(() => kept(ben, id)).toEqual(["港口几点开门？", "早上七点", "周日不开"]);
  await edited.getByRole("button", { name: "已编辑" }).tap();
  const earlier = page.getByRole("dialog", { name: "历史版本" });
  await expect(earlier).toContainText("早上六点");
  await expectWithin(page, "earlier words");
  await earlier.getByRole("button", { name: "关闭" }).tap();
  await expect(earlier).toBeHidden();
  // Others' words are not one's own to change, or to take back.
  const menu = await press(page, "早上七点");
  await expect(menu.getByRole("menuitem", { name: "撤回", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  const theirs = message(page, "港口几点开门？").first();
  await theirs.getByRole("button", { name: "消息操作" }).tap();
  await expect(menu.getByRole("menuitem", { name: "回复", exact: true })).toBeVisible();
  for (const name of ["编辑", "撤回"]) {
    await expect(menu.getByRole("menuitem", { name, exact: true })).toHaveCount(0);
  }
});

test("a message is taken back from everybody, and another one deleted for oneself alone", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("安娜", PHONE);
  const ben = await newAccount("小本");
  const id = await account.directWith(ben);
  for (const text of ["还记得那晚吗？", "涨潮了"]) await ben.send(id, text);
  await account.send(id, "发错窗口了");
  await open(page, "小本");

  // Whoever thinks better of it loses nothing.
  await choose(page, "发错窗口了", "撤回");
  await agree(page, "撤回这条消息？", "取消");
  await expect(message(page, "发错窗口了")).toBeVisible();
  await choose(page, "发错窗口了", "撤回");
  await agree(page, "撤回这条消息？", "撤回");
  await expect(message(page, "消息已撤回")).toBeVisible();
  await expect(log(page)).not.toContainText("发错窗口了");
  await expect.poll(() => kept(ben, id)).toEqual(["还记得那晚吗？", "涨潮了", ""]);

  await choose(page, "还记得那晚吗？", "仅为我删除");
  await agree(page, "仅为你删除这条消息？", "删除");
  await expect(message(page, "还记得那晚吗？")).toHaveCount(0);
  await expect(message(page, "涨潮了")).toBeVisible();
  await expectWithin(page, "what is left");
  await page.reload();
  await expect(message(page, "涨潮了")).toBeVisible();
  await expect(message(page, "还记得那晚吗？")).toHaveCount(0);
  expect(await kept(ben, id)).toEqual(["还记得那晚吗？", "涨潮了", ""]);
});

test("a message is passed on to a group, pinned, and let go of again", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("安娜", PHONE);
  const [ben, cho] = [await newAccount("小本"), await newAccount("小周")];
  const id = await account.directWith(ben);
  const words = "潮汐表挂在港务室，周一到周六都可以来看，周日关门";
  await ben.send(id, words);
  const reef = await account.groupWith([cho], "礁石");
  await open(page, "小本");

  await choose(page, "潮汐表", "转发");
  const dialog = page.getByRole("dialog", { name: "转发到" });
  await expect(dialog).toBeVisible();
  await expectWithin(page, "where to");
  await expect(dialog.getByRole("button", { name: "转发", exact: true })).toBeDisabled();
  await dialog.getByRole("searchbox", { name: "查找会话" }).fill("礁");
  await expect(dialog.getByRole("checkbox")).toHaveCount(1);
  await dialog.getByRole("checkbox", { name: "礁石" }).tap();
  await dialog.getByRole("button", { name: "转发", exact: true }).tap();
  await expect(dialog).toBeHidden();
  await expect(news(page, "已转发")).toBeVisible();
  await expectWithin(page, "passed on");
  await expect.poll(() => kept(cho, reef)).toEqual([words]);

  await choose(page, "潮汐表", "置顶");
  const line = page.getByRole("button", { name: /^置顶消息\s*潮汐表/ });
  await expect(line).toBeVisible();
  await expectWithin(page, "pinned");
  await page.getByRole("button", { name: "置顶消息列表" }).tap();
  const pins = page.getByRole("dialog", { name: "置顶消息列表" });
  await expect(pins.getByRole("listitem")).toContainText(["潮汐表"]);
  await expectWithin(page, "all that are pinned");
  await pins.getByRole("button", { name: "关闭" }).tap();
  await choose(page, "潮汐表", "取消置顶");
  await expect(line).toBeHidden();

  await back(page);
  await open(page, "礁石");
  await expect(message(page, "潮汐表")).toContainText("转发自 小本");
  await expectWithin(page, "where it went");
});

test("a message is copied, and reacted to by a press on one emoji or by any other", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("安娜", CLIPBOARD);
  const ben = await newAccount("小本");
  const id = await account.directWith(ben);
  const seq = await ben.send(id, "我们赢了！");
  await open(page, "小本");

  await choose(page, "我们赢了！", "复制");
  await expect(news(page, "已复制")).toBeVisible();
  await expectWithin(page, "copied");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("我们赢了！");

  const quick = await press(page, "我们赢了！");
  await expect(quick.getByRole("menuitemcheckbox")).toHaveCount(6);
  await quick.getByRole("menuitemcheckbox", { name: "用 👍 回应" }).tap();
  await expect(quick).toBeHidden();
  const said = message(page, "我们赢了！");
  await expect(said.getByRole("button", { name: "👍 1：安娜" })).toHaveAttribute("aria-pressed", "true");
  await ben.conversation(id, { type: "react", seq, emoji: "👍" });
  await expect(said.getByRole("button", { name: "👍 2：安娜、小本" })).toBeVisible();

  await choose(page, "我们赢了！", "更多…");
  const picker = page.getByRole("dialog", { name: "表情" });
  await expect(picker).toBeVisible();
  await expectWithin(page, "all emoji");
  await picker.getByRole("searchbox", { name: "搜索表情" }).fill("火箭");
  await picker.getByRole("gridcell", { name: "火箭", exact: true }).tap();
  await expect(picker).toBeHidden();
  await expect(said.getByRole("button", { name: "🚀 1：安娜" })).toBeVisible();
  await expectWithin(page, "reactions");

  await choose(page, "我们赢了！", "回应");
  const who = page.getByRole("dialog", { name: "回应" });
  await expect(who.getByRole("listitem")).toHaveText(["👍安娜、小本", "🚀安娜"]);
  await expectWithin(page, "who reacted");
  await who.getByRole("button", { name: "关闭" }).tap();
  // The same press takes it back.
  const again = await press(page, "我们赢了！");
  const thumb = again.getByRole("menuitemcheckbox", { name: "用 👍 回应" });
  await expect(thumb).toHaveAttribute("aria-checked", "true");
  await thumb.tap();
  await expect(said.getByRole("button", { name: "👍 1：小本" })).toHaveAttribute("aria-pressed", "false");
});

test("several messages are chosen by touches, copied together, and deleted together", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("安娜", CLIPBOARD);
  const ben = await newAccount("小本");
  const id = await account.directWith(ben);
  for (const text of ["头班船六点", "二班船八点"]) await ben.send(id, text);
  await account.send(id, "我坐头班");
  await open(page, "小本");
  const bar = page.getByRole("toolbar", { name: "选择" });
  const mark = (text: string): Locator => message(page, text).getByRole("checkbox", { name: "选择" });

  await choose(page, "头班船六点", "选择");
  await expect(mark("头班船六点")).toBeChecked();
  await expect(bar.getByText("已选择 1 条")).toBeVisible();
  await mark("我坐头班").tap();
  await expect(bar.getByText("已选择 2 条")).toBeVisible();
  await expectWithin(page, "two are chosen");
  await bar.getByRole("button", { name: "复制" }).tap();
  await expect(bar).toBeHidden();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe("小本：头班船六点\n安娜：我坐头班");

  await choose(page, "头班船六点", "选择");
  await mark("二班船八点").tap();
  await mark("我坐头班").tap();
  await mark("头班船六点").tap();
  await expect(mark("头班船六点")).not.toBeChecked();
  await expect(bar.getByText("已选择 2 条")).toBeVisible();
  // Somebody else's message is among them: it is not theirs to take back.
  await expect(bar.getByRole("button", { name: "撤回" })).toHaveCount(0);
  await bar.getByRole("button", { name: "仅为我删除" }).tap();
  await agree(page, "仅为你删除 2 条消息？", "删除");
  await expect(bar).toBeHidden();
  await expect(log(page).getByRole("article")).toHaveCount(1);
  await expect(message(page, "头班船六点")).toBeVisible();
  expect(await kept(ben, id)).toEqual(["头班船六点", "二班船八点", "我坐头班"]);
});

test("there is room for all that can be done with messages of one's own, and it is done", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("安娜", PHONE);
  const [ben, cho] = [await newAccount("小本"), await newAccount("小周")];
  const id = await account.directWith(ben);
  const other = await account.directWith(cho);
  for (const text of ["头班船六点", "二班船八点"]) await account.send(id, text);
  await open(page, "小本");
  const bar = page.getByRole("toolbar", { name: "选择" });
  const chooseBoth = async (): Promise<void> => {
    await choose(page, "头班船六点", "选择");
    await message(page, "二班船八点").getByRole("checkbox", { name: "选择" }).tap();
    await expect(bar.getByText("已选择 2 条")).toBeVisible();
  };

  await chooseBoth();
  for (const name of ["取消", "复制", "撤回", "仅为我删除", "转发"]) {
    await expect(bar.getByRole("button", { name, exact: true })).toBeInViewport({ ratio: 1 });
  }
  await expectWithin(page, "two of one's own are chosen");
  await bar.getByRole("button", { name: "转发", exact: true }).tap();
  const dialog = page.getByRole("dialog", { name: "转发到" });
  await dialog.getByRole("checkbox", { name: "小周" }).tap();
  await dialog.getByRole("button", { name: "转发", exact: true }).tap();
  await expect(bar).toBeHidden();
  await expect.poll(() => kept(cho, other)).toEqual(["头班船六点", "二班船八点"]);

  await chooseBoth();
  await bar.getByRole("button", { name: "撤回" }).tap();
  await agree(page, "撤回 2 条消息？", "撤回");
  await expect(bar).toBeHidden();
  await expect(message(page, "消息已撤回")).toHaveCount(2);
  await expect.poll(() => kept(ben, id)).toEqual(["", ""]);
});
