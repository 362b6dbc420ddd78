// What the scripts share that measure the app in Chromium: their task, which is their first argument, the
// browser, and the session in it.

import { chromium } from '@playwright/test';

export const task = JSON.parse(process.argv[2]);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const [name, value] = task.cookie.split(/=(.*)/s);
export const cookie = { name, value, url: task.origin, httpOnly: true, sameSite: 'Lax' };

export const launch = () => chromium.launch({ executablePath: task.chromium, args: flags });
