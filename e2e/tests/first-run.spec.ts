// Whoever is new and alone gets to a message to somebody else within a minute.
import { expect, test } from "../support/fixtures";
import { composer, message, say } from "../support/screens";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("a newcomer with a phone, in Chinese, invites a friend by the own link and writes to them", async ({
  newPerson,
}) => {
  const ana = await newPerson("安娜", { ...PHONE, locale: "zh-CN" });
  await expect(ana.page.getByText("还没有会话")).toBeVisible();
  await ana.page.getByRole("button", { name: "邀请朋友" }).tap();
  const dialog = ana.page.getByRole("dialog", { name: "邀请朋友" });
  await expect(dialog.getByRole("img")).toBeVisible();
  const link = await dialog.getByRole("textbox", { name: "你的链接" }).inputValue();
  await dialog.getByRole("button", { name: "关闭" }).tap();

  const ben = await newPerson("Ben");
  await ben.page.goto(link);
  await ben.page.getByRole("main").getByRole("button", { name: "Message", exact: true }).click();
  await say(ben.page, "Found you");
  await ana.page.getByRole("link", { name: /^Ben/ }).tap();
  await expect(message(ben.page, "Found you")).toBeVisible();
  await ana.page.getByRole("textbox", { name: "消息内容", exact: true }).fill("你好");
  await ana.page.getByRole("button", { name: "发送" }).tap();
  await expect(message(ben.page, "你好")).toContainText("你好");
});

test("a newcomer invites by a group, and a guest answers", async ({ newBrowser, newPerson }) => {
  const { page } = await newPerson("Ana", { ...PHONE, locale: "zh-CN" });
  await page.getByRole("button", { name: "邀请朋友" }).tap();
  const dialog = page.getByRole("dialog", { name: "邀请朋友" });
  await dialog.getByRole("button", { name: "建个群组" }).tap();
  await page.getByRole("textbox", { name: "群组名称" }).fill("潮池");
  await page.getByRole("button", { name: "创建群组" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "潮池" })).toBeVisible();
  await page.getByRole("button", { name: "会话详情" }).tap();
  await page.getByRole("button", { name: "邀请链接" }).tap();
  const link = await page.getByRole("textbox", { name: "邀请链接" }).inputValue();
  const guest = await newBrowser();
  await guest.goto(link);
  await guest.getByRole("textbox", { name: "Your name" }).fill("Gus");
  await guest.getByRole("button", { name: "Join as guest" }).click();
  await expect(composer(guest)).toBeVisible();
  await page.getByRole("button", { name: "关闭" }).tap();
  await page.getByRole("textbox", { name: "消息内容", exact: true }).fill("欢迎");
  await page.getByRole("button", { name: "发送" }).tap();
  await expect(message(guest, "欢迎")).toBeVisible();
});
