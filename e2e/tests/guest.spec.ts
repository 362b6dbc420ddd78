import { PASSWORD, uniqueName } from "../support/api";
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, enter, message, open, openSettings, row, say } from "../support/screens";

test("a guest joins with a name, talks, and later stays without losing anything", async ({
  newBrowser,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const id = await ana.account.createGroup("Tide pool");
  const token = await ana.account.invite(id);
  await ana.account.send(id, "Welcome to the pool");
  await open(ana.page, "Tide pool");

  const gus = await newBrowser();
  await gus.goto(`/join/${token}`);
  await expect(gus.getByRole("heading", { name: "Tide pool" })).toBeVisible();
  await gus.getByRole("button", { name: "Join as guest" }).click();
  await expect(gus.getByRole("alert").filter({ hasText: /name that can be seen/ })).toBeVisible();
  await gus.getByRole("textbox", { name: "Your name" }).fill("小海 Gus");
  await gus.getByRole("button", { name: "Join as guest" }).click();
  await expect(composer(gus)).toBeVisible();
  await say(gus, "Just passing by");
  await expect(message(ana.page, "Just passing by")).toContainText("小海 Gus");
  await ana.account.send(id, "Stay a while");
  await expect(message(gus, "Stay a while")).toContainText("Ana");

  const name = uniqueName();
  await openSettings(gus);
  await gus.getByRole("textbox", { name: "Username" }).fill(name);
  await gus.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await gus.getByRole("button", { name: "Set password" }).click();
  await expect(gus.getByText(`@${name}`)).toBeVisible();
  await expect(gus.getByRole("textbox", { name: "Username" })).toBeHidden();
  await row(gus, "Tide pool").click();
  await say(gus, "I live here now");

  const elsewhere = await newBrowser();
  await elsewhere.goto("/");
  await enter(elsewhere, name, PASSWORD);
  await open(elsewhere, "Tide pool");
  for (const text of ["Just passing by", "Stay a while", "I live here now"]) {
    await expect(message(elsewhere, text)).toBeVisible();
  }
  await openSettings(elsewhere);
  await expect(elsewhere.getByRole("textbox", { name: "Display name" })).toHaveValue("小海 Gus");
});

test("an invite that cannot be asked for without a network is not called dead", async ({
  newAccount,
  newBrowser,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const ana = await newAccount("Ana");
  const token = await ana.invite(await ana.createGroup("Tide pool"));
  const page = await newBrowser();
  await page.route("**/api/invites", (route) => route.abort("internetdisconnected"));
  await page.goto(`/join/${token}`);
  await expect(page.getByRole("heading", { name: "Offline" })).toBeVisible();
  await page.unroute("**/api/invites");
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "Tide pool" })).toBeVisible();
});
