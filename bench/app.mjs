// Opens a conversation in Chromium, cold and warm, and prints what that took as one line of JSON.
// Started by `tideline-bench`, which makes the conversation; the task is the first argument.

import { constants, brotliCompressSync } from 'node:zlib';
import { cookie, launch, task } from './browser.mjs';

/** How long one opening may take before the run fails. */
const PATIENCE = 60_000;

/** Runs in the page before anything of the app: notes when the first message is in the page. */
function noteFirstMessage() {
  const seen = () => document.querySelector('[role=log] :is(article, [role=article])');
  new MutationObserver((_, observer) => {
    if (!seen()) return;
    observer.disconnect();
    // Two frames later it has been painted; what counts is the moment it could be.
    requestAnimationFrame(() => (window.firstMessageAt = performance.now()));
  }).observe(document, { childList: true, subtree: true });
}

async function firstMessage(page) {
  const handle = await page.waitForFunction(() => window.firstMessageAt, null, {
    timeout: PATIENCE,
    polling: 20,
  });
  return handle.jsonValue();
}

/** What a first visit transfers: everything that the page asked for, without the API. */
async function transferred(urls) {
  const bodies = new Map();
  for (const url of urls) {
    const answer = await fetch(url);
    bodies.set(new URL(url).pathname, Buffer.from(await answer.arrayBuffer()));
  }
  // Only now: packing keeps this program too busy to keep a connection up.
  return [...bodies].map(([path, body]) => ({
    path,
    bytes: body.length,
    brotli_bytes: pack(body).length,
  }));
}

function pack(body) {
  return brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
}

const browser = await launch();
try {
  const coldMs = [];
  const warmMs = [];
  const urls = new Set();
  // The first opening warms the runtime and the browser, and only tells what is transferred.
  for (let run = 0; run <= task.runs; run += 1) {
    const context = await browser.newContext();
    await context.addCookies([cookie]);
    const page = await context.newPage();
    await page.addInitScript(noteFirstMessage);
    if (run === 0) {
      page.on('request', (request) => {
        const { protocol, pathname } = new URL(request.url());
        if (protocol === 'http:' && !pathname.startsWith('/api/')) urls.add(request.url());
      });
    }
    await page.goto(task.origin + task.path, { waitUntil: 'commit' });
    const cold = await firstMessage(page);
    // What the app loads once it is at rest counts as transferred, too.
    await page.waitForLoadState('networkidle');
    await page.reload({ waitUntil: 'commit' });
    const warm = await firstMessage(page);
    await context.close();
    if (run > 0) {
      coldMs.push(cold);
      warmMs.push(warm);
    }
  }
  const requests = await transferred(urls);
  console.log(JSON.stringify({ requests, cold_ms: coldMs, warm_ms: warmMs }));
} finally {
  await browser.close();
}
