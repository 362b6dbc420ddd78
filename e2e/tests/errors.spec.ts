// What the service fails at, and what does not reach it: each part of a screen says so, keeps what is there, and is
// right when it is tried again. Where nothing is known at all, `states.spec.ts` looks.
import type { Locator, Page } from "@playwright/test";
import { Account } from "../support/api";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, details, message, open, openSettings, row, startingWith } from "../support/screens";
import { Server } from "../support/server";

/** What becomes of a question to the service. */
type Fate = "fails" | "is lost" | "is answered";

const FAILED = "Something went wrong on our side.";
const LOST = "You seem to be offline.";

/** Has the questions of one type that a page asks at a door fail from now on, or what is said afterwards. */
async function spoil(page: Page, door: string, type: string): Promise<(fate: Fate) => void> {
  let fate: Fate = "fails";
  await page.route(door, (route) => {
    const spoilt = route.request().postDataJSON()?.type === type && fate !== "is answered";
    if (!spoilt) return route.fallback();
    // Not by the service itself, which says why: by something in front of it.
    if (fate === "fails") return route.fulfill({ status: 500, body: "<h1>Internal Server Error</h1>" });
    return route.abort("internetdisconnected");
  });
  return (next) => {
    fate = next;
  };
}

/** What a part of the screen says to be wrong. */
function wrong(within: Locator, what: string | RegExp = /\S/): Locator {
  return within.getByRole("alert").filter({ hasText: what });
}

/** It failed; it is tried again by `again`, without a network and then with one, after which `there` is there. */
async function tryAgain(
  within: Locator,
  fate: (fate: Fate) => void,
  again: () => Promise<void>,
  there: () => Promise<void>,
): Promise<void> {
  await expect(wrong(within, FAILED)).toBeVisible();
  fate("is lost");
  await again();
  await expect(wrong(within, LOST)).toBeVisible();
  await expect(wrong(within, FAILED)).toBeHidden();
  fate("is answered");
  await again();
  await there();
  await expect(wrong(within)).toHaveCount(0);
}

/** The same with the button for it. */
async function retried(within: Locator, fate: (fate: Fate) => void, there: Locator): Promise<void> {
  await tryAgain(
    within,
    fate,
    () => within.getByRole("button", { name: "Retry" }).click(),
    () => expect(there).toBeVisible(),
  );
  await expect(within.getByRole("button", { name: "Retry" })).toHaveCount(0);
}

test.beforeEach(({ tolerate }) => {
  tolerate(/status of 500/);
  tolerate(UNREACHABLE);
});

test("where one is signed in is asked for again, and a session that could not be ended is still there", async ({
  newPerson,
}) => {
  // Who registered, and this browser.
  const { page } = await newPerson("Ana");
  const main = page.getByRole("main");
  const listing = await spoil(page, "**/api/session", "sessions");
  await page.goto("/settings");
  const end = main.getByRole("button", { name: "End session" });
  await retried(main, listing, end);
  const ending = await spoil(page, "**/api/session", "end_session");
  await end.click();
  await tryAgain(
    main,
    ending,
    async () => {
      await expect(page.locator(".sessions__row")).toHaveCount(2);
      await end.click();
    },
    () => expect(main.getByText("You are signed in on this device only.")).toBeVisible(),
  );
});

test("each page of the administration is asked for again", async ({ newBrowser }) => {
  // Whoever comes first to a service owns it.
  const server = await Server.start();
  const owner = await Account.register(server.url, "Olga");
  const ben = await Account.register(server.url, "Ben");
  await ben.createGroup("Tide pool");
  await owner.call("/api/people", { type: "report", user: ben.user, reason: "spam", note: "" });
  await owner.call("/api/admin", { type: "ban", user: ben.user });
  const page = await newBrowser({ baseURL: server.url });
  await page.context().addCookies([{ ...owner.cookie, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  for (const [tab, type, there] of [
    ["Overview", "figures", "New groups in the last 30 days: 1"],
    ["People", "people", "Let in again"],
    ["Groups", "groups", "Tide pool"],
    ["Reports", "reports", "About Ben"],
    ["Log", "log", "Banned Ben"],
    ["Settings", "settings", "Whoever has an account already"],
  ] as const) {
    await test.step(tab, async () => {
      const fate = await spoil(page, "**/api/admin", type);
      await page.goto("/admin");
      await page.getByRole("tab", { name: tab }).click();
      const panel = page.getByRole("tabpanel");
      await retried(panel, fate, panel.getByText(there));
    });
  }
  await page.context().close();
  await server.stop();
});

test("who has read a message, and what it said before, is asked for again", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const pool = await account.groupWith([ben], "Tide pool");
  const seq = await account.send(pool, "low tide");
  await account.conversation(pool, { type: "edit", seq, text: "high tide" });
  // The group has to hear first that she shows what she reads.
  await expect(() => account.conversation(pool, { type: "readers", seq })).toPass();
  await open(page, "Tide pool");
  const said = message(page, "high tide");
  for (const [name, type, there] of [
    ["Read by", "readers", "Ben"],
    ["Earlier versions", "revisions", "low tide"],
  ] as const) {
    await test.step(name, async () => {
      const fate = await spoil(page, `**/api/conversations/${pool}`, type);
      await said.hover();
      await said.getByRole("button", { name: "Message actions" }).click();
      await page.getByRole("menuitem", { name, exact: true }).click();
      const dialog = page.getByRole("dialog", { name });
      await retried(dialog, fate, dialog.getByText(there, { exact: true }));
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
    });
  }
});

test("the links of a group are asked for again, and made or withdrawn by another try", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const pool = await account.createGroup("Tide pool");
  const door = `**/api/conversations/${pool}`;
  await open(page, "Tide pool");
  const pane = await details(page);
  const link = pane.getByRole("textbox", { name: "Invite link" });
  const press = (name: string) => () => pane.getByRole("button", { name, exact: true }).click();

  const listing = await spoil(page, door, "invites");
  await press("Invite link")();
  await tryAgain(pane, listing, press("Invite link"), () => expect(link).toHaveValue(/\/join\/\w+$/));
  const first = await link.inputValue();

  const making = await spoil(page, door, "create_invite");
  await press("New link")();
  await pane.getByRole("combobox", { name: "For" }).selectOption("10 people");
  await press("Create link")();
  await tryAgain(pane, making, press("Create link"), () => expect(link).not.toHaveValue(first));
  await expect(pane.getByText("0 of 10 joined.")).toBeVisible();
  const second = await link.inputValue();

  const ending = await spoil(page, door, "revoke_invite");
  await press("Revoke link")();
  await expect(wrong(pane, FAILED)).toBeVisible();
  await expect(link, "it still works").toHaveValue(second);
  await tryAgain(pane, ending, press("Revoke link"), () => expect(link).toHaveValue(first));
});

test("who could not be let through stays blocked, and is let through by another try", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await account.call("/api/people", { type: "block", user: ben.user });
  const fate = await spoil(page, "**/api/people", "unblock");
  await openSettings(page);
  const blocked = page.getByRole("list", { name: "Blocked people" });
  const unblock = async (): Promise<void> => {
    await expect(blocked.getByRole("listitem")).toContainText("Ben");
    await blocked.getByRole("button", { name: "Unblock" }).click();
  };
  await unblock();
  await tryAgain(page.getByRole("main"), fate, unblock, () => expect(blocked).toBeHidden());
});

test("a request that could not be answered is still there, and so is a contact who could not be written to", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await ben.call("/api/people", { type: "add_contact", user: account.user });
  const main = page.getByRole("main");
  await page.goto("/contacts");
  const accepting = await spoil(page, "**/api/people", "add_contact");
  const accept = (): Promise<void> =>
    page.getByRole("list", { name: "Requests", exact: true }).getByRole("button", { name: "Accept" }).click();
  const contact = page.getByRole("list", { name: "Contacts" }).getByRole("button", { name: startingWith("Ben") });
  await accept();
  await tryAgain(main, accepting, accept, () => expect(contact).toBeVisible());

  const starting = await spoil(page, "**/api/conversations/*", "start_direct");
  await contact.click();
  await expect(wrong(main, FAILED)).toBeVisible();
  starting("is lost");
  await contact.click();
  await expect(wrong(main, LOST)).toBeVisible();
  starting("is answered");
  await contact.click();
  await expect(page.getByRole("heading", { level: 1, name: "Ben", exact: true })).toBeVisible();
  await expect(composer(page)).toBeVisible();
});

test("public groups are looked for again while one's own are there, and joined by another try", async ({
  newAccount,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const name = `Harbour ${account.userName}`;
  await account.createGroup(`${name} within`);
  const outside = await ben.createGroup(`${name} without`);
  await ben.conversation(outside, { type: "change_record", public: true });
  await expect(row(page, `${name} within`)).toBeVisible();
  await page.goto("/search");
  await page.getByRole("tab", { name: "Groups" }).click();
  const panel = page.getByRole("tabpanel");
  const found = (region: string): Locator => page.getByRole("region", { name: region }).getByRole("link");
  const looking = await spoil(page, "**/api/search", "public_groups");
  await page.getByRole("searchbox", { name: "Search" }).fill(name);
  await expect(wrong(panel, FAILED)).toBeVisible();
  await expect(found("Your groups")).toHaveText(/within/);
  await retried(panel, looking, found("Public groups"));

  await found("Public groups").click();
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1, name: `${name} without` })).toBeVisible();
  const joining = await spoil(page, `**/api/conversations/${outside}`, "join");
  const join = (): Promise<void> => main.getByRole("button", { name: "Join group" }).click();
  await join();
  await tryAgain(main, joining, join, () => expect(composer(page)).toBeVisible());
});

for (const what of ["a person", "an invite", "a public group"] as const) {
  test(`${what} that the service fails at for a moment is not called gone, and is asked for again`, async ({
    newAccount,
    newPerson,
  }) => {
    const { page } = await newPerson("Ana");
    const ben = await newAccount("Ben");
    const pool = await ben.createGroup("Tide pool");
    const token = await ben.invite(pool);
    await ben.conversation(pool, { type: "change_record", public: true });
    const { path, door, type, name } = {
      "a person": { path: `/u/${ben.userName}`, door: "**/api/people", type: "profile_by_name", name: "Ben" },
      "an invite": { path: `/join/${token}`, door: "**/api/invites", type: "preview", name: "Tide pool" },
      "a public group": { path: `/c/${pool}`, door: `**/api/conversations/${pool}`, type: "preview", name: "Tide pool" },
    }[what];
    const fate = await spoil(page, door, type);
    await page.goto(path);
    const main = page.getByRole("main");
    await expect(main.getByText(FAILED)).toBeVisible();
    await expect(main.getByText(/There is nothing here|This invite does not work/)).toBeHidden();
    const again = main.getByRole("button", { name: "Retry" });
    await expect(again).toBeVisible();
    fate("is answered");
    await again.click();
    await expect(main.getByRole("heading", { name, exact: true }).first()).toBeVisible();
    await expect(main.getByText(FAILED)).toBeHidden();
  });
}
