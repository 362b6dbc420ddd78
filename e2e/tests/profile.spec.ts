import type { Page } from "@playwright/test";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { details, open, openSettings } from "../support/screens";

test("what somebody says about themselves is seen by others", async ({ newAccount, newPerson }) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  await ana.account.send(await ana.account.directWith(ben.account), "Guess who");

  await openSettings(ana.page);
  await ana.page.getByRole("textbox", { name: "Display name" }).fill("安娜 Ana");
  await ana.page.getByRole("textbox", { name: "Age" }).fill("29");
  await ana.page.getByRole("combobox", { name: "Gender" }).selectOption("Female");
  await ana.page.getByRole("textbox", { name: "Signature" }).fill("At sea until Friday");
  await ana.page.getByRole("button", { name: "Save" }).click();
  await expect(ana.page.getByText("Saved")).toBeVisible();
  await ana.page.reload();
  await expect(ana.page.getByRole("textbox", { name: "Display name" })).toHaveValue("安娜 Ana");
  await expect(ana.page.getByRole("textbox", { name: "Age" })).toHaveValue("29");
  await expect(ana.page.getByRole("combobox", { name: "Gender" })).toHaveValue("female");

  // From the conversation, without reloading, and at the person's own address.
  await open(ben.page, "安娜 Ana");
  const pane = await details(ben.page);
  for (const fact of ["安娜 Ana", `@${ana.account.userName}`, "29", "Female", "At sea until Friday"]) {
    await expect(pane.getByText(fact, { exact: true })).toBeVisible();
  }
  const cleo = await newPerson("Cleo");
  await cleo.page.goto(`/u/${ana.account.userName}`);
  await expect(cleo.page.getByRole("heading", { name: "安娜 Ana" })).toBeVisible();
  for (const fact of ["29", "Female", "At sea until Friday"]) {
    await expect(cleo.page.getByText(fact, { exact: true })).toBeVisible();
  }

  // What was taken back is gone.
  const dan = await newAccount("Dan");
  await cleo.page.goto(`/u/${dan.userName}`);
  await expect(cleo.page.getByRole("heading", { name: "Dan" })).toBeVisible();
  await expect(cleo.page.getByText("Female")).toBeHidden();
});

test("each field of a profile is seen by whom its person chose, on all of their devices", async ({
  newAccount,
  newDevice,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  await ana.account.describe({ age: 30, gender: "female", signature: "Low tide at noon" });
  await ana.account.call("/api/people", { type: "add_contact", user: ben.account.user });
  await ben.account.call("/api/people", { type: "add_contact", user: ana.account.user });
  const cleo = await newDevice(await newAccount("Cleo"));
  const look = async (page: Page): Promise<void> => {
    await page.goto(`/u/${ana.account.userName}`);
    await expect(page.getByRole("heading", { name: "Ana" })).toBeVisible();
  };
  await look(cleo);
  await expect(cleo.getByText("Low tide at noon")).toBeVisible();
  await expect(cleo.getByText("Female", { exact: true })).toBeVisible();

  await openSettings(ana.page);
  const seen = (page: Page, field: string, by: string) =>
    page.getByRole("radiogroup", { name: `Who sees your ${field}` }).getByRole("radio", { name: by });
  await expect(seen(ana.page, "age", "Everybody")).toBeChecked();
  await seen(ana.page, "age", "Nobody").check();
  await seen(ana.page, "gender", "Contacts").check();
  await seen(ana.page, "signature", "Everybody").focus();
  await ana.page.keyboard.press("ArrowRight");
  const other = await newDevice(ana.account);
  await openSettings(other);
  await expect(seen(other, "age", "Nobody")).toBeChecked();
  await expect(seen(other, "gender", "Contacts")).toBeChecked();
  await expect(seen(other, "signature", "Contacts")).toBeChecked();

  await look(cleo);
  await expect(cleo.getByText("Low tide at noon")).toBeHidden();
  await expect(cleo.getByText("Female", { exact: true })).toBeHidden();
  await look(ben.page);
  await expect(ben.page.getByText("Low tide at noon")).toBeVisible();
  await expect(ben.page.getByText("Female", { exact: true })).toBeVisible();
  await expect(ben.page.getByText("30", { exact: true })).toBeHidden();
});

test("an impossible profile is refused with a sentence and changes nothing", async ({
  newPerson,
}) => {
  const { page } = await newPerson("Ana");
  await openSettings(page);
  const fields = {
    name: page.getByRole("textbox", { name: "Display name" }),
    age: page.getByRole("textbox", { name: "Age" }),
    signature: page.getByRole("textbox", { name: "Signature" }),
  };
  for (const [field, value, sentence] of [
    ["age", "0", /from 1 to 150/],
    ["age", "151", /from 1 to 150/],
    ["age", "old", /from 1 to 150/],
    ["name", "", /name that can be seen/],
    ["name", " \u200b\u2060 ", /name that can be seen/],
    ["name", "n".repeat(49), /at most 48 characters/],
    ["signature", "s".repeat(161), /at most 160 characters/],
  ] as const) {
    const before = await fields[field].inputValue();
    await fields[field].fill(value);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await expect(page.getByText("Saved")).toBeHidden();
    await fields[field].fill(before);
  }
  await page.reload();
  await expect(fields.name).toHaveValue("Ana");
  await expect(fields.age).toHaveValue("");
});

test("an address of nobody says so", async ({ newPerson, tolerate }) => {
  tolerate(/status of 404/);
  const { page } = await newPerson("Ana");
  await page.goto("/u/nobody.of.this.name");
  await expect(page.getByText("There is nobody with this name.")).toBeVisible();
});

test("a profile that the network keeps away is looked for again", async ({ line, newAccount, newPerson, tolerate }) => {
  tolerate(UNREACHABLE);
  const { page } = await newPerson("Ana", { baseURL: line.url });
  const ben = await newAccount("Ben");
  // Its code is here before the network goes.
  await page.goto("/contacts");
  await expect(page.getByText("No contacts yet")).toBeVisible();
  line.cut();
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/u/${ben.userName}`);
  await expect(page.getByRole("alert").filter({ hasText: "You seem to be offline" })).toBeVisible();
  line.mend();
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "Ben" })).toBeVisible();
});

test("what others see stays as it is stored where a change does not arrive", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { page } = await newPerson("Ana", { baseURL: line.url });
  await openSettings(page);
  const shared = page.getByRole("switch", { name: "Read receipts" });
  const age = page.getByRole("radiogroup", { name: "Who sees your age" });
  await expect(shared).toBeChecked();
  await expect(age.getByRole("radio", { name: "Everybody" })).toBeChecked();
  const offline = page.getByRole("alert").filter({ hasText: "You seem to be offline" });
  line.cut();
  await shared.click();
  await expect(offline).toBeVisible();
  await expect(shared).toBeChecked();
  await offline.getByRole("button", { name: "Dismiss" }).click();
  await age.getByRole("radio", { name: "Nobody" }).click();
  await expect(offline).toBeVisible();
  await expect(age.getByRole("radio", { name: "Everybody" })).toBeChecked();
  await expect(age.getByRole("radio", { name: "Nobody" })).not.toBeChecked();
  line.mend();
  await age.getByRole("radio", { name: "Nobody" }).click();
  await page.reload();
  await expect(age.getByRole("radio", { name: "Nobody" })).toBeChecked();
  await expect(shared).toBeChecked();
});
