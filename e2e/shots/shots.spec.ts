// Pictures of the main screens, in both languages, both sizes and both themes.
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Account } from "../support/api";
import { expect, test } from "../support/fixtures";
import { FOLDER, SIZES, spread, tell } from "./stage";
import { chinese, english } from "./story";

const LANGUAGES = {
  en: {
    locale: "en-US",
    story: english,
    words: {
      haveAccount: "I already have an account",
      details: "Conversation details",
      inviteLink: "Invite link",
      newMessage: "New message",
      findPeople: "Find people",
      newGroup: "New group",
      settings: "Settings",
      guest: "Join as guest",
    },
  },
  zh: {
    locale: "zh-CN",
    story: chinese,
    words: {
      haveAccount: "我已有账号",
      details: "会话详情",
      inviteLink: "邀请链接",
      newMessage: "发消息",
      findPeople: "查找用户",
      newGroup: "新建群组",
      settings: "设置",
      guest: "以访客身份加入",
    },
  },
} as const;

for (const [lang, { locale, story, words }] of Object.entries(LANGUAGES)) {
  for (const [size, options] of Object.entries(SIZES)) {
    test(`pictures: ${lang}, ${size}`, async ({ newAccount, newBrowser, newDevice }) => {
      const shoot = async (page: Page, name: string): Promise<void> => {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const path = join(FOLDER, `${name}-${lang}-${colorScheme}-${size}.png`);
          await page.screenshot({ path, caret: "hide" });
        }
      };
      const button = (page: Page, name: string) =>
        page.getByRole("button", { name, exact: true }).locator("visible=true");

      const out = await newBrowser({ ...options, locale });
      await out.goto("/");
      await expect(out.locator(".welcome__card")).toBeVisible();
      await shoot(out, "register");
      await button(out, words.haveAccount).click();
      await shoot(out, "sign-in");

      const empty = await newDevice(await newAccount(story.me.name), { ...options, locale });
      await expect(empty.locator(".empty").locator("visible=true").first()).toBeVisible();
      await shoot(empty, "first");

      const me = await newAccount(story.me.name);
      await me.describe({ signature: story.me.signature, age: story.me.age });
      const others: Record<string, Account> = {};
      for (const [key, { name, ...profile }] of Object.entries(story.people)) {
        others[key] = await newAccount(name);
        await others[key].describe(profile);
      }
      const [group = "", direct = ""] = await tell(me, others, [...story.talks].reverse()).then(
        (ids) => ids.reverse(),
      );
      await out.goto(`/join/${await me.invite(group)}`);
      await expect(button(out, words.guest)).toBeVisible();
      await shoot(out, "invite");

      const { title = "", lines = [] } = story.talks[0] ?? {};
      const page = await newBrowser({ ...options, locale });
      await spread(page, story);
      const { cookie } = await me.anotherSession();
      const url = out.url().replace(/\/join\/.*/, "");
      await page.context().addCookies([{ ...cookie, url, httpOnly: true, sameSite: "Lax" }]);
      await page.goto("/");
      await expect(page.getByRole("link", { name: title })).toBeVisible();
      await shoot(page, "list");
      await page.getByRole("link", { name: title }).click();
      const last = lines.at(-1)?.text ?? "";
      await expect(page.getByRole("log").getByText(last)).toBeVisible();
      await shoot(page, "group");
      await button(page, words.details).click();
      await button(page, words.inviteLink).click();
      await expect(page.getByRole("textbox", { name: words.inviteLink })).toBeVisible();
      await shoot(page, "details");
      await page.goto(`/c/${direct}`);
      await expect(page.getByRole("log").getByRole("article").last()).toBeVisible();
      await shoot(page, "direct");
      await page.goto("/");
      await button(page, words.newMessage).click();
      await page.getByRole("textbox", { name: words.findPeople }).fill(story.find);
      await expect(page.getByRole("dialog").getByRole("option").first()).toBeVisible();
      await shoot(page, "new-message");
      await page.keyboard.press("Escape");
      await button(page, words.newGroup).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await shoot(page, "new-group");
      await page.goto(`/u/${others["ana"]?.userName}`);
      await expect(page.locator(".card__name")).toBeVisible();
      await shoot(page, "profile");
      await page.goto("/settings");
      await expect(page.getByRole("heading", { level: 1, name: words.settings })).toBeVisible();
      await shoot(page, "settings");
      await page.goto("/search");
      await page.getByRole("searchbox").fill(story.search);
      await expect(page.getByRole("main").locator("mark").first()).toBeVisible();
      await shoot(page, "search");
    });
  }
}
