// Codes for cameras: what is read off the screen is the link that stands beside them.
import type { Locator } from "@playwright/test";
import jsQR from "jsqr";
import { PASSWORD, uniqueName } from "../support/api";
import { expect, test } from "../support/fixtures";
import {
  conversations,
  details,
  fillCredentials,
  looks,
  open,
  openSettings,
  showRegister,
} from "../support/screens";

/** What a camera reads, which wants dark on bright; nothing where there is no code. */
async function scanned(code: Locator): Promise<string | undefined> {
  const { colours, width, height } = await looks(code);
  return jsQR(colours, width, height, { inversionAttempts: "dontInvert" })?.data;
}

test("the code of one's own link is read as that link, on every screen and in both themes", async ({
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const { page } = ana;
  await openSettings(page);
  const link = await page.getByRole("textbox", { name: "Your link" }).inputValue();
  expect(new URL(link).pathname).toBe(`/u/${ana.account.userName}`);
  await page.getByRole("button", { name: "QR code" }).click();
  const dialog = page.getByRole("dialog", { name: "QR code" });
  const code = dialog.getByRole("img", { name: `QR code of ${link}` });
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => scanned(code), `${width}, ${colorScheme}`).toBe(link);
    }
  }
  await ben.page.goto((await scanned(code)) ?? "");
  await expect(ben.page.getByRole("heading", { name: "Ana" })).toBeVisible();
  await expect(ben.page.getByRole("button", { name: "Add contact" })).toBeVisible();
});

test("who invites somebody shows the code of the link above it", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  await page.getByRole("main").getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  const link = await dialog.getByRole("textbox", { name: "Your link" }).inputValue();
  await expect.poll(() => scanned(dialog.getByRole("img", { name: `QR code of ${link}` }))).toBe(link);
});

test("a link with a Chinese name is read off its code, and leads to whoever has that name", async ({
  newBrowser,
  newPerson,
}) => {
  const page = await newBrowser();
  const name = `潮水${uniqueName()}`;
  await page.goto("/");
  await showRegister(page);
  await fillCredentials(page, name, PASSWORD);
  await page.getByRole("button", { name: "Create account", exact: true }).click();
  await expect(conversations(page)).toBeVisible();
  await openSettings(page);
  const link = await page.getByRole("textbox", { name: "Your link" }).inputValue();
  await page.getByRole("button", { name: "QR code" }).click();
  const code = page.getByRole("dialog").getByRole("img", { name: `QR code of ${link}` });
  await expect.poll(() => scanned(code)).toBe(link);

  const ben = await newPerson("Ben");
  await ben.page.goto((await scanned(code)) ?? "");
  await expect(ben.page.getByText(`@${name}`)).toBeVisible();
});

test("the code of a group's invite link is read as that link, also once another one is shown", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const pane = await details(page);
  await pane.getByRole("button", { name: "Invite link", exact: true }).click();
  const field = pane.getByRole("textbox", { name: "Invite link" });
  const shownAs = async (link: string): Promise<void> => {
    await pane.getByRole("button", { name: "QR code" }).click();
    const code = page.getByRole("dialog", { name: "QR code" }).getByRole("img");
    await expect.poll(() => scanned(code)).toBe(link);
    await page.keyboard.press("Escape");
    await expect(code).toBeHidden();
  };
  const first = await field.inputValue();
  await shownAs(first);
  await pane.getByRole("button", { name: "New link" }).click();
  await pane.getByRole("button", { name: "Create link" }).click();
  await expect(field).not.toHaveValue(first);
  await shownAs(await field.inputValue());
});
