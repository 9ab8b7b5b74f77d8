/**
 * A signer whose key is held by a program that is started for it: the client of the signing protocol over standard input
 * and output.
 *
 * @see core/sign/signing-protocol.ts
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { VerifyingProvider } from "../../core/crypto/provider.ts";
import type { Sleep } from "../../core/ports.ts";
import { RemoteSignerError, type RemoteSignerErrorCode } from "../../core/sign/remote-signer-error.ts";
import { DEFAULT_REMOTE_SIGNER_TIMEOUT_MS, type RemoteSigner } from "../../core/sign/remote-signer.ts";
import { refusalError, RemoteKey } from "../../core/sign/signing-answer.ts";
import {
  keyDigest,
  MAX_SIGNING_ANSWER_LENGTH,
  readErrorDocument,
  readJsonObject,
  readKeyDocument,
  readSignature,
  SIGNING_PROTOCOL_VERSION,
  signingAlgorithmName,
  writeSignDocument,
} from "../../core/sign/signing-protocol.ts";
import { limitTime } from "../../core/time-limit.ts";
import { LineSplitter } from "./line-splitter.ts";
import { type ProgramPipe, type StartProgram, startProgram } from "./program-pipe.ts";

/** Which program holds the key. */
export interface ExecSignerOptions {
  /** The program, found as the system finds it, and its arguments; no shell sees them. */
  readonly command: readonly [string, ...string[]];
  /** All of its environment. Default: this program's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs the timers. */
  readonly sleep: Sleep;
  /** How long an answer may take, in milliseconds; default {@linkcode DEFAULT_REMOTE_SIGNER_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** SubjectPublicKeyInfo that the key must have, DER. Default: any. */
  readonly publicKey?: Bytes;
  /** Checks every signature under the public key. Default: the form of signatures alone is checked. */
  readonly crypto?: VerifyingProvider;
  /** Starts the program. Default: {@linkcode startProgram}. */
  readonly start?: StartProgram;
}

/** A signer of a program, which runs until the signer is closed. */
export interface ExecSigner extends RemoteSigner {
  /** Ends the program; signatures that are under way fail. */
  close(): Promise<void>;
}

/**
 * Starts the program and asks it for its key.
 *
 * A program that ends is started again when the next signature is asked for, or the one that it has not answered is asked
 * for again: once for each signature. It must have the same key then. A program that writes what is no line of the protocol
 * is ended, because nothing that it says later can be trusted; a new signer starts it anew.
 *
 * @throws {RemoteSignerError} when the program does not start, or does not answer the key
 * @throws {TypeError} for an option that does not exist
 */
export async function execSigner(options: ExecSignerOptions): Promise<ExecSigner> {
  const {
    command,
    environment,
    sleep,
    timeoutMs = DEFAULT_REMOTE_SIGNER_TIMEOUT_MS,
    publicKey,
    crypto,
    start,
    ...unknown
  } = options;
  // A misspelt `publicKey` or `crypto` would leave a check out.
  for (const name of Object.keys(unknown)) throw new TypeError(`execSigner() has no option "${name}"`);
  const begin = async (expected: Bytes | undefined): Promise<Running> => {
    const program = new SigningProgram(command, environment, sleep, timeoutMs, start ?? startProgram);
    try {
      const answer = await program.ask(undefined, JSON.stringify({ hello: SIGNING_PROTOCOL_VERSION }));
      const answered = readKeyDocument(answer);
      if (typeof answered === "string") {
        throw program.fail("ERR_REMOTE_SIGNER_PROTOCOL", `the key that it answered is none: ${answered}`);
      }
      const key = new RemoteKey(program.name, answered, expected, crypto);
      return { program, key, certificates: answered.certificates };
    } catch (error) {
      await program.close();
      throw error;
    }
  };

  const { key, certificates, program: first } = await begin(publicKey);
  let program = first;
  let restart: Promise<SigningProgram> | undefined;
  let closed = false;
  /** The program after one that ended: whoever waited for that one waits for the same next one. */
  const after = (ended: SigningProgram): Promise<SigningProgram> => {
    if (program !== ended) return Promise.resolve(program);
    restart ??= begin(key.publicKey).then(async (next) => {
      program = next.program;
      // It was closed meanwhile.
      if (closed) await program.close();
      return program;
    }).finally(() => restart = undefined);
    return restart;
  };

  const algorithm = signingAlgorithmName(key.algorithm)!;
  const digest = keyDigest(key.publicKey);
  let id = 0;
  return {
    algorithm: key.algorithm,
    publicKey: key.publicKey,
    certificates,
    async sign(message) {
      const document = writeSignDocument({ algorithm, key: digest, message });
      const request = (asked: SigningProgram) => asked.ask(++id, `{"id":${id},"sign":${document}}`);
      let asked = program;
      let answer: Document;
      try {
        answer = await request(asked);
      } catch (error) {
        if (!asked.hasEnded || closed) throw error;
        asked = await after(asked);
        answer = await request(asked);
      }
      const signature = readSignature(answer);
      if (signature === undefined) throw asked.fail("ERR_REMOTE_SIGNER_PROTOCOL", "its answer holds no signature");
      return await key.check(message, signature);
    },
    close: async () => {
      closed = true;
      await program.close();
      await restart?.catch(() => {});
    },
  };
}

/** A program that has said its key. */
interface Running {
  readonly program: SigningProgram;
  readonly key: RemoteKey;
  readonly certificates: readonly Bytes[];
}

type Document = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (document: Document) => void;
  readonly reject: (error: unknown) => void;
}

/** The program, and the questions that it has not answered; the first one has no number. */
class SigningProgram {
  readonly name: string;
  readonly #sleep: Sleep;
  readonly #timeoutMs: number;
  readonly #pipe: ProgramPipe;
  readonly #waiting = new Map<number | undefined, Waiting>();
  readonly #lines = new LineSplitter(MAX_SIGNING_ANSWER_LENGTH);
  #over: RemoteSignerError | undefined;

  constructor(
    command: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>> | undefined,
    sleep: Sleep,
    timeoutMs: number,
    start: StartProgram,
  ) {
    // The arguments may be somebody's secret.
    this.name = `the program ${command[0]}`;
    this.#sleep = sleep;
    this.#timeoutMs = timeoutMs;
    this.#pipe = start(command, environment, {
      output: (piece) => this.#take(piece),
      ended: (state, cause) => this.#end(this.fail("ERR_REMOTE_SIGNER_UNREACHABLE", state, cause)),
    });
  }

  /** Whether it ended by itself. */
  get hasEnded(): boolean {
    return this.#over?.code === "ERR_REMOTE_SIGNER_UNREACHABLE";
  }

  /** Asks and waits for the answer. Of what takes too long the answer is not looked at when it comes. */
  ask(id: number | undefined, line: string): Promise<Document> {
    const expired = () => {
      this.#waiting.delete(id);
      return this.fail("ERR_REMOTE_SIGNER_TIMEOUT", `no answer within ${this.#timeoutMs} ms`);
    };
    const answer = (): Promise<Document> =>
      new Promise((resolve, reject) => {
        if (this.#over !== undefined) return reject(this.#over);
        this.#waiting.set(id, { resolve, reject });
        this.#pipe.write(`${line}\n`);
      });
    return limitTime(answer, {
      limitMs: this.#timeoutMs,
      expired,
      aborted: expired,
      sleep: this.#sleep,
      signal: undefined,
      signalFor: "core",
    });
  }

  async close(): Promise<void> {
    this.#end(this.fail("ERR_REMOTE_SIGNER_CLOSED", "it was closed"));
    await this.#pipe.close();
  }

  fail(code: RemoteSignerErrorCode, state: string, cause?: unknown): RemoteSignerError {
    return new RemoteSignerError(code, this.name, state, { cause });
  }

  #take(piece: Uint8Array): void {
    if (this.#over !== undefined) return;
    for (const line of this.#lines.push(piece) ?? [""]) {
      const document = readJsonObject(line);
      const id = document?.["id"];
      if (document === undefined || (id !== undefined && typeof id !== "number")) {
        // What it wrote is not shown: a program that answers wrongly may have written anything.
        this.#end(this.fail("ERR_REMOTE_SIGNER_PROTOCOL", "it wrote a line that is none of the signing protocol"));
        this.#pipe.kill();
        return;
      }
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      const error = readErrorDocument(document);
      if (error === undefined) waiting?.resolve(document);
      else waiting?.reject(refusalError(this.name, error));
    }
  }

  #end(error: RemoteSignerError): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }
}
