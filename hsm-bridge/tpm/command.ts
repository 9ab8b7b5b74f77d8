/**
 * One command to the TPM: put together, authorized, sent, and its response taken apart (TPM 2.0 Library, Part 1 §18
 * and §19).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { Sleep } from "../../core/ports.ts";
import { sized, TpmReader, uint16, uint32 } from "./marshal.ts";
import { decodeResponseCode } from "./response-code.ts";
import { responseError } from "./response-error.ts";
import { HANDLE, SESSION_ATTRIBUTE, TAG } from "./tpm-constants.ts";
import type { TpmConnection } from "./transport.ts";

/** Something of the TPM that a command names. */
export interface TpmEntity {
  /** Where it is. */
  readonly handle: number;
  /** Its name (Part 1 §16), which the authorization covers; of a hierarchy or session the handle itself. */
  readonly name: Bytes;
}

/** The entity of a hierarchy, a session or a register: its name is its handle. */
export function permanentEntity(handle: number): TpmEntity {
  return { handle, name: uint32(handle) };
}

/** A command. */
export interface TpmCommand {
  /** Name of the specification: `TPM2_Sign`. */
  readonly name: string;
  /** TPM_CC. */
  readonly code: number;
  /** What it is about, in order. Default none. */
  readonly handles?: readonly TpmEntity[];
  /** Authorizes the use of the first handle. */
  readonly authorization?: Authorization;
  /** Marshalled parameters in order. Default none. */
  readonly parameters?: readonly Bytes[];
  /** Whether the first parameter, a TPM2B, holds a secret: a session encrypts it then. */
  readonly secretParameter?: boolean;
  /** Whether the response begins with a handle. */
  readonly answersHandle?: boolean;
  /** The object or session that is gone when the command succeeds. */
  readonly flushes?: number;
}

/** What the TPM answered. */
export interface TpmAnswer {
  /** The new object or session; 0 when the command makes none. */
  readonly handle: number;
  /** The parameters. */
  readonly parameters: TpmReader;
}

/** Shows the TPM that the caller may use the first handle of a command. */
export interface Authorization {
  /** TPM_RS_PW, or the handle of the session. */
  readonly handle: number;
  /**
   * Begins a command: draws a new nonce.
   *
   * @param secretParameter whether the first parameter is to be encrypted
   */
  begin(secretParameter: boolean): {
    readonly nonce: Bytes;
    /** TPMA_SESSION. */
    readonly attributes: number;
    /** The parameters as they are sent. Secret: the ones given. */
    readonly encrypt: (parameters: Bytes) => Bytes;
    /** The authorization itself: the code over the command, or a password. Secret: the password. */
    readonly authorize: (command: AuthorizedCommand) => Bytes;
  };
  /**
   * Checks the authorization of the response and answers whether it is right.
   *
   * @param nonce the TPM's new nonce
   * @param attributes TPMA_SESSION
   * @param hmac the code over the response
   */
  check(response: AuthorizedResponse, nonce: Bytes, attributes: number, hmac: Bytes): boolean;
}

/** What the code of a command covers. */
export interface AuthorizedCommand {
  /** TPM_CC. */
  readonly code: number;
  /** Names of the handles, joined. */
  readonly names: Bytes;
  /** The parameters as they are sent. */
  readonly parameters: Bytes;
}

/** What the code of a response covers; its response code is zero. */
export interface AuthorizedResponse {
  /** TPM_CC. */
  readonly code: number;
  /** The parameters as they came. */
  readonly parameters: Bytes;
}

/** Sends commands over an open connection. */
export interface CommandChannel {
  /**
   * Sends one command; a TPM that asks for patience is asked again, a bounded number of times.
   *
   * @throws {TpmError} when the TPM refuses it, or the answer is not one of the TPM
   */
  execute(command: TpmCommand): Promise<TpmAnswer>;
  /** Objects and sessions that the commands of this channel have left in the TPM's memory. */
  readonly left: ReadonlySet<number>;
}

/** How often a command is sent at most when the TPM asks for patience (`RETRY`, `YIELDED`, `TESTING`, `NV_RATE`). */
export const MAX_TRIES = 10;

/** How often at most when there is no room for an object or session: another program may be about to make some. */
const MAX_MEMORY_TRIES = 5;

/** Makes the channel. */
export function commandChannel(connection: TpmConnection, sleep: Sleep): CommandChannel {
  const left = new Set<number>();
  return {
    left,
    execute: async (command) => {
      const { handles = [], parameters = [], authorization, secretParameter = false } = command;
      const plain = concatBytes(parameters);
      const session = authorization?.begin(secretParameter);
      const sent = session === undefined ? plain : session.encrypt(plain);
      if (secretParameter && sent !== plain) wipe(plain);
      const names = concatBytes(handles.map(({ name }) => name));
      const area = session === undefined ? [] : [
        sizedWide(
          uint32(authorization!.handle),
          sized(session.nonce),
          Uint8Array.of(session.attributes),
          sized(session.authorize({ code: command.code, names, parameters: sent })),
        ),
      ];
      const body = concatBytes([...handles.map(({ handle }) => uint32(handle)), ...area, sent]);
      const octets = concatBytes([
        uint16(session === undefined ? TAG.noSessions : TAG.sessions),
        uint32(body.length + 10),
        uint32(command.code),
        body,
      ]);
      const response = await transmit(connection, octets, command, sleep);
      return readResponse(response, command, left);
    },
  };
}

async function transmit(
  connection: TpmConnection,
  octets: Bytes,
  command: TpmCommand,
  sleep: Sleep,
): Promise<TpmReader> {
  for (let tries = 1, wait = FIRST_WAIT_MS;; tries++, wait *= 2) {
    const response = new TpmReader(await connection.transmit(octets));
    const tag = response.uint16("the tag");
    response.uint32("the size");
    const value = response.uint32("the response code");
    if (value === 0) {
      const wanted = command.authorization === undefined ? TAG.noSessions : TAG.sessions;
      if (tag !== wanted) response.fail("the tag", `it is 0x${tag.toString(16)} and not 0x${wanted.toString(16)}`);
      return response;
    }
    // A refused command leaves the nonces of its session as they were: the same octets are right again.
    const code = decodeResponseCode(value);
    const most = PATIENCE.includes(code.name) ? MAX_TRIES : MEMORY.includes(code.name) ? MAX_MEMORY_TRIES : 1;
    if (code.kind !== "warning" || tries >= most) {
      throw responseError(command.name, code);
    }
    await sleep(wait);
  }
}

/** Waiting doubles: ten seconds in all. */
const FIRST_WAIT_MS = 20;

const PATIENCE: readonly string[] = ["RETRY", "YIELDED", "TESTING", "NV_RATE", "CANCELED"];
const MEMORY: readonly string[] = ["OBJECT_MEMORY", "SESSION_MEMORY", "MEMORY", "SESSION_HANDLES", "OBJECT_HANDLES"];

function readResponse(response: TpmReader, command: TpmCommand, left: Set<number>): TpmAnswer {
  const { authorization, answersHandle = false, flushes, code, name } = command;
  const handle = answersHandle ? response.uint32("the handle") : 0;
  // Before anything else can go wrong with the answer.
  if (answersHandle) left.add(handle);
  if (flushes !== undefined) left.delete(flushes);
  if (authorization === undefined) return { handle, parameters: new TpmReader(response.rest()) };
  const length = response.uint32("the size of the parameters");
  const parameters = response.octets(length, "the parameters");
  const nonce = response.sized("nonceTPM", 64);
  const attributes = response.uint8("sessionAttributes");
  const hmac = response.sized("the authorization", 64);
  response.finish("the authorization area");
  if (!authorization.check({ code, parameters }, nonce, attributes, hmac)) {
    response.fail(
      `the authorization of ${name}`,
      "its code is wrong: what the TPM answered was changed on its way; do not trust this connection",
      "ERR_TPM_RESPONSE_HMAC",
    );
  }
  if ((attributes & SESSION_ATTRIBUTE.continueSession) === 0) left.delete(authorization.handle);
  return { handle, parameters: new TpmReader(parameters) };
}

/** The authorization area: its length has four octets. */
function sizedWide(...parts: readonly Bytes[]): Bytes {
  const contents = concatBytes(parts);
  return concatBytes([uint32(contents.length), contents]);
}

/**
 * Authorizes by a password in clear, which is right where it is empty: there is nothing to hide, and nothing that the
 * response could be checked with.
 *
 * Secret: a password that is not empty is seen by everyone on the way to the TPM.
 */
export function passwordAuthorization(password: Bytes = new Uint8Array(0)): Authorization {
  return {
    handle: HANDLE.password,
    begin: () => ({
      nonce: new Uint8Array(0),
      attributes: 1,
      encrypt: (parameters) => parameters,
      authorize: () => password,
    }),
    check: (_, nonce, __, hmac) => nonce.length === 0 && hmac.length === 0,
  };
}
