// The pictures of the README, each in one language, size and theme: `cargo xtask screenshots`.
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { Account } from "../support/api";
import { expect, test } from "../support/fixtures";
import { Server } from "../support/server";
import { FOLDER, SIZES, spread, tell } from "./stage";
import { chinese, english, type Story } from "./story";

/** A service of its own on which a story was told; the first account owns it. */
class Stage {
  private constructor(
    private readonly server: Server,
    private readonly story: Story,
    private readonly me: Account,
    /** The conversations of the story, in its order. */
    readonly talks: string[],
  ) {}

  static async set(story: Story): Promise<Stage> {
    const server = await Server.start();
    const me = await Account.register(server.url, story.me.name);
    await me.describe({ signature: story.me.signature, age: story.me.age });
    const others: Record<string, Account> = {};
    for (const [key, { name, ...profile }] of Object.entries(story.people)) {
      others[key] = await Account.register(server.url, name);
      await others[key].describe(profile);
    }
    const talks = await tell(me, others, [...story.talks].reverse());
    return new Stage(server, story, me, talks.reverse());
  }

  /** A browser in which the one whom the story is about is signed in. */
  async open(newBrowser: (options: BrowserContextOptions) => Promise<Page>, options: BrowserContextOptions) {
    const { url } = this.server;
    const page = await newBrowser({ reducedMotion: "reduce", baseURL: url, ...options });
    await spread(page, this.story);
    await page.context().addCookies([{ ...this.me.cookie, url, httpOnly: true, sameSite: "Lax" }]);
    return page;
  }

  async end(): Promise<void> {
    await this.server.stop();
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  // Pictures and fonts are there, and nothing moves any more.
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(FOLDER, `${name}.png`), caret: "hide" });
  await page.context().close();
}

const { desktop, phone } = SIZES;

test("pictures of the README, in English", async ({ newBrowser }) => {
  const stage = await Stage.set(english);
  const [group = ""] = stage.talks;
  const last = (page: Page) => page.getByRole("log").getByRole("article").last();

  const bright = await stage.open(newBrowser, { ...desktop, colorScheme: "light" });
  await bright.goto(`/c/${group}`);
  await expect(last(bright)).toBeVisible();
  await shoot(bright, "desktop-light-en");

  const small = await stage.open(newBrowser, { ...phone, colorScheme: "dark" });
  await small.goto(`/c/${group}`);
  await expect(last(small)).toBeVisible();
  await shoot(small, "phone-dark-en");

  const search = await stage.open(newBrowser, { ...desktop, colorScheme: "light" });
  await search.goto("/search");
  await search.getByRole("searchbox", { name: "Search" }).fill("low");
  await expect(search.getByRole("main").locator("mark").first()).toBeVisible();
  await shoot(search, "search-light-en");

  const settings = await stage.open(newBrowser, { ...desktop, colorScheme: "dark" });
  await settings.goto("/settings");
  await expect(settings.getByRole("button", { name: "Save" })).toBeVisible();
  await shoot(settings, "settings-dark-en");

  const admin = await stage.open(newBrowser, { ...desktop, colorScheme: "light" });
  await admin.goto("/admin");
  await admin.getByRole("tab", { name: "Overview" }).click();
  await expect(admin.getByText(/New groups in the last 30 days/)).toBeVisible();
  await shoot(admin, "admin-light-en");

  const palette = await stage.open(newBrowser, { ...desktop, colorScheme: "dark" });
  await palette.goto(`/c/${group}`);
  await expect(last(palette)).toBeVisible();
  await palette.keyboard.press("Control+k");
  await palette.getByRole("dialog").getByRole("combobox").fill("an");
  await expect(palette.getByRole("option").first()).toBeVisible();
  await shoot(palette, "palette-dark-en");
  await stage.end();
});

test("pictures of the README, in Chinese", async ({ newBrowser }) => {
  const stage = await Stage.set(chinese);
  const [group = ""] = stage.talks;
  const locale = "zh-CN";
  const list = await stage.open(newBrowser, { ...phone, locale, colorScheme: "light" });
  await list.goto("/");
  await expect(list.getByRole("navigation").getByRole("link").first()).toBeVisible();
  await shoot(list, "phone-light-zh");

  const dark = await stage.open(newBrowser, { ...desktop, locale, colorScheme: "dark" });
  await dark.goto(`/c/${group}`);
  await expect(dark.getByRole("log").getByRole("article").last()).toBeVisible();
  await dark.getByRole("button", { name: "会话详情" }).click();
  await expect(dark.getByRole("complementary", { name: "会话详情" })).toBeVisible();
  await shoot(dark, "desktop-dark-zh");
  await stage.end();
});
