// What is not needed at first is not fetched at first.
import { expect, test } from "../support/fixtures";
import { composer, log, message, say } from "../support/screens";

test("the code of later screens is fetched when one is opened, and once", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Hello");
  const page = await ana.page.context().newPage();
  const later: string[] = [];
  page.on("request", (request) => {
    if (/\/later[^/]*\.wasm$/.test(request.url())) later.push(request.url());
  });
  await page.goto(`/c/${id}`);
  await expect(message(page, "Hello")).toBeVisible();
  await say(page, "Hello to you");
  await expect(log(page)).toContainText("Hello to you");
  await expect(composer(page)).toBeFocused();
  expect(later).toEqual([]);
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  expect(later).toHaveLength(1);
  await page.goBack();
  await page.getByRole("button", { name: "Conversation details" }).click();
  await expect(page.getByRole("complementary", { name: "Conversation details" })).toBeVisible();
  expect(later).toHaveLength(1);
});
