// What is not needed at first is not fetched at first.
import { expect, test, UNREACHABLE } from "../support/fixtures";
import { composer, log, message, say, sent } from "../support/screens";

test("the code of later screens is fetched after the service was reached, and once", async ({
  newAccount,
  newPerson,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Hello");
  const page = await ana.page.context().newPage();
  const order: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", () => order.push("frame")));
  page.on("request", (request) => {
    if (/\/more-[^/]*\.wasm$/.test(request.url())) order.push("more");
    if (/\/more-[^/]*\.css$/.test(request.url())) order.push("style");
  });
  await page.goto(`/c/${id}`);
  await expect(message(page, "Hello")).toBeVisible();
  await say(page, "Hello to you");
  await expect(log(page)).toContainText("Hello to you");
  await expect(composer(page)).toBeFocused();
  await expect.poll(() => order).toContain("more");
  expect(order[0], "neither its code nor its style comes before").toBe("frame");
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.goBack();
  await page.getByRole("button", { name: "Conversation details" }).click();
  await expect(page.getByRole("complementary", { name: "Conversation details" })).toBeVisible();
  expect(order.filter((what) => what !== "frame").sort()).toEqual(["more", "style"]);
});

test("what was fetched is there without a network", async ({ newPerson, tolerate }) => {
  tolerate(UNREACHABLE);
  const { page } = await newPerson("Ana");
  const fetched = page.waitForResponse(/\/more-[^/]*\.wasm$/);
  await page.reload();
  await (await fetched).finished();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("a screen whose code cannot be fetched says so, and comes when it can", async ({
  newPerson,
  tolerate,
}) => {
  tolerate(UNREACHABLE);
  const { page } = await newPerson("Ana", { serviceWorkers: "block" });
  const code = /\/more-[^/]*\.wasm$/;
  await page.route(code, (route) => route.abort("internetdisconnected"));
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Offline" })).toBeVisible();
  await expect(page.getByText("Check the connection and try again.")).toBeVisible();
  await page.unroute(code);
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("a browser that knows nothing but its session opens each socket once, and stays in step", async ({
  newAccount,
  newPerson,
  newBrowser,
}) => {
  const ana = await newPerson("Ana");
  const ben = await newAccount("Ben");
  const id = await ana.account.directWith(ben);
  await ben.send(id, "Hello");
  const page = await newBrowser();
  const { cookies } = await ana.page.context().storageState();
  await page.context().addCookies(cookies);
  const said: string[] = [];
  page.on("websocket", (socket) => {
    const { pathname } = new URL(socket.url());
    said.push(`${pathname} opened`);
    socket.on("framesent", ({ payload }) => {
      if (String(payload).includes("hello")) said.push(`${pathname} ${payload}`);
    });
  });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`/c/${id}`);
  await expect(message(page, "Hello")).toBeVisible();
  expect(requests.length, requests.join("\n")).toBeLessThanOrEqual(12);
  await ben.send(id, "Are you there?");
  await expect(message(page, "Are you there?")).toBeVisible();
  await say(page, "I am");
  await expect(sent(message(page, "I am"))).toBeVisible();
  const paths = ["/api/account", `/api/conversations/${id}`];
  const once = paths.flatMap((path) => [`${path} opened`, `${path} {"type":"hello"}`]);
  expect(said.sort()).toEqual(once.sort());
});
