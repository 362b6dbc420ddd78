import { type Locator, type Page } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, count, message, open, row, startingWith } from "../support/screens";

/** The field of the palette. */
function field(page: Page): Locator {
  return page.getByRole("combobox", { name: "Go to or do" });
}

/** Opens it, and waits until what is typed goes there. */
async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

/** A choice of the palette. */
function choice(page: Page, name: string): Locator {
  return page.getByRole("listbox", { name: "Found" }).getByRole("option", { name: startingWith(name) });
}

/** The title of the conversation on the screen. */
function title(page: Page, name: string): Locator {
  return page.getByRole("heading", { level: 1, name, exact: true });
}

test("a few letters lead to a conversation", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  for (const name of ["Low tide", "Tide pool", "Café ＡＢＣ"]) await account.groupWith([ben], name);
  await open(page, "Low tide");
  await expect(composer(page)).toBeFocused();

  await openPalette(page);
  await expect(choice(page, "Tide pool")).toBeVisible();
  await expect(choice(page, "New message")).toBeVisible();
  await expect(choice(page, "Sign out"), "not a main action").toBeHidden();
  await page.keyboard.press("Escape");
  await expect(field(page)).toBeHidden();
  await expect(composer(page)).toBeFocused();

  await openPalette(page);
  await page.keyboard.type("CAFE abc");
  await expect(page.getByRole("option")).toHaveCount(1);
  await expect(choice(page, "Café")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(title(page, "Café ＡＢＣ")).toBeVisible();
  await expect(composer(page)).toBeFocused();

  await openPalette(page);
  await page.keyboard.type("tide");
  await expect(page.getByRole("option")).toHaveText([/^.*Tide pool/, /^.*Low tide/]);
  await page.keyboard.press("ArrowDown");
  const low = choice(page, "Low tide");
  await expect(low).toHaveAttribute("aria-selected", "true");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await low.getAttribute("id")) ?? "");
  await page.keyboard.press("ArrowDown");
  await expect(choice(page, "Tide pool")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(title(page, "Low tide")).toBeVisible();
});

test("the palette finds messages and people, of the device and of the service", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { page, account } = await newPerson("Ana");
  const [ben, cleo] = [await newAccount("Ben"), await newAccount("Cleo")];
  const pool = await account.groupWith([ben], "Tide pool");
  await ben.sendAll(pool, ["the lighthouse is out", ...count("wave", 1, 300)]);
  await ben.send(pool, "lighthouse again");
  await expect(row(page, "Tide pool")).toContainText("lighthouse again");

  await openPalette(page);
  await page.keyboard.type("lighth");
  await expect(page.getByText("Searching…")).toBeHidden();
  const messages = page.getByRole("group", { name: "Messages" }).getByRole("option");
  await expect(messages).toHaveText([/lighthouse again/, /the lighthouse is out/, /^Search messages/]);
  await messages.nth(1).click();
  await expect(title(page, "Tide pool")).toBeVisible();
  await expect(message(page, "the lighthouse is out")).toBeInViewport();

  await openPalette(page);
  await page.keyboard.type(cleo.userName);
  const people = page.getByRole("group", { name: "People" }).getByRole("option");
  await expect(people).toHaveText([/Cleo/]);
  await page.keyboard.press("ArrowDown");
  await expect(choice(page, "Cleo")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(title(page, "Cleo")).toBeVisible();

  // While the answer is not here it says so, and without a network what the device holds is there.
  let end = (): void => {};
  const held = new Promise<void>((done) => {
    end = done;
  });
  await page.route("**/api/search", async (route) => {
    await held;
    await route.abort("internetdisconnected");
  });
  await openPalette(page);
  await page.keyboard.type("again");
  await expect(page.getByText("Searching…")).toBeVisible();
  await expect(messages).toHaveText([/lighthouse again/, /^Search messages/]);
  end();
  await expect(page.getByText("this is what this device holds")).toBeVisible();
  await expect(messages).toHaveText([/lighthouse again/, /^Search messages/]);
});

test("the palette does what it is told", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await account.groupWith([ben], "Tide pool");
  await open(page, "Tide pool");
  const choose = async (typed: string, name: string): Promise<void> => {
    await page.keyboard.press("Control+k");
    await field(page).fill(typed);
    await choice(page, name).click();
    await expect(field(page)).toBeHidden();
  };

  await choose("pin", "Pin to the top");
  await expect(row(page, "Tide pool")).toHaveAccessibleName(/Pinned/);
  await choose("pin", "Unpin");
  await expect(row(page, "Tide pool")).not.toHaveAccessibleName(/Pinned/);
  await choose("theme", "Theme: Dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await choose("new g", "New group");
  await expect(page.getByRole("textbox", { name: "Group name" })).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(field(page), "one dialog at a time").toBeHidden();
  await page.keyboard.press("Escape");

  await choose("ebb and flow", "Search messages for “ebb and flow”");
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("ebb and flow");
  await choose("shortc", "Keyboard shortcuts");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await choose("语言", "Language: 中文");
  await expect(page.getByRole("navigation", { name: "会话" })).toBeVisible();
});

test("a question mark shows the shortcuts, and in a text it is one", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  await account.groupWith([ben], "Tide pool");
  const shortcuts = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await row(page, "Tide pool").focus();
  await page.keyboard.press("?");
  await expect(shortcuts).toBeVisible();
  await expect(shortcuts.getByText("Next unread one")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(shortcuts).toBeHidden();
  await expect(row(page, "Tide pool")).toBeFocused();
  await open(page, "Tide pool");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press("?");
  await expect(composer(page)).toHaveValue("?");
  await expect(shortcuts).toBeHidden();
});

test("Alt and arrows go from conversation to conversation", async ({ newAccount, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const ids = [];
  for (const name of ["Third", "Second", "First"]) ids.push(await account.groupWith([ben], name));
  await expect(row(page, "First")).toBeVisible();
  await expect(row(page, "Third")).toBeVisible();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(title(page, "First")).toBeVisible();
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(title(page, "Second")).toBeVisible();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(title(page, "First")).toBeVisible();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(title(page, "Third"), "behind the first one is the last one").toBeVisible();
  await account.call("/api/account", { type: "arrange", conversation: ids[1], unread: true });
  await expect(row(page, "Second")).toHaveAccessibleName(/Marked as unread/);
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(title(page, "Second")).toBeVisible();
});
