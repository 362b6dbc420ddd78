import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { details, message, open, openSettings, row } from "../support/screens";

/** A picture of one colour, wider than high. */
async function picture(page: Page, colour: string) {
  const data = await page.evaluate((colour) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [900, 600];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.fillStyle = colour;
    context.fillRect(0, 0, 900, 600);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  }, colour);
  return { name: "me.png", mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** Chooses a file by the button. */
async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Change picture" }).click();
  await (await chooser).setFiles(file);
}

/** Takes the part of the picture that is offered. */
async function use(page: Page) {
  const dialog = page.getByRole("dialog", { name: "Choose what is shown" });
  await dialog.getByRole("button", { name: "Use picture" }).click();
  await expect(dialog).toBeHidden();
}

/** Waits until an avatar shows a picture, square and small; says which. */
async function shown(avatar: Locator): Promise<string> {
  const img = avatar.locator("img");
  await expect(img).toHaveAttribute("alt", "");
  const size = () => img.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]);
  await expect.poll(size).toEqual([256, 256]);
  return (await img.getAttribute("src")) ?? "";
}

test("a picture of oneself is seen by others at once, wherever one's name stands", async ({
  newDevice,
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const pair = await ana.account.directWith(ben.account);
  await ana.account.send(pair, "Hello");
  const group = await ben.account.groupWith([ana.account], "Tide pool");
  await ana.account.send(group, "Low tide at six");
  await open(ben.page, "Tide pool");
  await expect(message(ben.page, "Low tide at six")).toBeVisible();

  const other = await newDevice(ana.account);
  await openSettings(ana.page);
  await expect(ana.page.getByRole("button", { name: "Remove picture" })).toBeHidden();
  await choose(ana.page, await picture(ana.page, "#2c7f9e"));
  await use(ana.page);
  const first = await shown(ana.page.locator(".settings__me .avatar"));
  expect(await shown(row(ben.page, "Ana").locator(".avatar"))).toBe(first);
  expect(await shown(message(ben.page, "Low tide at six").locator(".avatar"))).toBe(first);
  expect(await shown(other.getByRole("button", { name: "Settings" }).locator(".avatar"))).toBe(first);
  const pane = await details(ben.page);
  const member = pane.getByRole("list", { name: "Members" }).getByRole("listitem");
  expect(await shown(member.filter({ hasText: "Ana" }).locator(".avatar"))).toBe(first);
  await row(ben.page, "Ana").click();
  expect(await shown(ben.page.locator(".conversation__header .avatar"))).toBe(first);
  await ben.page.reload();
  expect(await shown(ben.page.locator(".conversation__header .avatar"))).toBe(first);

  await choose(ana.page, await picture(ana.page, "#a0522d"));
  await use(ana.page);
  const avatar = row(ben.page, "Ana").locator(".avatar");
  await expect(avatar.locator("img")).not.toHaveAttribute("src", first);
  await shown(avatar);
  await ana.page.getByRole("button", { name: "Remove picture" }).click();
  await expect(avatar.locator("img")).toHaveCount(0);
  await expect(avatar).toHaveText("A");
});

test("what is no picture is refused with a sentence and changes nothing", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  await openSettings(page);
  await choose(page, { name: "me.png", mimeType: "image/png", buffer: Buffer.from("not a picture") });
  const sentence = "This cannot be used as a picture. Choose another.";
  await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  await expect(page.locator(".settings__me .avatar img")).toHaveCount(0);
});

test("a group's picture is changed by who leads it, and seen behind its link", async ({
  newBrowser,
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const group = await ana.account.groupWith([ben.account], "Tide pool");
  await open(ben.page, "Tide pool");
  const bens = await details(ben.page);
  await expect(bens.getByRole("list", { name: "Members" })).toBeVisible();
  await expect(bens.getByRole("button", { name: "Change picture" })).toHaveCount(0);

  await open(ana.page, "Tide pool");
  const pane = await details(ana.page);
  await choose(ana.page, await picture(ana.page, "#2c7f9e"));
  await use(ana.page);
  const first = await shown(pane.locator(".card .avatar"));
  expect(await shown(row(ben.page, "Tide pool").locator(".avatar"))).toBe(first);
  expect(await shown(bens.locator(".card .avatar"))).toBe(first);

  const out = await newBrowser();
  await out.goto(`/join/${await ana.account.invite(group)}`);
  await shown(out.locator(".invitation .avatar"));
  await pane.getByRole("button", { name: "Remove picture" }).click();
  await expect(row(ben.page, "Tide pool").locator("img")).toHaveCount(0);
});

test("what is shown of a picture is chosen by pointer, wheel or keys", async ({ newPerson }) => {
  const { page } = await newPerson("Ana");
  await openSettings(page);
  // Thrice as wide as high: red, green, blue.
  const data = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [900, 300];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    ["#f00", "#0f0", "#00f"].forEach((colour, n) => {
      context.fillStyle = colour;
      context.fillRect(n * 300, 0, 300, 300);
    });
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  const file = { name: "rgb.png", mimeType: "image/png", buffer: Buffer.from(data, "base64") };
  const dialog = page.getByRole("dialog", { name: "Choose what is shown" });
  const stage = dialog.getByRole("group", { name: "Choose what is shown" });
  const avatar = page.locator(".settings__me .avatar");
  /** The colours of the picture's left and right edge. */
  const edges = () =>
    avatar.locator("img").evaluate((img: HTMLImageElement) => {
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.drawImage(img, 0, 0);
      const colour = (x: number) => {
        const part = Array.from(context.getImageData(x, 128, 1, 1).data.slice(0, 3));
        return "rgb".charAt(part.indexOf(Math.max(...part)));
      };
      return colour(4) + colour(250);
    });
  const seen = async () => {
    await shown(avatar);
    return edges();
  };

  // The middle, as it is.
  await choose(page, file);
  await use(page);
  await expect.poll(seen).toBe("gg");

  // As far to the right as it goes, by keys.
  await choose(page, file);
  await stage.focus();
  for (let n = 0; n < 25; n += 1) await page.keyboard.press("ArrowRight");
  await use(page);
  await expect.poll(seen).toBe("bb");

  // Half a square to the left, dragged.
  await choose(page, file);
  const box = await stage.boundingBox();
  if (!box) throw new Error("no box");
  const [x, y] = [box.x + box.width / 4, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + box.width / 2, y, { steps: 5 });
  await page.mouse.up();
  await use(page);
  await expect.poll(seen).toBe("rg");

  // Nearer, so that what was cut through is not any more; and given up.
  await choose(page, file);
  const zoom = dialog.getByRole("slider", { name: "Zoom" });
  await expect(zoom).toHaveValue("1");
  await stage.hover();
  await page.mouse.wheel(0, -600);
  await expect(zoom).toHaveValue("2");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  expect(await seen()).toBe("rg");
});

test("a picture is seen by whom its person chose, and by contacts wherever their name stands", async ({
  newPerson,
}) => {
  const [ana, ben, cleo] = [await newPerson("Ana"), await newPerson("Ben"), await newPerson("Cleo")];
  await ana.account.call("/api/people", { type: "add_contact", user: ben.account.user });
  await ben.account.call("/api/people", { type: "add_contact", user: ana.account.user });
  const group = await ana.account.groupWith([ben.account, cleo.account], "Tide pool");
  await ana.account.send(group, "Low tide at six");
  await openSettings(ana.page);
  await choose(ana.page, await picture(ana.page, "#2c7f9e"));
  await use(ana.page);
  const of = (page: Page): Locator => message(page, "Low tide at six").locator(".avatar");
  for (const { page } of [ben, cleo]) {
    await open(page, "Tide pool");
    await shown(of(page));
  }

  const audience = ana.page.getByRole("radiogroup", { name: "Who sees your picture" });
  await audience.getByRole("radio", { name: "Contacts" }).check();
  await expect(of(cleo.page).locator("img")).toHaveCount(0);
  await shown(of(ben.page));
  await audience.getByRole("radio", { name: "Nobody" }).check();
  await expect(of(ben.page).locator("img")).toHaveCount(0);
  await shown(ana.page.locator(".settings__me .avatar"));
  await audience.getByRole("radio", { name: "Everybody" }).check();
  for (const { page } of [ben, cleo]) await shown(of(page));
});
