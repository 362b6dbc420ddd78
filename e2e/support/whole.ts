// A whole Chromium, for what the one without windows does not do: it shows nothing by the system.
import config from "../playwright.config";

const launch = config.use?.launchOptions;
const path = process.env["TIDELINE_CHROMIUM"];

/** For `test.use`. */
export const whole = { launchOptions: { ...launch, ...(path ? { executablePath: path } : {}) } };
