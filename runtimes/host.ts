/**
 * What a program needs of its runtime. `runtimes/node`, `runtimes/deno` and `runtimes/bun` each make one; the command
 * line, the file identities and the local service know nothing else of the machine.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";
import type { CryptoProvider } from "../core/crypto/provider.ts";
import type { Sha256 } from "../core/crypto/sha256.ts";
import type { Abort, Fetch, Now, Random, Sleep } from "../core/ports.ts";
import type { CacheFiles } from "./cache-files.ts";
import type { Listeners } from "./listeners.ts";

/** Everything that a program may do outside its own memory. */
export interface Host extends Files, Terminal {
  /** `node`, `deno` or `bun`. */
  readonly runtime: string;
  /** The runtime's version, for the User-Agent and `version`. */
  readonly runtimeVersion: string;
  /** `linux`, `darwin`, `windows`. */
  readonly platform: string;
  /** An environment variable; undefined when it is not set. */
  environment(name: string): string | undefined;
  /** The cryptographic library to use. */
  crypto(): CryptoProvider;
  /** SHA-256 for canonical requests: synchronous and fast. */
  readonly sha256: Sha256;
  /** An HTTP client with these TLS rules. */
  httpClient(options: HttpClientOptions): HttpClient;
  /** Files of a cache. */
  cacheFiles(): CacheFiles;
  /** Files that last; loaded when they are first asked for. */
  durableFiles(): Promise<DurableFiles>;
  /**
   * Resolves when the program is asked to stop: SIGINT, or SIGTERM where there is one. The second time it ends at once.
   *
   * @param over nobody waits any more: signals do what they always do, and the promise stays as it is
   */
  untilStopped(over?: Abort): Promise<string>;
  /**
   * Runs a program to its end, on this one's standard streams; signals that would stop this one go to it instead.
   *
   * Secret: the environment may hold credentials.
   *
   * @param command the program, found as the system finds it, and its arguments; no shell sees them
   * @param environment what it gets besides this program's own environment, or with undefined does not get of it
   * @returns its exit code; 128 and the signal's number when a signal ended it
   * @throws {HostError} `ERR_PROGRAM_NOT_FOUND`, `ERR_PROGRAM_NOT_STARTED`
   */
  runProgram(
    command: readonly [string, ...string[]],
    environment: Readonly<Record<string, string | undefined>>,
  ): Promise<number>;
  /** Serves HTTP, or HTTPS when `tls` is given. */
  serve(handler: RequestHandler, options: ServeOptions): Promise<RunningServer>;
  /** Sockets for small answers; loaded when they are first asked for. */
  listeners(): Promise<Listeners>;
  /** Milliseconds since the epoch. */
  readonly now: Now;
  /** Waits. */
  readonly sleep: Sleep;
  /** Secure random octets. */
  readonly random: Random;
}

/** Files; every failure is a `HostError`. */
export interface Files {
  /**
   * Reads a whole file of at most `maxLength` octets. Secret: it may be a key; whoever asked wipes it.
   *
   * @param pipes whether one in the file's place is read, as `<(command)` of a shell is; refused where nobody hands one
   *   over on purpose, as its reader may wait for ever. Default: it is read
   */
  readFile(path: string, maxLength: number, pipes?: "read" | "refuse"): Bytes;
  /**
   * Reads what is on a descriptor of this process to its end: 0 is standard input. A terminal is refused, because it would
   * show what is typed. Deno opens others than 0 by their paths, which sockets do not have. Secret: as of `readFile`.
   */
  readDescriptor(descriptor: number, maxLength: number): Bytes;
  /**
   * Reads a file of any size from its start, piece by piece; it is open while the pieces are taken, and closed when
   * their reader stops. Every piece may use the memory of the one before. A pipe is refused, as it cannot
   * be read again, and a device, as it may never end.
   * Public: nothing secret is read so.
   */
  readPieces(path: string): Iterable<Bytes>;
  /** Text that changes whenever the file is replaced or written (identity, size, modification time). */
  fileStamp(path: string): string;
  /** Names of what is directly in a directory and is no directory itself, in no order. */
  listFiles(directory: string): readonly string[];
}

/** Files that last: what is acknowledged is on the device. Every failure is a `HostError`. */
export interface DurableFiles {
  /** Opens a file that exists, to write at its end. */
  openAppend(path: string): Promise<AppendFile>;
  /**
   * Puts a whole file in the place of another, or of none; there is never a half-written one.
   *
   * Secret: it may hold keys.
   *
   * @param mode its permissions, `0o600` for instance; Windows has none
   */
  replaceFile(path: string, contents: Bytes, mode: number): Promise<void>;
  /** Makes a file; false when there is one. @param mode as for {@link DurableFiles.replaceFile} */
  createFile(path: string, contents: Bytes, mode: number): Promise<boolean>;
  /** Removes a file; it need not be there. */
  removeFile(path: string): Promise<void>;
  /** Where a path leads when its last part is a symbolic link, followed to the end; nothing need be there. */
  followLinks(path: string): Promise<string>;
  /** Makes a directory, and those above it that are missing. @param mode theirs, `0o700` for instance */
  makeDirectory(path: string, mode: number): Promise<void>;
  /**
   * Writes a whole file beside another, and waits until the device has it; then it can take the other's place. Mode and
   * owner are those of the file that it is to replace, whatever the umask; until it has them, nobody else can read it.
   *
   * Secret: it may hold keys.
   *
   * @param path the file to replace, of which there may be none; no symbolic link
   * @param staged where to write meanwhile: a name in the same directory that nobody has
   * @param mode its permissions if there is none to replace
   */
  stageFile(path: string, staged: string, contents: Bytes, mode: number): Promise<StagedFile>;
}

/** A file that is written whole and waits to take the place of another. */
export interface StagedFile {
  /** Puts it there, in one step of the system's, and waits until the device knows. */
  commit(): Promise<void>;
  /** Removes it; the other one stays. */
  discard(): Promise<void>;
}

/** A file that grows. */
export interface AppendFile {
  /** Writes at its end, and waits until the device has it. Secret: it may hold keys. */
  append(octets: Bytes): Promise<void>;
  /** Cuts it, and waits until the device has done so. @param length octets to keep */
  truncate(length: number): Promise<void>;
  /** Closes it. */
  close(): Promise<void>;
}

/** Standard streams and the terminal. */
export interface Terminal {
  /** Writes to standard output and waits until it is out. */
  writeOutput(data: string | Bytes): Promise<void>;
  /** Writes to standard error. */
  writeError(text: string): void;
  /** Whether somebody watches standard error on a terminal; absent: nobody does. */
  errorIsTerminal?(): Promise<boolean>;
  /**
   * Asks on the controlling terminal, never on standard input, with the echo off.
   *
   * Secret: the answer.
   *
   * @throws {HostError} `ERR_TERMINAL_UNAVAILABLE` when there is no terminal
   */
  askSecret(question: string): Promise<string>;
}

/** An HTTP client of a host. */
export interface HttpClient extends Fetch {
  /**
   * Begins to connect to the server of this URL, to which a request will go in a moment; absent where nothing is gained.
   * What goes wrong is told by the request.
   */
  prepare?(url: string): void;
}

/** TLS rules of an HTTP client. */
export interface HttpClientOptions {
  /** Whether the server's certificate is checked. `skip` serves `--no-verify-ssl` alone. */
  readonly serverCertificate: "verify" | "skip";
  /**
   * Reads the PEM certificates that replace the system's trust store (`AWS_CA_BUNDLE`), or in Deno add to it; called for
   * HTTPS alone.
   */
  readonly caBundle?: () => string;
  /** The proxy that a request goes through; undefined: none. Absent: no request goes through one. */
  readonly proxy?: (target: URL) => ProxyServer | undefined;
}

/** An HTTP proxy. */
export interface ProxyServer {
  /** Whether it is spoken to over TLS. */
  readonly secure: boolean;
  /** Name or address, without brackets. */
  readonly hostname: string;
  /** TCP port. */
  readonly port: number;
  /** Value of Proxy-Authorization. Secret. */
  readonly authorization?: string;
}

/** Answers one request, as `Deno.serve`, `Bun.serve` and hono have it. */
export type RequestHandler = (request: Request) => Response | Promise<Response>;

/** Where to serve. */
export interface ServeOptions {
  /** Address to bind, `127.0.0.1` for instance. */
  readonly hostname: string;
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** PEM certificate (chain) and private key: serve HTTPS. Secret: the key, which goes to the runtime. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string };
  /**
   * How long a request may take to arrive whole, in milliseconds; default {@link RECEIVE_TIMEOUT_MS}. `Deno.serve` has
   * no such limit: there, whoever reads the body must have one, and a header block may take forever.
   */
  readonly receiveTimeoutMs?: number;
  /** Words the answer to what is no request; default: an empty one. Deno has words of its own. */
  readonly refuse?: (status: RefusedStatus) => RefusedAnswer;
}

/** What is wrong with something that is no request: its form, its time, the length of its header block. */
export type RefusedStatus = 400 | 408 | 431;

/** An answer to what is no request. */
export interface RefusedAnswer {
  /** Its header fields. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body. */
  readonly text: string;
}

/** A server that is listening. */
export interface RunningServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Stops accepting, waits {@link CLOSE_GRACE_MS} for what is under way, and ends it. */
  close(): Promise<void>;
}

/** How long a request may take to arrive whole, in milliseconds. */
export const RECEIVE_TIMEOUT_MS = 30_000;

/** How long a server keeps a connection on which nothing comes, in milliseconds: longer than clients keep theirs. */
export const KEEP_ALIVE_MS = 75_000;

/** How long a server that closes waits for what is under way, in milliseconds. */
export const CLOSE_GRACE_MS = 2000;

/**
 * Header blocks may be this long, in octets: five ML-DSA-87 certificates take about 60 kB of base64. `Deno.serve` has a
 * limit of its own, which cannot be set: 65,536 octets over HTTP/1.1.
 */
export const MAX_HEADER_LENGTH = 131_072;
