// Uses the app as somebody with a few busy conversations does, at the machine's own speed and as a slow
// phone would, and prints what that took as one line of JSON. Started by `tideline-bench`, which makes the
// conversations; the task is the first argument.

import { cookie, launch, memory, task } from './browser.mjs';

/** How long one step may take before the run fails. */
const PATIENCE = 120_000;
/** A mobile network: bits a second both ways, and milliseconds of delay. */
const SLOW = { offline: false, latency: 60, downloadThroughput: 9e6 / 8, uploadThroughput: 9e6 / 8 };
/** How far a frame scrolls, in pixels: a fast flick, about fifteen messages. */
const FLICK = 1_000;

/** Runs in the page before anything of the app: the stopwatches. */
function stopwatches() {
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  /** Resolves when `is` holds and that is painted: when it was, by `performance.now()`. */
  window.whenPainted = (is) => new Promise((resolve) => {
    const look = () => is() && (observer.disconnect(), painted(() => resolve(performance.now())));
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    look();
  });
  const message = () => document.querySelector('[role=log] :is(article, [role=article])');
  window.firstMessage = window.whenPainted(message);
}

async function open(browser, slowly) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([cookie]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(stopwatches);
  const session = await context.newCDPSession(page);
  if (slowly) {
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', SLOW);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  return { context, page, session };
}

/** Navigation to the first message, cold and warm. */
async function ready(browser, slowly, runs) {
  const cold = [];
  const warm = [];
  for (let run = 0; run <= runs; run += 1) {
    const { context, page } = await open(browser, slowly);
    await page.goto(task.origin + task.big, { waitUntil: 'commit' });
    const first = await page.evaluate(() => window.firstMessage);
    await page.waitForLoadState('networkidle');
    await page.reload({ waitUntil: 'commit' });
    const again = await page.evaluate(() => window.firstMessage);
    await context.close();
    // The first one warms the runtime and the browser.
    if (run > 0) {
      cold.push(first);
      warm.push(again);
    }
  }
  return { cold, warm };
}

/** A key's event to the end of all work that it causes, layout included; waiting for the screen is not. */
async function type(page, count) {
  const took = page.evaluate((count) => new Promise((resolve) => {
    const took = [];
    let from = 0;
    addEventListener('keydown', () => (from = performance.now()), { capture: true });
    addEventListener('input', async () => {
      // What the app does because of it follows in a few turns of the same task.
      for (let turn = 0; turn < 10; turn += 1) await undefined;
      document.body.getBoundingClientRect();
      took.push(performance.now() - from);
      if (took.length === count) resolve(took);
    });
  }), count);
  const composer = page.getByRole('textbox', { name: 'Message' });
  await composer.focus();
  for (let n = 0; n < count; n += 1) await page.keyboard.press('abcdefgh '[n % 9]);
  await composer.fill('');
  return took;
}

/** Enter to the own message on the screen. */
async function send(page, count) {
  const took = [];
  const composer = page.getByRole('textbox', { name: 'Message' });
  for (let n = 0; n < count; n += 1) {
    const text = `Sent number ${n} of ${count}`;
    await composer.fill(text);
    const ms = page.evaluate((text) => new Promise((resolve) => {
      addEventListener('keydown', async () => {
        const from = performance.now();
        const said = () => [...document.querySelectorAll('[role=log] article')].at(-1)?.textContent.includes(text);
        resolve((await window.whenPainted(said)) - from);
      }, { capture: true, once: true });
    }), text);
    await composer.press('Enter');
    took.push(await ms);
  }
  return took;
}

/** A click on a conversation in the list to its messages on the screen. */
async function change(page, count) {
  const took = [];
  for (let n = 0; n < count; n += 1) {
    const path = task.small[n % task.small.length];
    took.push(await page.evaluate(async ({ path, title }) => {
      const link = document.querySelector(`a[href="${path}"]`);
      const from = performance.now();
      link.click();
      const there = () =>
        [...document.querySelectorAll('h1')].some((heading) => heading.textContent.includes(title)) &&
        document.querySelector('[role=log] article')?.textContent.includes(title);
      return (await window.whenPainted(there)) - from;
    }, { path, title: task.titles[n % task.small.length] }));
  }
  return took;
}

/** Scrolls up until 2,000 messages have gone by: how long that took, and each frame of it. */
async function scroll(page) {
  return page.evaluate(({ until, flick }) => new Promise((resolve) => {
    const log = document.querySelector('[role=log]');
    let scroller = log;
    while (scroller && getComputedStyle(scroller).overflowY !== 'auto' && getComputedStyle(scroller).overflowY !== 'scroll') {
      scroller = scroller.parentElement;
    }
    const frames = [];
    const begin = performance.now();
    let before = begin;
    const step = () => {
      const now = performance.now();
      frames.push(now - before);
      before = now;
      const first = log.querySelector('article')?.textContent.match(/Message (\d+) of/);
      if (first && Number(first[1]) <= until) return resolve({ ms: now - begin, frames });
      scroller.scrollTop -= flick;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }), { until: task.until, flick: FLICK });
}

const browser = await launch();
try {
  const result = {};
  for (const [speed, slowly] of [['1x', false], ['4x', true]]) {
    result[speed] = await ready(browser, slowly, task.runs);
    const { context, page } = await open(browser, slowly);
    await page.goto(task.origin + task.big);
    await page.evaluate(() => window.firstMessage);
    await page.waitForLoadState('networkidle');
    result[speed].type = await type(page, 100);
    result[speed].send = await send(page, 30);
    result[speed].change = await change(page, 30);
    await context.close();
  }
  // Whoever opens the app to read back, and does nothing else.
  const { page, session } = await open(browser, false);
  await page.goto(task.origin + task.big);
  await page.evaluate(() => window.firstMessage);
  await page.waitForLoadState('networkidle');
  result.scroll = await scroll(page);
  result.memory = await memory(browser, session);
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
