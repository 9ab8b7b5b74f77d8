/**
 * Small servers on Deno's own HTTP server.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HostError, listenError } from "../host-error.ts";
import { CLOSE_GRACE_MS } from "../host.ts";
import {
  type BodiedHandler,
  type BodiedRequest,
  isSocketPath,
  type Listeners,
  type ListenPlace,
  peerText,
  type PlainAnswer,
  type RunningListener,
  type StandardInput,
} from "../listeners.ts";
import { readStream } from "../shared/bounded-read.ts";
import { systemCode } from "./system-code.ts";

/** The sockets of this machine. */
export function listeners(): Listeners {
  return { processId: Deno.pid, listen, standardInput, notify };
}

async function listen(handler: BodiedHandler, place: ListenPlace): Promise<RunningListener> {
  if (place.kind === "descriptor") {
    throw new HostError(
      "ERR_LISTEN_UNSUPPORTED",
      "Cannot listen on a socket that systemd opened: Deno.serve takes none; use Node, or no socket unit",
    );
  }
  if (place.kind === "unix" && !isSocketPath(place.path, Deno.build.os)) {
    throw listenError(place.path, "ENAMETOOLONG", undefined);
  }
  try {
    return start(handler, place);
  } catch (error) {
    const code = error instanceof Deno.errors.AddrInUse
      ? "EADDRINUSE"
      : error instanceof Deno.errors.AddrNotAvailable
      ? "EADDRNOTAVAIL"
      : error instanceof Deno.errors.NotCapable
      ? place.kind === "unix"
        ? `Deno wants --allow-net=unix:${place.path} --allow-read --allow-write --allow-sys for it`
        : "Deno wants --allow-net for it"
      : systemCode(error);
    if (place.kind === "tcp") throw listenError(`${place.hostname} port ${place.port}`, code, error);
    const left = code === "EADDRINUSE" && Deno.lstatSync(place.path).isSocket;
    if (!left || (await isAnswered(place.path))) throw listenError(place.path, code, error);
    // What a process left behind that did not end well.
    Deno.removeSync(place.path);
    return start(handler, place);
  }
}

function start(handler: BodiedHandler, place: Exclude<ListenPlace, { readonly kind: "descriptor" }>): RunningListener {
  const patience = new AbortController();
  const answer = (request: Request, { remoteAddr }: Deno.ServeHandlerInfo) => {
    const result = handler(new FetchRequest(request, remoteAddr, place.kind === "tcp" && place.tls !== undefined));
    return result instanceof Promise ? result.then(responseOf) : responseOf(result);
  };
  const common = {
    signal: patience.signal,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  };
  const server = place.kind === "tcp"
    ? Deno.serve({
      ...common,
      hostname: place.hostname,
      port: place.port,
      ...(place.tls === undefined ? {} : { cert: place.tls.certificate, key: place.tls.privateKey }),
    } as Deno.ServeTcpOptions, answer)
    : ownSocket(() => Deno.serve({ ...common, path: place.path }, answer));
  return {
    hostname: place.kind === "tcp" ? place.hostname : undefined,
    port: server.addr.transport === "tcp" ? server.addr.port : undefined,
    close: async () => {
      const timer = setTimeout(() => patience.abort(), CLOSE_GRACE_MS);
      await server.shutdown();
      clearTimeout(timer);
      if (place.kind === "unix") await Deno.remove(place.path).catch(() => {});
    },
  };
}

/** The system makes the socket's file within the call, with the permissions that the mask leaves. */
function ownSocket<T>(open: () => T): T {
  if (Deno.build.os === "windows") return open();
  const mask = Deno.umask(0o177);
  try {
    return open();
  } finally {
    Deno.umask(mask);
  }
}

function responseOf({ status, headers, body }: PlainAnswer): Response {
  return new Response(body, { status, headers });
}

class FetchRequest implements BodiedRequest {
  readonly method: string;
  readonly #request: Request;
  readonly #address: Deno.Addr;
  readonly #secure: boolean;

  constructor(request: Request, address: Deno.Addr, secure: boolean) {
    this.#secure = secure;
    this.method = request.method;
    this.#request = request;
    this.#address = address;
  }

  get peer(): string {
    const address = this.#address;
    return "hostname" in address ? peerText(address.hostname, address.port) : "unix";
  }

  get target(): string {
    const { url } = this.#request;
    return url.slice(url.indexOf("/", url.indexOf("://") + 3));
  }

  header(name: string): string | undefined {
    const value = this.#request.headers.get(name) ?? undefined;
    // Over TLS clients may speak HTTP/2, which has the authority in the place of Host (RFC 9113 §8.3.1).
    return value === undefined && name === "host" && this.#secure ? new URL(this.#request.url).host : value;
  }

  body(maxLength: number): Promise<Bytes | undefined> {
    return readStream(this.#request.body, maxLength);
  }
}

function standardInput(): StandardInput {
  const reader = Deno.stdin.readable.getReader();
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  }
  return { pieces: pieces(), close: () => void reader.cancel() };
}

/** Whether somebody listens on a Unix socket. */
async function isAnswered(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.ConnectionRefused);
  }
}

async function notify(words: readonly string[]): Promise<void> {
  const failed = (state: string) => new HostError("ERR_NOTIFY", `Cannot tell systemd: ${state}`);
  const command = new Deno.Command("systemd-notify", {
    args: [`--pid=${Deno.pid}`, ...words],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  const { code } = await command.output().catch((error: Error) => {
    throw failed(`systemd-notify does not start: ${error.message}`);
  });
  if (code !== 0) throw failed(`systemd-notify ended with ${code}`);
}
