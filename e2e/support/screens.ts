// Where things are on the screen, by role and accessible name, and the few things that people do
// all the time.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Account } from "./api";

/** The pane of the list. */
export function conversations(page: Page): Locator {
  return page.getByRole("navigation", { name: "Conversations" });
}

/** A conversation in the list. */
export function row(page: Page, title: string): Locator {
  return conversations(page).getByRole("link", { name: startingWith(title) });
}

/** Whether the device is in step with the service. */
export function connection(page: Page): Locator {
  return page.getByRole("status", { name: "Connection" });
}

/** The messages of the open conversation. */
export function log(page: Page): Locator {
  return page.getByRole("log", { name: "Messages" });
}

/** The message with this text. */
export function message(page: Page, text: string | RegExp): Locator {
  return log(page).getByRole("article").filter({ hasText: text });
}

/** A message's state: `Sending`, `Sent`, … */
export function state(message: Locator, name: string): Locator {
  return message.getByText(name, { exact: true });
}

/** That a message was acknowledged, however much further it got since. */
export function sent(message: Locator): Locator {
  return message.getByText(/^(Sent|Delivered|Read)$/);
}

/** Where one writes. */
export function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

/** Writes something and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Presses Tab until the focus is there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await focused()); presses += 1) {
    expect(presses, `Tab comes to ${String(target)}`).toBeLessThan(60);
    await page.keyboard.press("Tab");
  }
}

/** Opens a conversation from the list. */
export async function open(page: Page, title: string): Promise<void> {
  await row(page, title).click();
  await expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
}

/** Waits until the account has heard of a conversation's newest message, which has these words. */
export async function heard(page: Page, title: string, newest: string): Promise<void> {
  await expect(row(page, title)).toContainText(newest);
}

/** Opens a conversation at its end: the account has heard of all of it, and read it. */
export async function openRead(
  page: Page,
  account: Account,
  [id, title]: [string, string],
  [seq, newest]: [number, string],
): Promise<void> {
  await heard(page, title, newest);
  await account.call("/api/account", { type: "read", conversation: id, seq });
  await expect(row(page, title)).not.toContainText("unread");
  await open(page, title);
  await expect(message(page, newest)).toBeInViewport();
}

/** The pane with what a conversation is; opens it, where it is not there already. */
export async function details(page: Page): Promise<Locator> {
  const opener = page.getByRole("button", { name: "Conversation details" });
  if ((await opener.getAttribute("aria-expanded")) !== "true") await opener.click();
  // What the button is called would come up beside it.
  await page.mouse.move(0, 0);
  const pane = page.getByRole("complementary", { name: "Conversation details" });
  await expect(pane).toBeVisible();
  return pane;
}

/** What the messages say of the form `word 17.`, in the order of the screen. */
export function numbered(page: Page, word: string): Promise<string[]> {
  return log(page)
    .getByRole("article")
    .evaluateAll(
      (articles, word) =>
        articles.flatMap((article) => article.textContent?.match(`${word} \\d+\\.`)?.[0] ?? []),
      word,
    );
}

/** `word 1.`, `word 2.`, … */
export function count(word: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `${word} ${from + at}.`);
}

/** The form that registers, whichever form is shown first. */
export async function showRegister(page: Page): Promise<void> {
  await showForm(page, "Create account", "Create an account");
}

/** The form that signs in, whichever form is shown first. */
export async function showSignIn(page: Page): Promise<void> {
  await showForm(page, "Sign in", "I already have an account");
}

async function showForm(page: Page, button: string, other: string): Promise<void> {
  const wanted = page.getByRole("button", { name: button, exact: true });
  const link = page.getByRole("link", { name: other });
  const way = link.or(page.getByRole("button", { name: other }));
  await expect(wanted.or(way).first()).toBeVisible();
  if (!(await wanted.isVisible())) await way.click();
  await expect(wanted).toBeVisible();
}

/** Fills in the form that is shown. */
export async function fillCredentials(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Username" }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

/** Signs in by the form. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await showSignIn(page);
  await fillCredentials(page, name, password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in and waits for the main screen. */
export async function enter(page: Page, name: string, password: string): Promise<void> {
  await signIn(page, name, password);
  await expect(conversations(page)).toBeVisible();
}

/** Goes to the settings. */
export async function openSettings(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
}

/** The keys of the rows that the device keeps. */
export function storedKeys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const name = names.find((name) => name.startsWith("tideline-")) ?? "";
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    const rows = database.transaction("rows").objectStore("rows").getAllKeys();
    const found = await new Promise<IDBValidKey[]>((done) => {
      rows.onsuccess = () => done(rows.result);
    });
    database.close();
    return found.map(String);
  });
}

/** What the system shows of the app: title and text of each notification. */
export function shown(page: Page): Promise<string[][]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body }) => [title, body]);
  });
}

/** A pattern for names that begin with this. */
export function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}

/** Another app hands words and a file over to this one, as a system does it: by a form that is sent to its address. */
export async function handOver(page: Page): Promise<void> {
  await page.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/share", enctype: "multipart/form-data" });
    for (const [name, value] of [["text", "Look at this"], ["url", "https://tide.example/"]]) {
      form.append(Object.assign(document.createElement("input"), { name, value }));
    }
    const files = new DataTransfer();
    files.items.add(new File(["low at six"], "times.txt", { type: "text/plain" }));
    const input = Object.assign(document.createElement("input"), { type: "file", name: "files" });
    input.files = files.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  });
}

/** How something looks: its colours row by row, four bytes each. */
export type Looks = { width: number; height: number; colours: Uint8ClampedArray };

/** Looks at what is on the screen, once it has come to rest. */
export async function looks(part: Locator): Promise<Looks> {
  const png = (await part.screenshot({ animations: "disabled" })).toString("base64");
  const { width, height, bytes } = await part.page().evaluate(async (png) => {
    const file = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([file], { type: "image/png" }));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(bitmap, 0, 0);
    let letters = "";
    for (const byte of context.getImageData(0, 0, width, height).data) letters += String.fromCharCode(byte);
    return { width, height, bytes: btoa(letters) };
  }, png);
  return { width, height, colours: new Uint8ClampedArray(Buffer.from(bytes, "base64")) };
}
