import { PASSWORD, uniqueName } from "../support/api";
import { expect, test } from "../support/fixtures";
import { openSettings, showRegister } from "../support/screens";

test("the language is switched in the settings without loading the page again", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await openSettings(page);
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
  await page.getByRole("combobox", { name: "Language" }).selectOption("中文");
  await expect(page.getByRole("heading", { level: 1, name: "设置" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  await expect(page.getByRole("status", { name: "连接状态" })).toHaveText("在线");
  expect(await page.evaluate(() => "sameDocument" in globalThis)).toBe(true);

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "设置" })).toBeVisible();
  await page.getByRole("navigation", { name: "会话" }).getByRole("link", { name: /^Tide pool/ }).click();
  await page.getByRole("textbox", { name: "消息内容" }).fill("潮水涨了");
  await page.getByRole("textbox", { name: "消息内容" }).press("Enter");
  const message = page.getByRole("log", { name: "消息" }).getByRole("article");
  await expect(message.getByText("已发送", { exact: true })).toBeAttached();

  await page.getByRole("button", { name: "设置" }).click();
  await page.getByRole("combobox", { name: "语言" }).selectOption("English");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("a Chinese browser starts in Chinese, and says in Chinese what is wrong", async ({
  newBrowser,
  newPerson,
  tolerate,
}) => {
  tolerate(/status of 401/);
  const page = await newBrowser({ locale: "zh-CN" });
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  const other = page.getByRole("button", { name: "我已有账号" });
  await other.or(page.getByRole("button", { name: "登录", exact: true })).first().waitFor();
  if (await other.isVisible()) await other.click();
  await page.getByRole("textbox", { name: "用户名" }).fill(uniqueName());
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "用户名或密码不正确" })).toBeVisible();

  const ana = await newPerson("安娜", { locale: "zh-CN" });
  await expect(ana.page.getByRole("navigation", { name: "会话" })).toBeVisible();
});

test("the language is switched before one signs in", async ({ newBrowser }) => {
  const page = await newBrowser();
  await page.goto("/");
  await showRegister(page);
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("button", { name: "注册", exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
});
