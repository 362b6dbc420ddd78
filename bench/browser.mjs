// What the scripts share that measure the app in Chromium: their task, which is their first argument, the
// browser, and the session in it.

import { readFileSync } from 'node:fs';
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

/** What the page holds, after everything that can be forgotten is: JavaScript and the whole renderer, in MB. */
export async function memory(browser, session) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  await whole.detach();
  const heap = usedSize / 1_000_000;
  // Only Linux says so.
  if (process.platform !== 'linux') return { heap, renderer: null };
  const sizes = renderers.map(({ id }) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(rollup.match(/^Pss:\s+(\d+)/m)?.[1] ?? 0) / 1_000;
  });
  // The one that holds most is the page's; a spare one may be there.
  return { heap, renderer: Math.max(...sizes) };
}
