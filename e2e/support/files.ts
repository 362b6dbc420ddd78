// Files as a person chooses them.
import type { Locator, Page } from "@playwright/test";

export type Chosen = { name: string; mimeType: string; buffer: Buffer };

/** A picture of this size: blue above, sand below. */
export async function picture(page: Page, name: string, width: number, height: number): Promise<Chosen> {
  const data = await page.evaluate(
    ([width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.fillStyle = "#2c7f9e";
      context.fillRect(0, 0, width, height / 2);
      context.fillStyle = "#e2cfa4";
      context.fillRect(0, height / 2, width, height / 2);
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    },
    [width, height] as [number, number],
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}

/** Chooses files by the button. */
export async function attach(page: Page, files: Chosen[], button = "Attach file"): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await chooser).setFiles(files);
}

export const sendButton = (page: Page): Locator => page.getByRole("button", { name: "Send", exact: true });
