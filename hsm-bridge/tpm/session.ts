/**
 * Authorization sessions of the TPM (TPM 2.0 Library, Part 1 §19.6 and §21): an HMAC over every command and response,
 * keyed by a salt that only this side and a key of the TPM know, so that no password travels and no answer can be
 * changed; parameters that are secret travel encrypted.
 *
 * Who listens learns nothing that a password could be guessed with. Somebody who changes what is sent, from the first
 * command on, can put a key of their own in place of the one that receives the salt: the session rules that out as far
 * as the caller knows that key.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { constantTimeEqual } from "../../core/bytes/constant-time.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { Authorization, CommandChannel, TpmEntity } from "./command.ts";
import { permanentEntity } from "./command.ts";
import { sized, uint16, uint32, uint8 } from "./marshal.ts";
import type { PublicArea } from "./public-area.ts";
import { deriveByHmac, digestOf, encryptCfb, hmacOf, randomOctets, type SharedSecret } from "./session-cryptography.ts";
import { shareSalt } from "./session-salts.ts";
import { ALGORITHM, HANDLE, SESSION_ATTRIBUTE, SESSION_TYPE } from "./tpm-constants.ts";

/** A storage key of the TPM that receives the salt. */
export interface SaltKey {
  /** Where it is. */
  readonly entity: TpmEntity;
  /** Its public area. */
  readonly area: PublicArea;
}

/** An open session. */
export interface TpmSession {
  /** Its handle. */
  readonly handle: number;
  /** What it is as the subject of a command. */
  readonly entity: TpmEntity;
  /**
   * The authorization of the next command.
   *
   * Secret: `value`.
   */
  authorization(use: SessionUse): Authorization;
  /** Overwrites its key, and with it what joined it for commands. Best effort. */
  forget(): void;
}

/** How a session authorizes one command. */
export interface SessionUse {
  /** The authorization value (password) of the first handle; empty: it has none. Secret. */
  readonly value?: Bytes;
  /** Whether the TPM shall end the session with this command. Default: no. */
  readonly last?: boolean;
}

/**
 * Starts a session (TPM2_StartAuthSession).
 *
 * @param saltKey receives the salt
 * @param salt made for that key, and for no other session; overwritten. Default: a new one
 * @throws {TpmError} when the TPM refuses
 */
export async function startSession(
  channel: CommandChannel,
  saltKey: SaltKey,
  type: "hmac" | "policy" = "hmac",
  salt: SharedSecret = shareSalt(saltKey.area),
): Promise<TpmSession> {
  const nonceCaller = randomOctets(NONCE_OCTETS);
  const answered = channel.execute({
    name: "TPM2_StartAuthSession",
    code: 0x176,
    handles: [saltKey.entity, permanentEntity(HANDLE.null)],
    parameters: [
      sized(nonceCaller),
      sized(salt.encrypted),
      uint8(SESSION_TYPE[type]),
      concatBytes([uint16(ALGORITHM.aes), uint16(128), uint16(ALGORITHM.cfb)]),
      uint16(ALGORITHM.sha256),
    ],
    answersHandle: true,
  });
  // While the TPM does the same on its side: when this goes on, the command is on its way.
  const sent = salt.isReady ? Promise.resolve() : new Promise<void>((resolve) => setImmediate(resolve));
  const agreed = sent.then(salt.secret);
  const [agreement, answer] = await Promise.allSettled([agreed, answered]);
  const secret = agreement.status === "fulfilled" ? agreement.value : undefined;
  try {
    if (answer.status === "rejected") throw answer.reason;
    if (agreement.status === "rejected") throw agreement.reason;
    const { handle, parameters } = answer.value;
    const nonceTpm = parameters.sized("nonceTPM", 64);
    parameters.finish("the response of TPM2_StartAuthSession");
    // The session is not bound to an entity: the salt keys it, and values of entities join it in each command.
    const key = deriveByHmac("SHA-256", secret!, "ATH", nonceTpm, nonceCaller, KEY_OCTETS);
    return session(handle, key, nonceTpm.slice());
  } finally {
    wipe(secret);
  }
}

function session(handle: number, key: Bytes, firstNonce: Bytes): TpmSession {
  let nonceTpm = firstNonce;
  /** Of commands whose answers have not been checked: a refused command has none. */
  const secrets = new Set<Bytes>([key]);
  return {
    handle,
    entity: permanentEntity(handle),
    forget: () => wipe(...secrets),
    authorization: ({ value = new Uint8Array(0), last = false }) => {
      const secret = concatBytes([key, withoutTrailingZeros(value)]);
      secrets.add(secret);
      const nonce = randomOctets(NONCE_OCTETS);
      return {
        handle,
        begin: (secretParameter) => {
          const attributes = (last ? 0 : SESSION_ATTRIBUTE.continueSession) |
            (secretParameter ? SESSION_ATTRIBUTE.decrypt : 0);
          return {
            nonce,
            attributes,
            encrypt: (parameters) => secretParameter ? encryptFirst(parameters, secret, nonce, nonceTpm) : parameters,
            authorize: ({ code, names, parameters }) => {
              const hash = digestOf("SHA-256", uint32(code), names, parameters);
              return hmacOf("SHA-256", secret, hash, nonce, nonceTpm, uint8(attributes));
            },
          };
        },
        check: ({ code, parameters }, newNonce, attributes, hmac) => {
          const hash = digestOf("SHA-256", uint32(0), uint32(code), parameters);
          const right = hmacOf("SHA-256", secret, hash, newNonce, nonce, uint8(attributes));
          wipe(secret);
          secrets.delete(secret);
          if (!constantTimeEqual(hmac, right)) return false;
          nonceTpm = newNonce.slice();
          return true;
        },
      };
    },
  };
}

/** Encrypts the contents of the TPM2B that stands first (Part 1 §21.3). */
function encryptFirst(parameters: Bytes, secret: Bytes, nonceNewer: Bytes, nonceOlder: Bytes): Bytes {
  const result = parameters.slice();
  const length = result[0]! << 8 | result[1]!;
  const derived = deriveByHmac("SHA-256", secret, "CFB", nonceNewer, nonceOlder, 32);
  const contents = encryptCfb(derived.subarray(0, 16), derived.subarray(16), result.subarray(2, 2 + length));
  result.set(contents, 2);
  wipe(derived);
  return result;
}

/** The TPM drops zeros at the end of authorization values (Part 1 §19.6.5). */
function withoutTrailingZeros(value: Bytes): Bytes {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end--;
  return value.subarray(0, end);
}

const NONCE_OCTETS = 32;
const KEY_OCTETS = 32;
