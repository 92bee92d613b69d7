// A keep-alive HTTP client that does next to nothing itself, so that what is timed is the server.
import { connect } from "node:net";
import { once } from "node:events";

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** A request as bytes. */
export function post(path, headers, body) {
  const lines = Object.entries({ host: "bench", ...headers, "content-length": Buffer.byteLength(body) });
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
}

const PATIENCE = 15_000;

export class Connection {
  static async to(port) {
    const connection = new Connection();
    connection.port = port;
    await connection.open();
    return connection;
  }

  /** Connects, if workerd has closed the connection: it does so after five idle seconds. To be called before a run. */
  async open() {
    if (this.socket && !this.socket.destroyed && !this.socket.readableEnded) return;
    const socket = connect({ port: this.port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    this.received = Buffer.alloc(0);
    socket.on("data", (piece) => {
      this.received = this.received.length === 0 ? piece : Buffer.concat([this.received, piece]);
      this.#look();
    });
    const broken = (error) => this.reject?.(error ?? new Error("the connection was closed"));
    socket.on("error", broken);
    socket.on("close", () => broken());
    this.socket = socket;
  }

  /** Sends a request; gives `{ millis, status, body }`. One at a time. */
  send(bytes) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer in ${PATIENCE} ms; so far: ${this.received}`)), PATIENCE);
      this.reject = (why) => (clearTimeout(late), reject(why));
      this.resolve = (answer) => (clearTimeout(late), resolve(answer));
      this.began = process.hrtime.bigint();
      this.socket.write(bytes);
    });
  }

  #look() {
    const end = this.received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.received.toString("latin1", 0, end);
    const rest = this.received.subarray(end + 4);
    let body;
    const length = head.match(/content-length: *(\d+)/i)?.[1];
    if (length !== undefined) {
      if (rest.length < Number(length)) return;
      body = rest;
    } else if (/transfer-encoding: *chunked/i.test(head)) {
      if (!rest.subarray(-5).equals(Buffer.from("0\r\n\r\n"))) return;
      body = unchunked(rest);
    } else if (!/^HTTP\/1.1 (204|304)/.test(head)) {
      return;
    }
    const millis = Number(process.hrtime.bigint() - this.began) / 1e6;
    this.received = Buffer.alloc(0);
    this.resolve({ millis, status: Number(head.slice(9, 12)), body: body?.toString() ?? "" });
  }

  close() {
    this.reject = undefined;
    this.socket.destroy();
  }
}

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
