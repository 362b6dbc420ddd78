// Link previews: what a page says of itself stands beneath the message that links to it.
import { createServer, type Server as Site } from "node:http";
import type { AddressInfo } from "node:net";
import { test as base, expect } from "../support/fixtures";
import { expectAccessible } from "../support/axe";
import { moved, readFrom } from "../support/place";
import {
  composer,
  count,
  heard,
  log,
  message,
  open,
  openRead,
  openSettings,
  say,
  state,
} from "../support/screens";
import { Server } from "../support/server";

/** A site on this machine, and a service that may look at it. */
const test = base.extend<object, { site: Site }>({
  site: [
    async ({}, use) => {
      const pages: Record<string, string> = {
        "/tide": `<title>Tide tables</title><meta property="og:site_name" content="The Harbour">
                  <meta name="description" content="When the water comes, and when it goes.">`,
        "/moon": `<title>&lt;img src=x onerror=alert(1)&gt; 月亮</title>`,
      };
      const site = createServer((request, answer) => {
        const page = pages[request.url ?? ""];
        answer.writeHead(page === undefined ? 404 : 200, { "Content-Type": "text/html; charset=utf-8" });
        answer.end(page);
      });
      await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
      await use(site);
      site.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ site }, use) => {
      const { port } = site.address() as AddressInfo;
      const server = await Server.start({}, { LINK_PREVIEWS_ALLOW: `127.0.0.1:${port}` });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

const link = (site: Site, page: string): string =>
  `http://127.0.0.1:${(site.address() as AddressInfo).port}${page}`;

test("a card comes for everybody, follows an edit, and goes with a recall", async ({ newPerson, site }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  await ana.account.directWith(ben.account);
  await ben.account.send(await ana.account.directWith(ben.account), "hello");
  await open(ana.page, "Ben");
  await open(ben.page, "Ana");
  await say(ana.page, `look: ${link(site, "/tide")}`);
  for (const page of [ana.page, ben.page]) {
    const card = message(page, "look:").getByRole("link", { name: /Tide tables/ });
    await expect(card).toBeVisible();
    await expect(card).toHaveText(/The Harbour · 127\.0\.0\.1:\d+.*Tide tables.*When the water comes/s);
    await expect(card).toHaveAttribute("href", link(site, "/tide"));
    await expect(card).toHaveAttribute("rel", "noopener noreferrer");
  }
  await ana.page.emulateMedia({ reducedMotion: "reduce" });
  await expectAccessible(ana.page, "link card");
  await message(ana.page, "look:").getByRole("button", { name: "Message actions" }).click();
  await ana.page.getByRole("menuitem", { name: "Edit" }).click();
  await composer(ana.page).fill(`now: ${link(site, "/moon")}`);
  await composer(ana.page).press("Enter");
  const moon = message(ben.page, "now:").getByRole("link", { name: /月亮/ });
  await expect(moon).toContainText("<img src=x onerror=alert(1)> 月亮");
  await expect(message(ben.page, "now:").getByText("Tide tables")).toBeHidden();

  await message(ana.page, "now:").getByRole("button", { name: "Message actions" }).click();
  await ana.page.getByRole("menuitem", { name: "Recall" }).click();
  await ana.page.getByRole("dialog").getByRole("button", { name: "Recall" }).click();
  await expect(ben.page.getByRole("link", { name: /月亮/ })).toBeHidden();
});

test("cards that come above the unread line leave it where it is", async ({
  newDevice,
  newAccount,
  newPerson,
  site,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  const links = Array.from({ length: 12 }, (_, at) => `look ${at}: ${link(site, "/tide")}`);
  await ben.sendAll(id, links);
  await heard(ana.page, "Ben", "look 11:");
  await open(ana.page, "Ben");
  await expect(ana.page.getByRole("link", { name: /Tide tables/ })).toHaveCount(12);
  await ana.account.call("/api/account", { type: "read", conversation: id, seq: 12 });
  await ana.page.goto("/");
  await ben.sendAll(id, count("wave", 1, 40));
  await heard(ana.page, "Ben", "wave 40.");
  // A new device, whose code for cards comes late.
  const page = await newDevice(ana.account);
  await page.goto(`/c/${id}`);
  await expect(page.getByRole("link", { name: /Tide tables/ })).toHaveCount(12);
  await expect(page.locator("[role=tooltip]")).toBeAttached();
  const below = await log(page).getByRole("separator").evaluate((line) => {
    const log = line.closest("[role=log]");
    return line.getBoundingClientRect().top - (log?.getBoundingClientRect().top ?? 0);
  });
  expect(Math.abs(below - 96)).toBeLessThan(2);
});

test("a card that comes above leaves a reader at their line", async ({ newPerson, newAccount, site }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  await ben.sendAll(id, count("wave", 1, 50));
  await openRead(page, account, [id, "Ben"], [50, "wave 50."]);
  const held = message(page, "wave 30.");
  await readFrom(held);
  const by = await moved(held, async () => {
    await ben.conversation(id, { type: "edit", seq: 20, text: `look: ${link(site, "/tide")}` });
    await expect(page.getByRole("link", { name: /Tide tables/ })).toBeAttached();
  });
  expect(by).toBeLessThan(1.5);
});

test("who turns previews off sees none on any device, and gets none for their links", async ({
  newDevice,
  newPerson,
  site,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const direct = await ana.account.directWith(ben.account);
  await ben.account.send(direct, `before: ${link(site, "/tide")}`);
  const other = await newDevice(ana.account);
  await open(other, "Ben");
  await expect(message(other, "before:").getByRole("link", { name: /Tide tables/ })).toBeVisible();

  await openSettings(ana.page);
  const previews = ana.page.getByRole("switch", { name: "Link previews" });
  await expect(previews).toBeChecked();
  await previews.click();
  await expect(other.getByRole("link", { name: /Tide tables/ })).toBeHidden();
  await expect(message(other, "before:")).toBeVisible();

  await open(ben.page, "Ana");
  await say(other, `mine: ${link(site, "/tide")}`);
  await expect(state(message(other, "mine:"), "Read")).toBeAttached();
  await say(ben.page, `yours: ${link(site, "/moon")}`);
  await expect(message(ben.page, "yours:").getByRole("link", { name: /月亮/ })).toBeVisible();
  await expect(message(ben.page, "mine:").getByRole("link", { name: /Tide tables/ })).toBeHidden();
  await expect(message(other, "yours:").getByRole("link", { name: /月亮/ })).toBeHidden();
});
