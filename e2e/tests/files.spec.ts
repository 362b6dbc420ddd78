import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { attach, picture, sendButton } from "../support/files";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import {
  composer,
  connection,
  log,
  message,
  numbered,
  open,
  row,
  say,
  sent,
  state,
  storedKeys,
} from "../support/screens";

/** The files that the device keeps until they are sent, and how much of them has arrived. */
async function kept(page: Page): Promise<string[]> {
  return (await storedKeys(page)).filter((key) => /^(tray|parts)\//.test(key));
}

const tray = (page: Page) => page.getByRole("list", { name: "Files" });

test("pictures are sent by the button, shown in their place, and looked at in the viewer", async ({
  newPerson,
}) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  await say(ana.page, "Look");
  await attach(ana.page, [
    await picture(ana.page, "pier.png", 320, 200),
    await picture(ana.page, "large.png", 3000, 1500),
  ]);
  await expect(tray(ana.page).getByRole("listitem")).toHaveCount(2);
  await expect(sendButton(ana.page)).toBeEnabled();
  await composer(ana.page).fill("From the pier");
  await composer(ana.page).press("Enter");
  await expect(tray(ana.page)).toBeHidden();
  await expect(sent(message(ana.page, "From the pier"))).toBeAttached();

  await open(ben.page, "Ana");
  const said = message(ben.page, "From the pier");
  const images = said.locator("img");
  await expect(images).toHaveCount(2);
  await expect
    .poll(() => images.evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth)))
    .toEqual([320, 720]);

  await said.getByRole("button", { name: "Open pier.png" }).click();
  const viewer = ben.page.getByRole("dialog", { name: "pier.png" });
  await expect(viewer).toBeVisible();
  await ben.page.keyboard.press("ArrowRight");
  const next = ben.page.getByRole("dialog", { name: "large.webp" });
  await expect(next).toBeVisible();
  const pixels = () => next.locator("img").evaluate((img) => (img as HTMLImageElement).naturalWidth);
  await expect.poll(pixels).toBe(2560);
  const width = () => next.locator("img").evaluate((img) => img.getBoundingClientRect().width);
  const before = await width();
  await next.getByRole("button", { name: "Zoom in" }).click();
  await next.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(width).toBeGreaterThan(before * 1.5);
  await expect(next.getByRole("button", { name: "Next picture" })).toBeDisabled();
  // What was in the middle still is.
  const middle = () => next.locator(".viewer__stage").evaluate((stage) =>
    (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth);
  await expect.poll(middle).toBeCloseTo(0.5, 2);
  await ben.page.keyboard.press("ArrowLeft");
  await expect(viewer).toBeVisible();
  await expect(viewer.getByRole("button", { name: "Next picture" })).toBeEnabled();
  // A small picture is no larger than it is.
  expect((await viewer.locator("img").boundingBox())?.width).toBe(320);
  await ben.page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();

  // What has no words is called by what it is.
  await attach(ana.page, [await picture(ana.page, "only.png", 40, 30)]);
  await expect(sendButton(ana.page)).toBeEnabled();
  await sendButton(ana.page).click();
  await expect(row(ben.page, "Ana")).toContainText("Photo");
  const only = log(ben.page).getByRole("article").last();
  await expect(only.getByRole("button", { name: "Open only.png" })).toBeVisible();
  await expect(only.locator("img")).toHaveAttribute("data-come", "true");
  await ana.account.conversation(id, { type: "recall", seq: 3 });
  await expect(only.locator("img")).toHaveCount(0);
});

test("a large picture is fetched small for the timeline, and whole for the viewer", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/ERR_FAILED/);
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ben.page.goto(`/c/${id}`);
  await ana.page.goto(`/c/${id}`);
  // What could not be uploaded yet is there after a reload, its thumbnail, too.
  let tries = 0;
  await ana.page.route("**/thumb", (route) => {
    tries += 1;
    return route.abort();
  });
  await attach(ana.page, [await picture(ana.page, "pier.png", 2000, 1000)]);
  await expect(tray(ana.page).getByRole("listitem")).toHaveAttribute("data-state", "under");
  await expect.poll(() => tries).toBeGreaterThan(1);
  await ana.page.unroute("**/thumb");
  await ana.page.reload();
  await expect(sendButton(ana.page)).toBeEnabled();
  await sendButton(ana.page).click();

  const fetched: string[] = [];
  ben.page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  const image = log(ben.page).locator("img");
  await expect(image).toHaveAttribute("data-come", "true");
  await expect(image).toHaveAttribute("src", /\/files\/[^/]+\/thumb$/);
  const small = (await image.getAttribute("src")) ?? "";
  expect(await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(720);
  const whole = small.replace(/\/thumb$/, "");
  expect(fetched).not.toContain(whole);
  // Until all of it has come, the viewer shows the thumbnail in its place.
  let letGo = (): void => undefined;
  const opened = new Promise<void>((resolve) => (letGo = resolve));
  await ben.page.route(`**${whole}`, (route) => opened.then(() => route.continue()));
  await log(ben.page).getByRole("button", { name: "Open pier.png" }).click();
  const viewed = ben.page.getByRole("dialog", { name: "pier.png" }).locator("img");
  await expect(viewed).toHaveCSS("background-image", new RegExp(`${small}"\\)$`));
  const place = () =>
    viewed.evaluate((img) => {
      const { left, top, width, height } = img.getBoundingClientRect();
      return [left, top, width, height].map(Math.round);
    });
  // Once the dialog has come to rest.
  await viewed.evaluate((img) => {
    const moving = img.closest("dialog")?.getAnimations({ subtree: true }) ?? [];
    return Promise.all(moving.map((animation) => animation.finished));
  });
  const before = await place();
  expect(before[2]).toBe(2 * (before[3] ?? 0));
  letGo();
  await expect(viewed).toHaveCSS("background-image", "none");
  expect(await place()).toEqual(before);
  expect(await viewed.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(2000);
});

test("a picture that does not come into the viewer says so, and comes when it is asked for again", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/ERR_FAILED/);
  const [ana, { account, page }] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(account);
  await ana.page.goto(`/c/${id}`);
  await attach(ana.page, [await picture(ana.page, "pier.png", 2000, 1000)]);
  await sendButton(ana.page).click();
  await page.goto(`/c/${id}`);
  await expect(log(page).locator("img")).toHaveAttribute("data-come", "true");
  await page.route(/\/files\/[^/]+$/, (route) => route.abort());
  await log(page).getByRole("button", { name: "Open pier.png" }).click();
  const viewer = page.getByRole("dialog", { name: "pier.png" });
  await expect(viewer.getByRole("alert")).toContainText("The picture did not come.");
  await expect(viewer.locator("img")).toHaveCount(0);
  await page.unroute(/\/files\/[^/]+$/);
  await viewer.getByRole("button", { name: "Retry" }).click();
  const width = () => viewer.locator("img").evaluate((img) => (img as HTMLImageElement).naturalWidth);
  await expect.poll(width).toBe(2000);
});

test("nothing moves when a picture comes", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  await attach(ana.page, [await picture(ana.page, "tall.png", 300, 500)]);
  await composer(ana.page).fill("Tall");
  await expect(sendButton(ana.page)).toBeEnabled();
  await composer(ana.page).press("Enter");
  await expect(sent(message(ana.page, "Tall"))).toBeAttached();

  let release = (): void => {};
  const held = new Promise<void>((done) => (release = done));
  await ben.page.route("**/api/**/files/**", async (route) => {
    await held;
    await route.continue();
  });
  await open(ben.page, "Ana");
  const said = message(ben.page, "Tall");
  await expect(said.locator("canvas")).toBeAttached();
  const place = await said.boundingBox();
  release();
  await expect(said.locator("img")).toHaveAttribute("data-come", "true");
  expect(await said.boundingBox()).toEqual(place);
});

test("files are pasted and dropped, and saved as they were", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  await expect(composer(ana.page)).toBeVisible();
  await ana.page.evaluate(() => {
    const transfer = (name: string, content: string): DataTransfer => {
      const data = new DataTransfer();
      data.items.add(new File([content], name, { type: "text/html" }));
      return data;
    };
    const field = document.querySelector("textarea");
    const clipboardData = transfer("pasted.html", "<script>alert(1)</script>");
    field?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    const dataTransfer = transfer("dropped 潮.txt", "high at noon");
    const pane = document.querySelector(".timeline");
    pane?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await expect(tray(ana.page).getByRole("listitem")).toHaveCount(2);
  await expect(sendButton(ana.page)).toBeEnabled();
  await sendButton(ana.page).click();
  await open(ben.page, "Ana");
  for (const [name, content] of [
    ["pasted.html", "<script>alert(1)</script>"],
    ["dropped 潮.txt", "high at noon"],
  ] as const) {
    const download = ben.page.waitForEvent("download");
    await log(ben.page).getByRole("link", { name }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe(name);
    expect(await readFile(await saved.path(), "utf8")).toBe(content);
  }
  await expect(ben.page).toHaveURL(new RegExp(id));
});

test("an upload goes on after a lost network, is taken out, and says what is wrong", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  tolerate(/507/);
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low tide") };
  // Once, so that what shows it is here.
  await attach(page, [text]);
  await expect(sendButton(page)).toBeEnabled();
  await page.getByRole("button", { name: "Remove notes.txt" }).click();
  await expect(tray(page)).toBeHidden();
  await expect(sendButton(page)).toBeDisabled();

  await page.context().setOffline(true);
  await attach(page, [text]);
  const chip = tray(page).getByRole("listitem");
  await expect(chip.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  await page.context().setOffline(false);
  await expect(chip).toHaveAttribute("data-state", "done");
  await sendButton(page).click();
  await expect(log(page).getByRole("link", { name: "notes.txt" })).toBeVisible();

  // What the service refuses can be tried again from the tray.
  await page.route("**/api/**/files/**", (route) =>
    route.fulfill({ status: 507, json: { type: "rejected", code: "storage_full", message: "Full." } }),
  );
  await attach(page, [text]);
  await expect(chip).toHaveAttribute("data-state", "failed");
  await expect(sendButton(page)).toBeDisabled();
  await page.unroute("**/api/**/files/**");
  await chip.getByRole("button", { name: "Retry" }).click();
  await expect(chip).toHaveAttribute("data-state", "done");
  // Taken out while it is on its way, it goes no further.
  await page.getByRole("button", { name: "Remove notes.txt" }).click();
  const large = { ...text, name: "large.bin", buffer: Buffer.alloc(6_000_000, "tide") };
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  await page.route("**/files/*/6000000/0", (route) => held.then(() => route.continue()));
  await attach(page, [large]);
  await expect.poll(() => asked.some((url) => url.endsWith("/6000000/0"))).toBe(true);
  const answered = page.waitForResponse("**/files/*/6000000/0");
  await page.getByRole("button", { name: "Remove large.bin" }).click();
  await expect(tray(page)).toBeHidden();
  letGo();
  await answered;
  await say(page, "Without it");
  await expect(sent(message(page, "Without it"))).toBeAttached();
  expect(asked.filter((url) => url.endsWith("/6000000/1"))).toEqual([]);
  await page.reload();
  await expect(sent(message(page, "Without it"))).toBeAttached();
  await expect(tray(page)).toBeHidden();

  await attach(page, [{ ...text, name: "empty.txt", buffer: Buffer.alloc(0) }]);
  await expect(tray(page).getByRole("alert")).toHaveText("An empty file cannot be sent.");
  await page.getByRole("button", { name: "Remove empty.txt" }).click();
  // A broken picture is sent as a file.
  await attach(page, [{ ...text, name: "broken.png", mimeType: "image/png" }]);
  await expect(sendButton(page)).toBeEnabled();
  await sendButton(page).click();
  await expect(log(page).getByRole("link", { name: "broken.png" })).toBeVisible();
});

test("what was attached and not sent is there after a reload, and its upload goes on", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/ERR_FAILED/);
  const { account, page } = await newPerson("Ana");
  const pool = await account.createGroup("Tide pool");
  await account.createGroup("Rock pool");
  await open(page, "Tide pool");
  const large = { name: "large.bin", mimeType: "", buffer: Buffer.alloc(6_000_000, "tide") };
  const small = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low tide") };
  const taken = { ...small, name: "taken.txt" };
  const parts: string[] = [];
  page.on("request", (request) => {
    const part = new RegExp(`${pool}/files/.*/6000000/(\\d)$`).exec(request.url());
    if (part?.[1]) parts.push(part[1]);
  });
  let lost = true;
  await page.route("**/files/*/6000000/1", (route) => (lost ? route.abort() : route.continue()));
  await attach(page, [large, small, taken]);
  const chip = (name: string) => tray(page).getByRole("listitem").filter({ hasText: name });
  await expect(chip("notes.txt")).toHaveAttribute("data-state", "done");
  await page.getByRole("button", { name: "Remove taken.txt" }).click();
  await expect.poll(() => parts.filter((part) => part === "1").length).toBeGreaterThan(1);

  // Elsewhere and back, they are there, too.
  await open(page, "Rock pool");
  await expect(tray(page)).toBeHidden();
  await open(page, "Tide pool");
  await expect(tray(page).getByRole("listitem")).toHaveCount(2);
  await expect(chip("large.bin")).toHaveAttribute("data-state", "under");
  // What the page that is left tries once more on its way does not count.
  page.once("framenavigated", () => {
    lost = false;
    parts.length = 0;
  });
  await page.reload();
  await expect(tray(page).getByRole("listitem")).toHaveCount(2);
  await expect(chip("taken.txt")).toHaveCount(0);
  await expect(chip("large.bin")).toHaveAttribute("data-state", "done");
  // What had arrived was not sent again.
  expect(parts).toEqual(["1", "2"]);
  await sendButton(page).click();
  const link = log(page).getByRole("link", { name: "large.bin" });
  await expect(link).toBeVisible();
  const download = page.waitForEvent("download");
  await link.click();
  const saved = await readFile(await (await download).path());
  expect(saved.equals(large.buffer)).toBe(true);

  // What was sent is kept no longer.
  await expect.poll(() => kept(page)).toEqual([]);
  await page.reload();
  await expect(link).toBeVisible();
  await expect(tray(page)).toBeHidden();
});

test("a message with files is sent without a network, goes out by itself, and keeps its place", async ({
  line,
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newPerson("Ana", { baseURL: line.url });
  const ben = await newPerson("Ben");
  const id = await ana.account.directWith(ben.account);
  await ana.account.send(id, "Ahoy");
  await open(ben.page, "Ana");
  const { page } = ana;
  await open(page, "Ben");
  await expect(connection(page)).toHaveText("Online");
  const shots = [await picture(page, "pier.png", 320, 200)];
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low tide") };

  line.cut();
  await expect(connection(page)).not.toHaveText("Online");
  await attach(page, shots);
  await composer(page).fill("bottle 1.");
  await expect(sendButton(page)).toBeEnabled();
  await composer(page).press("Enter");
  await expect(tray(page)).toBeHidden();
  const first = message(page, "bottle 1.");
  await expect(state(first, "Sending")).toBeAttached();
  await expect(first.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  await attach(page, [notes]);
  await composer(page).fill("bottle 2.");
  await expect(sendButton(page)).toBeEnabled();
  await composer(page).press("Enter");
  await say(page, "bottle 3.");
  await expect(state(message(page, "bottle 3."), "Sending")).toBeAttached();

  await page.reload();
  await expect.poll(() => numbered(page, "bottle")).toEqual(["bottle 1.", "bottle 2.", "bottle 3."]);
  await expect(first.locator("img")).toHaveAttribute("data-come", "true");
  await expect(tray(page)).toBeHidden();
  // The second is given up.
  await message(page, "bottle 2.").getByRole("button", { name: "Cancel" }).click();
  await expect(message(page, "bottle 2.")).toHaveCount(0);
  await expect.poll(async () => (await kept(page)).length).toBe(1);

  // Elsewhere, it goes out as well.
  await page.getByRole("button", { name: "Settings" }).click();
  line.mend();
  await expect.poll(() => numbered(ben.page, "bottle")).toEqual(["bottle 1.", "bottle 3."]);
  await expect(message(ben.page, "bottle 1.").locator("img")).toHaveAttribute("data-come", "true");
  await open(page, "Ben");
  await expect(sent(message(page, "bottle 3."))).toBeAttached();
  expect(await numbered(page, "bottle")).toEqual(["bottle 1.", "bottle 3."]);
  await expect(first.getByRole("progressbar")).toHaveCount(0);
  await expect.poll(() => kept(page)).toEqual([]);
});

test("a file that is refused after it was sent says so, and is tried again", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/507/);
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  await page.route("**/api/**/files/**", async (route) => {
    await held;
    const json = { type: "rejected", code: "storage_full", message: "Full." };
    await route.fulfill({ status: 507, json });
  });
  await attach(page, [{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("low") }]);
  await composer(page).fill("Look");
  await expect(sendButton(page)).toBeEnabled();
  await composer(page).press("Enter");
  const said = message(page, "Look");
  await expect(said.getByRole("progressbar", { name: "Uploading" })).toBeVisible();
  letGo();
  await expect(said.getByRole("alert")).toContainText("Not sent");
  await page.unroute("**/api/**/files/**");
  await said.getByRole("button", { name: "Retry" }).click();
  await expect(sent(said)).toBeAttached();
  await expect(said.getByRole("link", { name: "notes.txt" })).toBeVisible();
});

test("what was sent from here is let go of with its conversation", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await account.createGroup("Rock pool");
  await page.evaluate(() => {
    const revoke = URL.revokeObjectURL.bind(URL);
    const revoked: string[] = [];
    Object.assign(window, { revoked });
    URL.revokeObjectURL = (url) => {
      revoked.push(url);
      revoke(url);
    };
  });
  await open(page, "Tide pool");
  await attach(page, [await picture(page, "pier.png", 320, 200)]);
  await expect(sendButton(page)).toBeEnabled();
  await sendButton(page).click();
  const said = log(page).getByRole("article");
  await expect(sent(said)).toBeAttached();
  const image = said.locator("img");
  const own = (await image.getAttribute("src")) ?? "";
  expect(own).toMatch(/^blob:/);
  await open(page, "Rock pool");
  await expect.poll(() => page.evaluate(() => Reflect.get(window, "revoked"))).toContain(own);
  await open(page, "Tide pool");
  await expect(image).toHaveAttribute("data-come", "true");
  await expect(image).toHaveAttribute("src", /^\/api\//);
});

test("a file is found by its name", async ({ newPerson }) => {
  const [ana, ben] = [await newPerson("Ana"), await newPerson("Ben")];
  const id = await ana.account.directWith(ben.account);
  await ana.page.goto(`/c/${id}`);
  const name = "潮汐表 Harbour.pdf";
  await attach(ana.page, [{ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") }]);
  await expect(sendButton(ana.page)).toBeEnabled();
  await sendButton(ana.page).click();
  await expect(sent(log(ana.page).getByRole("article"))).toBeAttached();

  const { page } = ben;
  await expect(row(page, "Ana")).toBeVisible();
  await page.getByRole("button", { name: "Search" }).click();
  const hit = page.getByRole("region", { name: "Ana" }).getByRole("link");
  for (const [query, marked] of [["harb", "Harb"], ["汐", "汐"], ["pdf has:file", "pdf"]] as const) {
    await page.getByRole("searchbox", { name: "Search" }).fill(query);
    await expect(hit, query).toHaveCount(1);
    await expect(hit.locator("mark"), query).toHaveText(marked);
  }
  await hit.click();
  await expect(log(page).getByText(name)).toBeInViewport();
});
