// What comes while the app is closed: Web Push, from the service to the notification.
import type { BrowserContextOptions, Page } from "@playwright/test";
import { test as base, expect } from "../support/fixtures";
import { Delivery, PushService } from "../support/push";
import { openSettings, shown } from "../support/screens";
import { Server } from "../support/server";
import { whole } from "../support/whole";

const keeps: BrowserContextOptions = { serviceWorkers: "allow", permissions: ["notifications"] };

const test = base.extend<object, { service: PushService }>({
  service: [
    async ({}, use) => {
      const service = await PushService.open();
      await use(service);
      service.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ service }, use) => {
      const server = await Server.start({}, { PUSH_ALLOW: service.place });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

test.use(whole);

/** Waits until notices speak the app's language. */
async function taught(page: Page, word: string): Promise<void> {
  const words = () => page.evaluate(async () => (await caches.match("/words"))?.text());
  await expect.poll(words).toContain(word);
}

/** No page of the app is open in this browser, and its service worker knows. */
async function close(page: Page): Promise<void> {
  await page.goto("about:blank");
  const [worker] = page.context().serviceWorkers();
  const pages = async () => {
    const clients = Reflect.get(self, "clients") as { matchAll(of: object): Promise<unknown[]> };
    return (await clients.matchAll({ type: "window" })).length;
  };
  await expect.poll(() => worker?.evaluate(pages)).toBe(0);
}

test("a closed device is told what came, in the words that the person chose", async ({
  newAccount,
  newBrowser,
  server,
  service,
}) => {
  const account = await newAccount("Ana");
  const ben = await newAccount("Ben");
  const id = await account.directWith(ben);
  const page = await newBrowser(keeps);
  const got = await service.serve(page);
  const { cookie } = await account.anotherSession();
  await page.context().addCookies([{ ...cookie, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto("/");
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  const delivery = await Delivery.to(page.context(), page, server.url);
  await openSettings(page);
  const subscribed = () => page.waitForResponse(async (response) => {
    return (response.request().postData() ?? "").includes('"subscribe"') && response.ok();
  });
  const first = subscribed();
  await page.getByRole("switch", { name: "Show notifications" }).check();
  await first;

  await taught(page, "New message");

  // Whoever looks at the app is not told; who closed it is.
  await ben.send(id, "Are you there?");
  await expect(page).toHaveTitle("(1) Tideline");
  await close(page);
  await ben.send(id, "The tide comes in");
  await expect.poll(() => got.map((notice) => JSON.parse(notice))).toContainEqual({
    conversation: id,
    title: "Ben",
    unread: 2,
  });
  for (const notice of got.splice(0)) await delivery.push(notice);
  await page.goto("/");
  await expect.poll(() => shown(page)).toEqual([["Ben", "New message"]]);

  await page.goto("/settings");
  const again = subscribed();
  await page.getByRole("switch", { name: "Show what was written" }).check();
  await again;
  await page.getByRole("combobox", { name: "Language" }).selectOption("中文");
  await taught(page, "图片");
  await close(page);
  await ben.send(id, "It is high");
  await expect.poll(() => got.length).toBeGreaterThan(0);
  for (const notice of got.splice(0)) await delivery.push(notice);
  const image = { conversation: id, title: "Tide pool", unread: 4, author: "Ben", text: "", holds: "image" };
  await page.goto("/");
  // One for a conversation: the newest.
  await expect.poll(() => shown(page)).toEqual([["Ben", "It is high"]]);
  await delivery.push(JSON.stringify(image));
  await expect.poll(() => shown(page)).toEqual([["Tide pool", "Ben：图片"]]);

  await page.goto("/settings");
  const ended = page.waitForResponse(async (response) => {
    return (response.request().postData() ?? "").includes('"unsubscribe"') && response.ok();
  });
  await page.getByRole("switch", { name: "显示通知" }).uncheck();
  await ended;
});

test("a notice puts the number on the icon, and a click on it opens the conversation", async ({
  newAccount,
  newPerson,
  server,
}) => {
  const { account, page } = await newPerson("Ana", keeps);
  const id = await account.directWith(await newAccount("Ben"));
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  const delivery = await Delivery.to(page.context(), page, server.url);
  const [worker] = page.context().serviceWorkers();
  if (!worker) throw new Error("the app is kept");
  await worker.evaluate(() => {
    Object.assign(navigator, { setAppBadge: async (unread: number) => Object.assign(self, { unread }) });
    // Only a person's click may open a page: what would be opened is kept instead.
    const clients = Reflect.get(self, "clients") as object;
    Object.assign(clients, { openWindow: async (opened: string) => Object.assign(self, { opened }) });
  });
  await delivery.push(JSON.stringify({ conversation: id, title: "Ben", unread: 4 }));
  await expect.poll(() => worker.evaluate(() => Reflect.get(self, "unread"))).toBe(4);
  await expect.poll(() => shown(page)).toHaveLength(1);

  const click = () =>
    worker.evaluate(async () => {
      const registration = Reflect.get(self, "registration") as ServiceWorkerRegistration;
      const [notification] = await registration.getNotifications();
      const Click = Reflect.get(self, "NotificationEvent");
      const event = Reflect.construct(Click, ["notificationclick", { notification }]) as Event;
      // Only the browser's own events may be waited for.
      Object.defineProperty(event, "waitUntil", { value: (work: Promise<unknown>) => work.catch(() => 0) });
      self.dispatchEvent(event);
    });
  await expect(page).toHaveURL(/\/$/);
  await click();
  await expect(page).toHaveURL(new RegExp(`/c/${id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Ben" })).toBeVisible();
  await expect.poll(() => shown(page)).toEqual([]);

  await delivery.push(JSON.stringify({ conversation: id, title: "Ben", unread: 5 }));
  await expect.poll(() => shown(page)).toHaveLength(1);
  await close(page);
  await click();
  await expect.poll(() => worker.evaluate(() => Reflect.get(self, "opened"))).toBe(`/c/${id}`);
});
