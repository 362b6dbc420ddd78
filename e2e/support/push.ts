// A push service of our own, and the browser's end of it: devices subscribe here, the service under test
// sends here, and what comes is opened with the device's keys (RFC 8291) as a browser would.
import {
  createDecipheriv,
  createECDH,
  type ECDH,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext, CDPSession, Page } from "@playwright/test";

type Device = { keys: ECDH; secret: Buffer; got: string[] };

export class PushService {
  private readonly devices = new Map<string, Device>();

  private constructor(private readonly server: Server) {
    server.on("request", async (request, answer) => {
      const body = Buffer.concat(await request.toArray());
      const device = this.devices.get(request.url ?? "");
      device?.got.push(open(body, device));
      answer.writeHead(device ? 201 : 410).end();
    });
  }

  static async open(): Promise<PushService> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new PushService(server);
  }

  close(): void {
    this.server.close();
  }

  /** `host:port`. */
  get place(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Has the pages of a browser that has no push service subscribe here; what that browser gets. */
  async serve(page: Page): Promise<string[]> {
    const keys = createECDH("prime256v1");
    keys.generateKeys();
    const device = { keys, secret: randomBytes(16), got: [] };
    const path = `/${randomBytes(8).toString("hex")}`;
    this.devices.set(path, device);
    const subscription = {
      endpoint: `http://${this.place}${path}`,
      keys: { p256dh: keys.getPublicKey("base64url"), auth: device.secret.toString("base64url") },
    };
    await page.addInitScript((subscription) => {
      const held = { toJSON: () => subscription, unsubscribe: async () => true };
      Object.assign(PushManager.prototype, {
        subscribe: async () => held,
        getSubscription: async () => held,
      });
    }, subscription);
    return device.got;
  }
}

/** What a notice says that was encrypted for this device. */
function open(sealed: Buffer, { keys, secret }: Device): string {
  const salt = sealed.subarray(0, 16);
  const sender = sealed.subarray(21, 21 + (sealed[20] ?? 0));
  const record = sealed.subarray(21 + sender.length);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), sender]);
  const ikm = Buffer.from(hkdfSync("sha256", keys.computeSecret(sender), secret, info, 32));
  const derive = (name: string, length: number) =>
    Buffer.from(hkdfSync("sha256", ikm, salt, `Content-Encoding: ${name}\0`, length));
  const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
  decipher.setAuthTag(record.subarray(-16));
  const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return text.subarray(0, text.lastIndexOf(2)).toString();
}

/** The way by which a browser's own push service reaches the app in it. */
export class Delivery {
  private constructor(
    private readonly session: CDPSession,
    private readonly origin: string,
    private readonly registrationId: string,
  ) {}

  /** That of a browser on whose device the app is kept; a page of it must be open, whatever it shows. */
  static async to(context: BrowserContext, page: Page, origin: string): Promise<Delivery> {
    const session = await context.newCDPSession(page);
    const found = new Promise<string>((resolve) => {
      session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const ours = registrations.find(({ scopeURL, isDeleted }) => !isDeleted && scopeURL.startsWith(origin));
        if (ours) resolve(ours.registrationId);
      });
    });
    await session.send("ServiceWorker.enable");
    return new Delivery(session, origin, await found);
  }

  async push(data: string): Promise<void> {
    const { origin, registrationId } = this;
    await this.session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  }
}
