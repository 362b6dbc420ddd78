// Leaves the app open on a room in which somebody says something again and again, and prints what the page
// holds after the first minute's messages and after an hour's as one line of JSON. Started by
// `tideline-bench`, which makes the room; the task is the first argument.

import { cookie, launch, memory, task } from './browser.mjs';

/** How long the last of the messages may take to be on the screen. */
const PATIENCE = 120_000;

const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([cookie]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(task.origin + task.room);
  const session = await context.newCDPSession(page);
  let said = 0;
  /** Says messages, so many a second, until there are `count`; the last is on the screen. */
  const say = async (count, aSecond) => {
    while (said < count) {
      said += 1;
      const next = new Promise((resolve) => { setTimeout(resolve, 1_000 / aSecond); });
      const text = `Message ${said}: the tide comes in, and goes out again.`;
      const body = JSON.stringify({ type: 'send', id: crypto.randomUUID(), text });
      const headers = { cookie: task.speaker, origin: task.origin, 'content-type': 'application/json' };
      const answer = await fetch(task.origin + task.door, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(await answer.text());
      await next;
    }
    await page.getByRole('log').getByText(`Message ${count}:`).waitFor();
  };
  const result = {};
  // The minute is a real one: only after a while has everything come that the app fetches when it rests.
  await say(task.minute, 1);
  result.minute = await memory(browser, session);
  await say(task.hour, task.a_second);
  result.hour = await memory(browser, session);
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
