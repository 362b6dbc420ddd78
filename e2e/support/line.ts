// The line between a browser and the service, which a test can cut, hold up and mend. Browsers see
// what they see on a bad network: sockets that break, requests that fail, bytes that do not arrive.
//
// Only what goes to /api/ suffers; the app's own files always arrive, so that a page can be loaded
// again while the service is out of reach.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

type State = "open" | "held" | "cut";

export class Line {
  private state: State = "open";
  /** The sockets of the browser, with their other ends. */
  private readonly pairs = new Map<Socket, Socket>();

  private constructor(
    /** Where the browser finds the service through this line. */
    readonly url: string,
    private readonly door: Server,
    private readonly to: URL,
  ) {
    door.on("request", (ask, answer) => this.pass(ask, answer));
    door.on("upgrade", (ask, socket: Socket, head) => this.tunnel(ask, socket, head));
  }

  /** Lays a line to the service at `url`. */
  static async to(url: string): Promise<Line> {
    const door = createServer();
    await new Promise<void>((done) => door.listen(0, "127.0.0.1", done));
    const { port } = door.address() as AddressInfo;
    return new Line(`http://127.0.0.1:${port}`, door, new URL(url));
  }

  /** Breaks every connection to the service, and lets none through. */
  cut(): void {
    this.state = "cut";
    for (const socket of this.pairs.keys()) socket.destroy();
  }

  /** What the browser says on its sockets does not arrive until the line is mended. */
  hold(): void {
    this.state = "held";
    for (const [socket, far] of this.pairs) {
      socket.unpipe(far);
      socket.pause();
    }
  }

  /** Everything goes through again, what was held up first. */
  mend(): void {
    this.state = "open";
    for (const [socket, far] of this.pairs) socket.pipe(far);
  }

  /** Takes the line away. */
  async remove(): Promise<void> {
    this.cut();
    this.door.closeAllConnections();
    await new Promise((done) => this.door.close(done));
  }

  private pass(ask: IncomingMessage, answer: ServerResponse): void {
    if (this.state === "cut" && ask.url?.startsWith("/api/")) {
      ask.socket.destroy();
      return;
    }
    const { hostname, port } = this.to;
    const { method, url: path, headers } = ask;
    const further = request({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(answer);
    });
    further.on("error", () => ask.socket.destroy());
    ask.pipe(further);
  }

  private tunnel(ask: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.state === "cut") {
      socket.destroy();
      return;
    }
    const far = connect(Number(this.to.port), this.to.hostname);
    const lines = [`${ask.method} ${ask.url} HTTP/1.1`];
    for (let at = 0; at < ask.rawHeaders.length; at += 2) {
      lines.push(`${ask.rawHeaders[at]}: ${ask.rawHeaders[at + 1]}`);
    }
    far.write(`${lines.join("\r\n")}\r\n\r\n`);
    far.write(head);
    far.pipe(socket);
    this.pairs.set(socket, far);
    if (this.state === "open") socket.pipe(far);
    const end = (): void => {
      this.pairs.delete(socket);
      socket.destroy();
      far.destroy();
    };
    for (const side of [socket, far]) side.on("close", end).on("error", end);
  }
}
