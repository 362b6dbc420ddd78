// The page that shows what the app is made of (`cargo xtask dev --kit`) is for those who build it.
import { expect, test } from "../support/fixtures";

test("what the app is made of is no page of the app that people get", async ({ newPerson, request, server }) => {
  const { page } = await newPerson("Ana");
  await page.goto("/kit");
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await expect(page.locator(".gallery")).toHaveCount(0);
  for (const file of ["/kit.css", "/states.js"]) {
    const answer = await request.get(server.url + file);
    expect(await answer.text(), file).not.toMatch(/gallery|is-hover/);
  }
});
