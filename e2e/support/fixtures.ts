// What every browser test starts from: a running service, people who use it, and the promise that
// no page complains.
import {
  test as base,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
} from "@playwright/test";
import { Account } from "./api";
import { Line } from "./line";
import { Server } from "./server";

export { expect };

/** Somebody who is signed in, in a browser of their own. */
export type Person = { account: Account; page: Page };

type PerTest = {
  /** An account; nobody sits in front of it. */
  newAccount: (displayName: string) => Promise<Account>;
  /** A browser of its own with an empty page; nobody is signed in. */
  newBrowser: (options?: BrowserContextOptions) => Promise<Page>;
  /** A browser of its own, signed in to this account, on the main screen. */
  newDevice: (account: Account, options?: BrowserContextOptions) => Promise<Page>;
  /** An account and a device of it. */
  newPerson: (displayName: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A line to the service; `newPerson(name, { baseURL: line.url })` sits at its end. */
  line: Line;
  /** Lets pages complain about what the test provokes; any other complaint fails it. */
  tolerate: (complaint: RegExp) => void;
};

type PerWorker = {
  /** The service, with storage that the tests of one worker share. */
  server: Server;
};

export const test = base.extend<PerTest, PerWorker>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  newAccount: async ({ server }, use) => {
    await use((displayName) => Account.register(server.url, displayName));
  },

  newBrowser: async ({ browser, baseURL }, use) => {
    const open: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}), ...options });
      open.push(context);
      return context.newPage();
    });
    await Promise.all(open.map((context) => context.close()));
  },

  newDevice: async ({ newBrowser, server }, use) => {
    await use(async (account, options = {}) => {
      const page = await newBrowser(options);
      const { cookie } = await account.anotherSession();
      const url = options.baseURL ?? server.url;
      await page.context().addCookies([{ ...cookie, url, httpOnly: true, sameSite: "Lax" }]);
      await page.goto("/");
      await expect(page.getByRole("navigation").getByRole("status")).toBeVisible();
      return page;
    });
  },

  newPerson: async ({ newAccount, newDevice }, use) => {
    await use(async (displayName, options = {}) => {
      const account = await newAccount(displayName);
      return { account, page: await newDevice(account, options) };
    });
  },

  line: async ({ server }, use) => {
    const line = await Line.to(server.url);
    await use(line);
    await line.remove();
  },

  tolerate: [
    async ({ browser }, use) => {
      const complaints: string[] = [];
      const tolerated: RegExp[] = [];
      const listen = (context: BrowserContext): void => {
        context.on("console", (line) => {
          if (line.type() === "error") complaints.push(`${line.text()} (${line.location().url})`);
        });
        context.on("weberror", (error) => complaints.push(String(error.error())));
      };
      browser.on("context", listen);
      await use((complaint) => tolerated.push(complaint));
      browser.off("context", listen);
      const unexpected = complaints.filter((text) => !tolerated.some((one) => one.test(text)));
      expect(unexpected, "what pages complained about").toEqual([]);
    },
    { auto: true },
  ],
});

/** Complaints of a browser that cannot reach the service. */
export const UNREACHABLE =
  /ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_INCOMPLETE|Failed to fetch|Network error|WebSocket/;
