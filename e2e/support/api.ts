// People without a browser: they use the service over HTTP, as programs do. Tests prepare with
// them what is not the point of the test.
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** The password of everybody that tests make. */
export const PASSWORD = "tide-and-line";

/** Names the pair of a direct conversation; PROTOCOL.md, Values. */
const DIRECT = Buffer.from("6f3c1f0e52a44d0b9c5e7d1e11de0001", "hex");

/** Messages on their way at one time. */
const IN_FLIGHT = 100;

/** How long news may take to an account, in milliseconds. */
const PATIENCE = 30_000;

export type Group = { type?: string; description?: string };

/** An account with one session of its own. */
export class Account {
  private constructor(
    private readonly url: string,
    readonly user: string,
    /** Empty for guests. */
    readonly userName: string,
    readonly displayName: string,
    /** The session's cookie. */
    readonly cookie: { name: string; value: string },
  ) {}

  /** Makes an account whose user name nobody has yet. */
  static async register(url: string, displayName: string): Promise<Account> {
    const userName = uniqueName();
    const command = { type: "register", user_name: userName, password: PASSWORD };
    return Account.enter(url, userName, { ...command, display_name: displayName });
  }

  /** The same account on another device. */
  async anotherSession(): Promise<Account> {
    const command = { type: "sign_in", user_name: this.userName, password: PASSWORD };
    return Account.enter(this.url, this.userName, command);
  }

  private static async enter(url: string, userName: string, command: object): Promise<Account> {
    const answer = await post(url, "/api/session", command);
    const text = await answer.text();
    if (!answer.ok) throw refused("/api/session", command, answer, text);
    const { user, display_name } = JSON.parse(text) as { user: string; display_name: string };
    const [name = "", value = ""] = (answer.headers.get("set-cookie") ?? "").split(/[=;]/, 2);
    return new Account(url, user, userName, display_name, { name, value });
  }

  /** Makes a group and returns its id. */
  async createGroup(name: string, { type = "", description = "" }: Group = {}): Promise<string> {
    const id = uuid7();
    await this.conversation(id, { type: "create_group", name, group_type: type, description });
    return id;
  }

  /** Makes a group of these people and returns its id. */
  async groupWith(others: Account[], name: string, group: Group = {}): Promise<string> {
    const id = await this.createGroup(name, group);
    const token = await this.invite(id);
    for (const other of others) await other.join(token);
    return id;
  }

  /** Starts the direct conversation with somebody and returns its id. */
  async directWith(peer: Account): Promise<string> {
    const id = directId(this.user, peer.user);
    await this.conversation(id, { type: "start_direct", peer: peer.user });
    return id;
  }

  /** Makes an invite and returns its token. */
  async invite(conversation: string): Promise<string> {
    const reply = await this.conversation(conversation, { type: "create_invite" });
    return reply["token"] as string;
  }

  /** Follows an invite. */
  async join(token: string): Promise<void> {
    await this.call("/api/invites", { type: "join", token });
  }

  /** Leaves a group. */
  async leave(conversation: string): Promise<void> {
    await this.conversation(conversation, { type: "leave" });
  }

  /** Says something; returns its place in the order. */
  async send(conversation: string, text: string, more: object = {}): Promise<number> {
    const command = { type: "send", id: uuid7(), text, ...more };
    const reply = await this.conversation(conversation, command);
    return reply["seq"] as number;
  }

  /** Says all of this in this order, many times faster than one by one. */
  async sendAll(conversation: string, texts: string[]): Promise<void> {
    const commands = texts.map((text) => ({ type: "send", id: uuid7(), text }));
    const { name, value } = this.cookie;
    const headers = { cookie: `${name}=${value}`, origin: this.url };
    const address = `${this.url.replace("http", "ws")}/api/conversations/${conversation}`;
    // Node's own sockets take headers, which browsers' do not.
    const socket: WebSocket = Reflect.construct(WebSocket, [address, { headers }]);
    await new Promise<void>((done, fail) => {
      let [sent, answered] = [0, 0];
      const next = (): void => {
        socket.send(JSON.stringify({ type: "call", ref: sent, command: commands[sent] }));
        sent += 1;
      };
      socket.onopen = () => {
        while (sent < Math.min(commands.length, IN_FLIGHT)) next();
      };
      socket.onmessage = ({ data }) => {
        const { reply } = JSON.parse(String(data)) as { reply?: { type: string } };
        if (reply?.type !== "sent") return fail(new Error(String(data)));
        answered += 1;
        if (answered === commands.length) socket.close();
        else if (sent < commands.length) next();
      };
      socket.onclose = ({ code }) => {
        if (answered === commands.length) done();
        else fail(new Error(`the socket closed with ${code} after ${answered} answers`));
      };
    });
  }

  /** Changes what the profile says. */
  async describe(profile: { age?: number; gender?: string; signature?: string }): Promise<void> {
    const full = { display_name: this.displayName, gender: "unstated", signature: "", ...profile };
    await this.call("/api/account", { type: "update_profile", ...full });
  }

  /** Any command of PROTOCOL.md. */
  conversation(id: string, command: object): Promise<Record<string, unknown>> {
    return this.call(`/api/conversations/${id}`, command);
  }

  /** Any command, at any door. One to the account waits until it has heard of the conversation that it is about. */
  async call(path: string, command: object): Promise<Record<string, unknown>> {
    const { name, value } = this.cookie;
    const until = Date.now() + PATIENCE;
    for (;;) {
      const answer = await post(this.url, path, command, { cookie: `${name}=${value}` });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text) as Record<string, unknown>;
      const unheard = path === "/api/account" && text.includes('"unknown_conversation"');
      if (!unheard || Date.now() > until) throw refused(path, command, answer, text);
      await pause(50);
    }
  }
}

function post(url: string, path: string, command: object, headers = {}): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...headers },
    body: JSON.stringify(command),
  });
}

function refused(path: string, command: object, { status }: Response, text: string): Error {
  return new Error(`${path} ${JSON.stringify(command)}: ${status} ${text}`);
}

let count = 0;

/** A user name that nobody has: the tests of one worker share the storage. */
export function uniqueName(): string {
  count += 1;
  return `p${count}.${randomBytes(4).toString("hex")}`;
}

/** The id of the direct conversation of two people. */
export function directId(one: string, other: string): string {
  const pair = [one, other].sort().map((id) => Buffer.from(id.replaceAll("-", ""), "hex"));
  const hash = createHash("sha1").update(Buffer.concat([DIRECT, ...pair])).digest();
  return uuid(hash.subarray(0, 16), 5);
}

function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  return uuid(bytes, 7);
}

function uuid(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
