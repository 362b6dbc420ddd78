// The floor: the least that a chat on this runtime takes which stores before it sends. An object writes one row for a
// message and sends it to its sockets; nobody is asked who they are, and nobody else is told. It speaks as the service
// does, so the same readers measure both.
import { DurableObject } from "cloudflare:workers";

class Room extends DurableObject {
  constructor(state, env) {
    super(state, env);
    const table = "CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT";
    state.storage.sql.exec(table);
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  fetch() {
    const [here, there] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(there);
    return new Response(null, { status: 101, webSocket: here });
  }

  webSocketMessage(socket, frame) {
    const { sql } = this.ctx.storage;
    const { type, ref, command } = JSON.parse(frame);
    if (type === "hello") {
      const { last } = sql.exec("SELECT coalesce(max(seq), 0) AS last FROM messages").one();
      return socket.send(JSON.stringify({ type: "page", cursor: last, rows: [], done: true }));
    }
    const { seq } = sql.exec("INSERT INTO messages (text) VALUES (?) RETURNING seq", command.text).one();
    const rows = [{ seq, body: { text: command.text } }];
    const change = JSON.stringify({ type: "change", version: seq, rows });
    for (const each of this.ctx.getWebSockets()) each.send(change);
    socket.send(JSON.stringify({ type: "reply", ref, reply: { type: "sent", seq } }));
  }
}

// The names under which the service binds its objects.
export class AccountObject extends Room {}
export class ConversationObject extends Room {}
export class DirectoryObject extends Room {}
export class DeploymentObject extends Room {}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") !== "websocket") {
      // Everybody is somebody new.
      const [user, session] = [crypto.randomUUID(), crypto.randomUUID()];
      const headers = { "set-cookie": `session=${session}` };
      return Response.json({ type: "signed_in", user, display_name: "Somebody", session }, { headers });
    }
    const isAccount = pathname === "/api/account";
    const objects = isAccount ? env.ACCOUNTS : env.CONVERSATIONS;
    return objects.getByName(isAccount ? request.headers.get("cookie") : pathname).fetch(request);
  },
};
