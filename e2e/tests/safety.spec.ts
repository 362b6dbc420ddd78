import { expect, test } from "../support/fixtures";
import { composer, log, message, open, row, say } from "../support/screens";

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>';

test("text is text, whatever it looks like", async ({ newPerson }) => {
  const ana = await newPerson(`Ana <i>`);
  const ben = await newPerson("Ben");
  const id = await ana.account.groupWith([ben.account], "<u>Tide</u> pool", {
    type: "<b>",
    description: "<h1>Low water</h1>",
  });
  await ana.account.describe({ signature: "<marquee>" });
  await open(ana.page, "<u>Tide</u> pool");
  await say(ana.page, MARKUP);
  await ana.account.send(id, "javascript:alert(1) &amp; https://tideline.example/?a=1&b=<2>");
  await open(ben.page, "<u>Tide</u> pool");
  for (const { page } of [ana, ben]) {
    await expect(message(page, MARKUP)).toBeVisible();
    await expect(message(page, "javascript:alert(1) &amp;")).toBeVisible();
    await expect(page.locator("article :is(img, script, b, i), h1 u")).toHaveCount(0);
    await expect(log(page).getByRole("link")).toHaveCount(1);
    await expect(log(page).getByRole("link")).toHaveAttribute("rel", /noopener/);
    await expect(page).toHaveTitle(/Tideline/);
  }
  await expect(row(ben.page, "<u>Tide</u> pool")).toContainText("Ana <i>: javascript:alert(1)");
});

test("every answer says what a page may do", async ({ request, server }) => {
  for (const path of ["/", "/c/nothing", "/api/session", "/icon.svg"]) {
    const answer = await request.get(server.url + path);
    const policy = answer.headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(answer.headers()["x-content-type-options"], path).toBe("nosniff");
    expect(answer.headers()["referrer-policy"], path).toBeTruthy();
  }
});

test("a conversation of others and one that does not exist are not shown", async ({
  newAccount,
  newPerson,
  tolerate,
}) => {
  // It could have been a public group: the service is asked, and refuses.
  tolerate(/status of 403/);
  const { page } = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const cleo = await newAccount("Cleo");
  const id = await ben.groupWith([cleo], "Private pool");
  await ben.send(id, "Between us");
  await page.goto(`/c/${id}`);
  await expect(page.getByText("You are not in this conversation.")).toBeVisible();
  await page.goto(`/c/${await ben.directWith(cleo)}`);
  await expect(page.getByText("You are not in this conversation.")).toBeVisible();
  await expect(page.getByText(/Private pool|Between us/)).toBeHidden();
  await page.goto("/c/01938a5e-7c00-7000-8000-0000000000c1");
  await expect(page.getByText("This conversation does not exist.")).toBeVisible();
  await expect(composer(page)).toBeHidden();
  for (const path of ["/c/not-an-id", "/nowhere/at/all"]) {
    await page.goto(path);
    await expect(page.getByText("There is nothing here")).toBeVisible();
  }
  await page.getByRole("button", { name: "Go to the start page" }).click();
  await expect(page).toHaveURL(/\/$/);
});
