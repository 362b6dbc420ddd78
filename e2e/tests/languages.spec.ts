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

test("names are in the order in which readers of the language look for them", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const names = ["Zoë", "王五", "ben", "张三", "Åsa", "李四", "Émile", "阿明"];
  const others = await Promise.all(names.map((name) => newAccount(name)));
  await account.groupWith(others, "Tide pool");
  for (const other of others) {
    await account.call("/api/people", { type: "add_contact", user: other.user });
    await other.call("/api/people", { type: "add_contact", user: account.user });
  }
  const english = ["Åsa", "ben", "Émile", "Zoë"];
  const chinese = ["阿明", "李四", "王五", "张三"];
  const list = (name: string) => page.getByRole("list", { name, exact: true }).getByRole("listitem");

  await page.goto("/contacts");
  await expect(list("Contacts")).toHaveCount(names.length);
  const [first, last] = [(n: number) => n < 4, (n: number) => n >= 4];
  const shown = async (name: string, part: (n: number) => boolean): Promise<string[]> =>
    (await list(name).allTextContents()).filter((_, at) => part(at));
  await expect.poll(async () => (await shown("Contacts", first)).join()).toMatch(inOrder(english));
  await page.goto("/settings");
  await page.getByRole("combobox", { name: "Language" }).selectOption("中文");
  await page.goto("/contacts");
  // Readers of Chinese find Chinese names first, by their sound.
  await expect.poll(async () => (await shown("联系人", first)).join()).toMatch(inOrder(chinese));
  await expect.poll(async () => (await shown("联系人", last)).join()).toMatch(inOrder(english));
  await page.getByRole("navigation", { name: "会话" }).getByRole("link", { name: /^Tide pool/ }).click();
  await page.getByRole("button", { name: "会话详情" }).click();
  await expect(list("成员")).toHaveCount(names.length + 1);
  const members = (await list("成员").allTextContents()).join();
  expect(members).toMatch(inOrder(["Ana", ...chinese, ...english]));
});

/** These names, one after the other, with anything between them. */
function inOrder(names: string[]): RegExp {
  return new RegExp(names.join(".*"), "s");
}

test("between Chinese words stand Chinese marks, and times are said in both languages", async ({
  newAccount,
  newPerson,
}) => {
  const ben = await newAccount("小本");
  const { account, page } = await newPerson("安娜", { locale: "zh-CN" });
  const pool = await account.groupWith([ben], "潮池");
  await account.send(pool, "涨潮了");
  const row = page.getByRole("navigation", { name: "会话" }).getByRole("link", { name: /^潮池/ });
  await expect(row).toContainText("我：涨潮了");
  await ben.send(pool, "看到了");
  await expect(row).toContainText("小本：看到了");
  await account.anotherSession();
  await page.goto("/settings");
  await expect(page.getByText(/上次使用：(刚刚|\d+ 分钟前)/).first()).toBeVisible();
  await page.getByRole("combobox", { name: "语言" }).selectOption("English");
  await expect(page.getByText(/Last used (just now|a minute ago|\d+ minutes ago)/).first()).toBeVisible();
});
