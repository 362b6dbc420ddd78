import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";

import type { Route } from "@playwright/test";

import { PASSWORD } from "../support/api";
import { expect, test } from "../support/fixtures";
import { composer, connection, heard, message, open, openSettings, row, signIn } from "../support/screens";

/** The files of a ZIP archive, by its central directory. */
function unzip(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = archive.indexOf("PK\x01\x02", 0, "latin1");
  while (at >= 0) {
    const size = archive.readUInt32LE(at + 20);
    const name = archive.readUInt16LE(at + 28);
    const rest = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const local = archive.readUInt32LE(at + 42);
    const body = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const title = archive.toString("utf8", at + 46, at + 46 + name);
    const bytes = archive.subarray(body, body + size);
    const packed = archive.readUInt16LE(at + 10) !== 0;
    files.set(title, (packed ? inflateRawSync(bytes) : bytes).toString("utf8"));
    at = archive.indexOf("PK\x01\x02", at + 46 + name + rest, "latin1");
  }
  return files;
}

test("somebody takes everything along that is theirs", async ({ newPerson, newAccount }) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.createGroup("潮池 Tide pool");
  await ben.join(await ana.account.invite(id));
  await ben.send(id, "High tide at noon");
  await ana.account.send(id, "我在路上");
  await expect(row(ana.page, "潮池 Tide pool")).toBeVisible();
  const [note, bytes] = ["01938a5e-7c00-7000-8000-0000000000e1", "Low tide at six"];
  const upload = `/api/conversations/${id}/files/${note}/${bytes.length}/0`;
  const origin = new URL(ana.page.url()).origin;
  await ana.page.request.post(upload, { data: bytes, headers: { origin } });
  await ana.account.send(id, "", { files: [{ id: note, name: "tides 潮.txt" }] });

  await ana.page.request.post("/api/people", {
    data: { type: "name_contact", user: ben.user, nickname: "Benny", note: "From the harbour" },
    headers: { origin },
  });

  await openSettings(ana.page);
  const download = ana.page.waitForEvent("download");
  await ana.page.getByRole("button", { name: "Download my data" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("tideline.zip");
  await expect(ana.page.getByText("Your data is saved as tideline.zip.")).toBeVisible();
  const files = unzip(await readFile(await file.path()));
  expect(JSON.parse(files.get("profile.json") ?? "").display_name).toBe("Ana");
  const [contact] = JSON.parse(files.get("contacts.json") ?? "");
  expect([contact.display_name, contact.nickname, contact.note]).toEqual([
    "Ben",
    "Benny",
    "From the harbour",
  ]);
  const lines = (files.get("conversations/0001 潮池 Tide pool/messages.jsonl") ?? "").trim();
  const texts = lines.split("\n").map((line) => JSON.parse(line).body.text);
  expect(texts).toEqual(["High tide at noon", "我在路上", ""]);
  expect(files.get("conversations/0001 潮池 Tide pool/files/3.1 tides 潮.txt")).toBe(bytes);
});

test("an archive on its way says how far it is, is stopped, and is whole or not there", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(/export|net::ERR/);
  const ana = await newPerson("Ana");
  const id = await ana.account.createGroup("Tide pool");
  await ana.account.send(id, "High tide at noon");
  await heard(ana.page, "Tide pool", "High tide at noon");
  await openSettings(ana.page);
  const begin = ana.page.getByRole("button", { name: "Download my data" });
  const bar = ana.page.getByRole("progressbar", { name: "Download my data" });
  // The service takes its time.
  const asked: Route[] = [];
  await ana.page.route("/api/export", (route) => void asked.push(route));
  const answer = async (how: "continue" | "abort") => {
    await expect.poll(() => asked.length).toBe(1);
    await asked.pop()?.[how]();
  };

  await begin.click();
  await expect(bar).toBeVisible();
  await ana.page.getByRole("button", { name: "Cancel" }).click();
  await expect(begin).toBeVisible();
  await expect(ana.page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
  await answer("abort");

  await begin.click();
  await expect(bar).toBeVisible();
  await answer("abort");
  await expect(ana.page.getByRole("alert").filter({ hasText: "connection" })).toBeVisible();

  const seen = ana.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        // What is said last before it is done.
        let said = "";
        new MutationObserver(() => {
          const far = document.querySelector(".settings__export p:not(.alert)")?.textContent;
          if (far) said = far;
          else if (said) resolve(said);
        }).observe(document.body, { childList: true, characterData: true, subtree: true });
      }),
  );
  const download = ana.page.waitForEvent("download");
  await begin.click();
  await expect(bar).toBeVisible();
  await answer("continue");
  const files = unzip(await readFile(await (await download).path()));
  expect([...files.keys()]).toContain("conversations/0001 Tide pool/messages.jsonl");
  expect(await seen).toMatch(/^Conversation 1 of 1 · /);
});

test("somebody deletes their account, and the others read on", async ({
  newPerson,
  newBrowser,
  tolerate,
}) => {
  // Wrong passwords, a deleted account's session, and a message that nobody would read.
  tolerate(/40[13]|410|WebSocket/);
  const ana = await newPerson("Ana");
  const ben = await newPerson("Ben");
  const id = await ana.account.createGroup("Tide pool");
  await ben.account.join(await ana.account.invite(id));
  await ana.account.send(id, "High tide at noon");
  await ana.account.send(await ana.account.directWith(ben.account), "Only for you");
  await open(ben.page, "Tide pool");
  await expect(message(ben.page, "High tide at noon")).toContainText("Ana");

  await openSettings(ana.page);
  await ana.page.getByRole("button", { name: "Delete account" }).click();
  const dialog = ana.page.getByRole("dialog");
  const confirm = async (password: string): Promise<void> => {
    await expect(dialog).toContainText("What you wrote stays readable for the others");
    await dialog.getByLabel("Password", { exact: true }).fill(password);
    await dialog.getByRole("button", { name: "Continue" }).click();
    const last = dialog.getByRole("button", { name: "Delete for good" });
    await dialog.getByRole("textbox", { name: "Username" }).fill("somebody.else");
    await expect(last).toBeDisabled();
    await dialog.getByRole("textbox", { name: "Username" }).fill(ana.account.userName);
    await last.click();
  };
  await confirm("not the password");
  await expect(dialog.getByText("The user name or the password is wrong.")).toBeVisible();
  await confirm(PASSWORD);
  await expect(ana.page.getByText("Your account is deleted.")).toBeVisible();
  await expect(ana.page.getByRole("button", { name: "Sign in" })).toBeVisible();

  // Live, where somebody looks on; by its new name in the list.
  await expect(message(ben.page, "High tide at noon")).toContainText("Deleted account");
  await expect(ben.page.getByText("Ana", { exact: true })).toBeHidden();
  await open(ben.page, "Deleted account");
  await expect(message(ben.page, "Only for you")).toBeVisible();
  await composer(ben.page).fill("Still there?");
  await composer(ben.page).press("Enter");
  await expect(ben.page.getByText("This account was deleted. Nobody would read your message.")).toBeVisible();

  const elsewhere = await newBrowser();
  await elsewhere.goto("/");
  await signIn(elsewhere, ana.account.userName, PASSWORD);
  await expect(elsewhere.getByText("The user name or the password is wrong.")).toBeVisible();
});

test("a guest is asked twice before the account goes", async ({ newAccount, newBrowser, tolerate }) => {
  tolerate(/40[13]|410|WebSocket/);
  const ana = await newAccount("Ana");
  const page = await newBrowser();
  await page.goto(`/join/${await ana.invite(await ana.createGroup("Tide pool"))}`);
  await page.getByRole("textbox", { name: "Your name" }).fill("Gus");
  await page.getByRole("button", { name: "Join as guest" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tide pool" })).toBeVisible();
  await openSettings(page);
  const dialog = page.getByRole("dialog");
  const begin = async (): Promise<void> => {
    await page.getByRole("button", { name: "Delete account" }).click();
    await dialog.getByRole("button", { name: "Continue" }).click();
    await expect(dialog).toContainText("a guest can never come in again");
  };
  await begin();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await begin();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("Your account is deleted.")).toBeVisible();
});

test("a page that is too old loads itself anew, once", async ({ newPerson }) => {
  const ana = await newPerson("Ana");
  await ana.page.addInitScript(() => {
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
      constructor(url: string | URL) {
        super(localStorage.getItem("old") ? `${url}`.replace(/protocol=\d+/, "protocol=0") : url);
      }
    };
  });
  let loads = 0;
  ana.page.on("request", (request) => (loads += Number(request.isNavigationRequest())));
  await ana.page.evaluate(() => localStorage.setItem("old", "yes"));
  await ana.page.reload();
  await expect(ana.page.getByText("This page is from an older version. Reload it.")).toBeVisible();
  expect(loads).toBe(2);

  await ana.page.evaluate(() => localStorage.removeItem("old"));
  await ana.page.reload();
  await expect(connection(ana.page)).toHaveText("Online");
  await expect.poll(() => ana.page.evaluate(() => localStorage.getItem("tideline.reloaded"))).toBeNull();
});
