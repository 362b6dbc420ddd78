// Where one is signed in, and the password.
import { PASSWORD } from "../support/api";
import { expect, test } from "../support/fixtures";
import { enter, openSettings, signIn } from "../support/screens";

test("other devices are seen, and signed out from here", async ({ newDevice, newPerson }) => {
  const { account, page } = await newPerson("Ana");
  await openSettings(page);
  // Who registered, this browser, and a third one.
  const phone = await newDevice(account);
  await page.reload();
  const rows = page.getByRole("list", { name: "Devices" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("This device");
  await expect(rows.first().getByRole("button")).toHaveCount(0);
  await rows.nth(1).getByRole("group").getByRole("button", { name: "End session" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  const sure = page.getByRole("dialog", { name: "End all other sessions?" });
  await sure.getByRole("button", { name: "End all other sessions" }).click();
  await expect(page.getByText("You are signed in on this device only.")).toBeVisible();
  await expect(phone.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("a changed password signs the others out, and the old one is of no use", async ({
  newBrowser,
  newDevice,
  newPerson,
  tolerate,
}) => {
  tolerate(/401/);
  const { account, page } = await newPerson("Ana");
  const phone = await newDevice(account);
  await openSettings(page);
  const change = page.getByRole("button", { name: "Change password" });
  await page.getByLabel("Present password").fill("not my password");
  await page.getByLabel("New password").fill("another one entirely");
  await change.click();
  await expect(page.getByRole("alert").filter({ hasText: /wrong|right/i })).toBeVisible();
  await page.getByLabel("Present password").fill(PASSWORD);
  await change.click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await expect(phone.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();

  const elsewhere = await newBrowser();
  await elsewhere.goto("/");
  await signIn(elsewhere, account.userName, PASSWORD);
  await expect(elsewhere.getByRole("alert")).toBeVisible();
  await enter(elsewhere, account.userName, "another one entirely");
  await openSettings(elsewhere);
  await expect(elsewhere.locator(".sessions__row").first()).toContainText(/^Chrome · Linux\s*This device/);
});
