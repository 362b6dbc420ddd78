import { expect, test } from "../support/fixtures";
import { composer, log, message, open, say, sent, state } from "../support/screens";

test("Enter sends, Shift+Enter breaks the line, and nothing is sent when nothing is written", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const field = composer(page);
  await field.click();
  for (const nothing of ["\u3000\u200b", "   ", ""]) {
    await field.fill(nothing);
    await field.press("Enter");
  }
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();

  await page.keyboard.type("High tide");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("at noon");
  await expect(field).toHaveValue("High tide\nat noon");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("");
  await expect(field).toBeFocused();
  await expect(log(page).getByRole("article")).toHaveCount(1);
  await expect(sent(message(page, "High tide"))).toBeAttached();
  const body = message(page, "High tide").getByText("High tide\nat noon");
  expect(await body.innerText()).toContain("High tide\nat noon");

  await field.fill("By the button");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(message(page, "By the button")).toBeVisible();
  await expect(log(page).getByRole("article")).toHaveCount(2);
});

test("Enter belongs to the input method while it composes", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const field = composer(page);
  await field.click();

  const device = await page.context().newCDPSession(page);
  const compose = { text: "ni hao", selectionStart: 6, selectionEnd: 6 };
  await device.send("Input.imeSetComposition", compose);
  await expect(field).toHaveValue("ni hao");
  // What a browser says while an input method takes the key.
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 };
  await device.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await device.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  await expect(field).toHaveValue("ni hao");
  await device.send("Input.insertText", { text: "你好" });
  await expect(field).toHaveValue("你好");
  // Safari ends the composition first, and tells of its key by a number.
  await field.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true });
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
  await expect(field).toHaveValue("你好");
  await expect(log(page).getByRole("article")).toHaveCount(0);

  await field.press("Enter");
  await expect(field).toHaveValue("");
  await expect(sent(message(page, "你好"))).toBeAttached();
  await expect(log(page).getByRole("article")).toHaveCount(1);
});

test("a message shows at once as Sending, and as Sent when the service has it", async ({
  line,
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana", { baseURL: line.url });
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  await say(page, "Over the line");
  await expect(sent(message(page, "Over the line"))).toBeAttached();
  line.hold();
  await say(page, "Into the bottle");
  await expect(state(message(page, "Into the bottle"), "Sending")).toBeAttached();
  line.mend();
  await expect(sent(message(page, "Into the bottle"))).toBeAttached();
  await expect(message(page, "Into the bottle")).toHaveCount(1);
});

test("a message that is refused says why, and can be sent again or discarded", async ({
  newPerson,
}) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  let refusing = true;
  await page.routeWebSocket(/\/api\/conversations\//, (socket) => {
    const service = socket.connectToServer();
    socket.onMessage((frame) => {
      const call = JSON.parse(String(frame)) as { ref?: number; command?: { type: string } };
      if (refusing && call.command?.type === "send") {
        const code = "message_too_long";
        socket.send(JSON.stringify({ type: "rejected", ref: call.ref, code }));
      } else {
        service.send(frame);
      }
    });
  });
  await page.reload();
  await open(page, "Tide pool");
  await say(page, "Refused and forgotten");
  await say(page, "Refused and sent again");
  for (const text of ["Refused and forgotten", "Refused and sent again"]) {
    await expect(state(message(page, text), "Failed")).toBeAttached();
    await expect(message(page, text).getByRole("alert")).toContainText("at most 8,000 characters");
  }
  await message(page, "Refused and forgotten").getByRole("button", { name: "Discard" }).click();
  await expect(message(page, "Refused and forgotten")).toHaveCount(0);

  refusing = false;
  await message(page, "Refused and sent again").getByRole("button", { name: "Retry" }).click();
  await expect(sent(message(page, "Refused and sent again"))).toBeAttached();
  await page.reload();
  await expect(message(page, "Refused and sent again")).toBeVisible();
  await expect(log(page).getByRole("article")).toHaveCount(1);
});

test("a text that is too long is not lost, and can be shortened", async ({ newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await account.createGroup("Tide pool");
  await open(page, "Tide pool");
  const most = `Long${"g".repeat(7_996)}`;
  await composer(page).fill(`${most}!`);
  await composer(page).press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "at most 8,000 characters" })).toBeVisible();
  await expect(composer(page)).toHaveValue(`${most}!`);
  await composer(page).press("End");
  await composer(page).press("Backspace");
  await composer(page).press("Enter");
  await expect(sent(message(page, most))).toBeAttached();
});
