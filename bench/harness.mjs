// Serves Tideline through wrangler's test harness, and throws objects out of memory on command.
//
// Reads a line of JSON from its input for each command, and answers with one. First says where it
// listens. Ends, with everything that it started, when its input does.

import { createInterface } from "node:readline";
import { createTestHarness } from "wrangler";

const [root, limits] = process.argv.slice(2);
const vars = { TIDELINE_LIMITS: limits };
const server = createTestHarness({ root, workers: [{ configPath: "wrangler.toml", vars }] });
const answer = (message) => process.stdout.write(`harness ${JSON.stringify(message)}\n`);

const { url } = await server.listen();
answer({ origin: url.origin });
const worker = server.getWorker();

for await (const line of createInterface({ input: process.stdin })) {
  const { evict, name, webSockets } = JSON.parse(line);
  try {
    if (evict) {
      await worker.evictDurableObject(evict, { name, webSockets });
      answer({ evicted: true });
    } else {
      answer({ log: server.getLogs().map(({ level, message }) => `${level}: ${message}`) });
    }
  } catch (error) {
    // Not every object is in memory.
    answer({ evicted: false, why: String(error) });
  }
}
process.kill(-process.pid, "SIGKILL");
