// The real runtime for browser tests: `wrangler dev` over the built Worker and app, with storage
// of its own.
//
// A small shell stands between: it starts wrangler in a process group and kills the whole group
// with SIGKILL when its standard input ends. So `kill` is a crash that no process can soften, and
// nothing stays behind when the tests end, however they end.
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = resolve(__dirname, "../..");
const BIN = join(ROOT, "node_modules/.bin");

/** How long a start may take on a machine that is busy with other things, in milliseconds. */
const START = 180_000;

/** Below those that connections and servers without a port of their own get. */
const PORTS = [11_000, 32_000] as const;

/** Runs the command; ends it when standard input ends, and ends with it. */
const SUPERVISOR = '( "$@" </dev/null; kill -KILL 0 ) & read -r _ || kill -KILL 0; kill -KILL 0';

/** So many at once, then one more every so often. */
export type Rate = { burst: number; every_ms: number };

/** Rates by name, as `TIDELINE_LIMITS` takes them. */
export type Limits = Record<string, Rate>;

/** None: tests do in seconds what people do in days. */
const NO_LIMITS: Limits = Object.fromEntries(
  ["register", "guest", "sign_in", "wrong_password", "invite", "find", "search", "profile", "export", "group", "direct", "join", "open", "say", "send", "talk", "block", "keep", "link", "govern", "report"].map((name) => [
    name,
    { burst: 1_000_000, every_ms: 0 },
  ]),
);

export class Server {
  readonly url: string;
  private readonly dir = mkdtempSync(join(tmpdir(), "tideline-"));
  private group: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly limits: Limits,
    /** Further variables of the deployment. */
    private readonly vars: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts one with empty storage, and waits until it answers. */
  static async start(limits: Limits = {}, vars: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await freePort(), { ...NO_LIMITS, ...limits }, vars);
    await server.restart();
    return server;
  }

  /** Ends it as a power cut would: SIGKILL to every process of it at once. */
  async kill(): Promise<void> {
    const group = this.group;
    this.group = undefined;
    if (group === undefined || ended(group)) return;
    const end = new Promise((done) => group.once("close", done));
    group.stdin?.end();
    await end;
  }

  /** Starts it again on the same port and storage, and waits until it answers. */
  async restart(): Promise<void> {
    await this.kill();
    await until(() => portIsFree(this.port), `port ${this.port} stays taken`);
    const group = this.spawn();
    this.group = group;
    await until(async () => {
      if (ended(group)) throw new Error(`wrangler ended instead of starting:\n${this.log()}`);
      return await answers(this.url);
    }, `wrangler does not answer`).catch(async (error: unknown) => {
      await this.kill();
      throw error;
    });
  }

  /** Ends it for good, and forgets what it stored. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Everything that it has printed since its last start. */
  log(): string {
    return readFileSync(join(this.dir, "wrangler.log"), "utf8");
  }

  private spawn(): ChildProcess {
    const log = openSync(join(this.dir, "wrangler.log"), "w");
    const wrangler = [
      join(BIN, "wrangler"),
      "dev",
      ...["--ip", "127.0.0.1", "--port", String(this.port), "--inspector-port", "0"],
      ...["--persist-to", join(this.dir, "state")],
      ...["--var", `TIDELINE_LIMITS:${JSON.stringify(this.limits)}`],
      ...Object.entries(this.vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ];
    const group = spawn("sh", ["-c", SUPERVISOR, "tideline", ...wrangler], {
      cwd: ROOT,
      detached: true,
      stdio: ["pipe", log, log],
      env: {
        ...process.env,
        PATH: `${BIN}${delimiter}${process.env.PATH ?? ""}`,
        TIDELINE_SKIP_BUILD: "1",
        WRANGLER_LOG_PATH: join(this.dir, "wrangler-logs"),
        // Runtimes on one machine must not find, and call, each other.
        WRANGLER_REGISTRY_PATH: join(this.dir, "registry"),
        CI: "1",
      },
    });
    closeSync(log);
    return group;
  }
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return answer?.ok ?? false;
}

async function until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + START;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${otherwise} after ${START / 1000} seconds`);
    await pause(50);
  }
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => answer(true)));
  });
}

/** A port that is free, and that no system hands out by itself while the runtime is on its way to it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS);
    if (await portIsFree(port)) return port;
  }
}
