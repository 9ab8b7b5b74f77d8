/**
 * A signer whose key is in an SSH agent (draft-miller-ssh-agent): OpenSSH's own, or one of those that speak its protocol,
 * such as the agents of password managers and of smart cards.
 *
 * An agent chooses the hash itself: RSA signs SHA-256 or SHA-512, P-256 signs SHA-256, P-384 SHA-384 and P-521 SHA-512.
 * IAM Roles Anywhere takes SHA-256 of all of them, so that keys of P-384 and P-521 serve for other things alone. ML-DSA has
 * no place in the protocol yet.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { requireFit } from "../../core/crypto/key-fit.ts";
import type { VerifyingProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import { sessionAlgorithm, type SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import type { Sleep } from "../../core/ports.ts";
import { samePublicKey } from "../../core/sign/identity.ts";
import { RemoteSignerError, type RemoteSignerErrorCode } from "../../core/sign/remote-signer-error.ts";
import { DEFAULT_REMOTE_SIGNER_TIMEOUT_MS } from "../../core/sign/remote-signer.ts";
import { RemoteKey } from "../../core/sign/signing-answer.ts";
import { limitTime } from "../../core/time-limit.ts";
import {
  type AgentKey,
  type AgentSignature,
  answerLength,
  identitiesRequest,
  MAX_AGENT_MESSAGE_LENGTH,
  readIdentities,
  readSignatureAnswer,
  signRequest,
} from "./ssh-agent-messages.ts";
import { type ExchangeOctets, exchangeOverSocket } from "./unix-socket-exchange.ts";

/** Which key of which agent. */
export interface SshAgentSignerOptions {
  /** Path of the agent's socket: the value of `SSH_AUTH_SOCK`; on Windows `\\.\pipe\openssh-ssh-agent`. */
  readonly socketPath: string;
  /** SubjectPublicKeyInfo of the key, DER: the certificate's `spki`. */
  readonly publicKey: Bytes;
  /** What to sign with. Default: what CreateSession wants of such a key. */
  readonly algorithm?: SignatureAlgorithm;
  /** Runs the timers. */
  readonly sleep: Sleep;
  /** How long an answer may take, in milliseconds; default {@linkcode DEFAULT_REMOTE_SIGNER_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** Checks every signature under the public key. Default: the form of signatures alone is checked. */
  readonly crypto?: VerifyingProvider;
  /** Asks the agent. Default: {@linkcode exchangeOverSocket}. */
  readonly exchange?: ExchangeOctets;
}

/** Where an agent is. */
export type SshAgentPlace = Pick<SshAgentSignerOptions, "socketPath" | "sleep" | "timeoutMs" | "exchange">;

/**
 * Looks for the key in the agent and makes a signer of it.
 *
 * @throws {RemoteSignerError} `ERR_REMOTE_SIGNER_ALGORITHM` when the protocol has no such signature,
 * `ERR_REMOTE_SIGNER_KEY` when the agent does not hold the key, and when it does not answer
 * @throws {TypeError} for an option that does not exist
 */
export async function sshAgentSigner(options: SshAgentSignerOptions): Promise<Signer> {
  const { publicKey, algorithm: wanted, crypto, ...where } = options;
  const place = agentPlace(where);
  const { socketPath } = place;
  const parsed = parseSubjectPublicKeyInfo(publicKey);
  if (parsed.type === "ed25519" && wanted === undefined) {
    throw failure(socketPath, "ERR_REMOTE_SIGNER_ALGORITHM", "IAM Roles Anywhere takes no Ed25519 keys");
  }
  const algorithm = wanted ?? sessionAlgorithm(parsed as Exclude<PublicKey, { type: "ed25519" }>);
  requireFit(parsed, algorithm);
  const how = agentSignature(parsed, algorithm);
  if (how === undefined) {
    const kind = parsed.type === "ec" ? `keys of ${parsed.curve}` : `${parsed.type} keys`;
    const state = `the protocol of SSH agents has no ${algorithm.name} signatures by ${kind}; ` +
      "RSA and P-256 keys sign for IAM Roles Anywhere";
    throw failure(socketPath, "ERR_REMOTE_SIGNER_ALGORITHM", state);
  }
  const keys = await listSshAgentKeys(place);
  const held = keys.find((candidate) => samePublicKey(candidate.publicKey, parsed));
  if (held === undefined) {
    // A locked agent answers an empty list.
    const state = keys.length === 0
      ? "the agent shows no key that could serve; is it locked (ssh-add -X unlocks it), or none added (ssh-add FILE)?"
      : "the agent does not hold the key; is it added (ssh-add -L lists them)?";
    throw failure(socketPath, "ERR_REMOTE_SIGNER_KEY", state);
  }
  const key = new RemoteKey(nameOf(socketPath), { algorithm, publicKey }, undefined, crypto);
  return {
    algorithm,
    publicKey,
    async sign(message) {
      if (message.length > MAX_AGENT_MESSAGE_LENGTH - 16_384) {
        throw failure(socketPath, "ERR_REMOTE_SIGNER_REFUSED", `agents take no message of ${message.length} octets`);
      }
      const answer = await ask(place, signRequest(held.blob, message, how.flags));
      const read = readSignatureAnswer(answer, held.publicKey, how.format);
      if (read === "refused") {
        const state = "the agent refused; was the key removed, the agent locked, or the question not confirmed?";
        throw failure(socketPath, "ERR_REMOTE_SIGNER_REFUSED", state);
      }
      if (read === "malformed") throw malformed(socketPath);
      return await key.check(message, read.signature);
    },
  };
}

/**
 * The keys of an agent that X.509 knows: RSA, P-256, P-384 and P-521. Keys of security keys and SSH certificates are left
 * out.
 *
 * @throws {RemoteSignerError} when the agent does not answer, or nothing of the protocol
 */
export async function listSshAgentKeys(place: SshAgentPlace): Promise<readonly AgentKey[]> {
  const keys = readIdentities(await ask(agentPlace(place), identitiesRequest()));
  if (keys === undefined) throw malformed(place.socketPath);
  return keys;
}

/** How an agent signs so; undefined: the protocol does not have it. */
function agentSignature(key: PublicKey, algorithm: SignatureAlgorithm): AgentSignature | undefined {
  if (key.type === "rsa" && algorithm.scheme === "rsa-pkcs1") {
    if (algorithm.hash === "SHA-256") return { flags: 2, format: "rsa-sha2-256" };
    if (algorithm.hash === "SHA-512") return { flags: 4, format: "rsa-sha2-512" };
  }
  if (key.type !== "ec" || algorithm.scheme !== "ecdsa") return undefined;
  const [hash, format] = ({
    "P-256": ["SHA-256", "ecdsa-sha2-nistp256"],
    "P-384": ["SHA-384", "ecdsa-sha2-nistp384"],
    "P-521": ["SHA-512", "ecdsa-sha2-nistp521"],
  } as const)[key.curve];
  return algorithm.hash === hash ? { flags: 0, format } : undefined;
}

/** One connection a question: agents come and go, and answer the questions of one connection one after the other. */
async function ask(place: Required<SshAgentPlace>, question: Bytes): Promise<Bytes> {
  const { socketPath, sleep, timeoutMs, exchange } = place;
  const expired = () => failure(socketPath, "ERR_REMOTE_SIGNER_TIMEOUT", `no answer within ${timeoutMs} ms`);
  const answer = async (signal: Parameters<ExchangeOctets>[3]): Promise<Bytes> => {
    try {
      return await exchange(socketPath, question, boundedLength, signal);
    } catch (cause) {
      const state = "no agent answers there; is it running, and SSH_AUTH_SOCK right?";
      throw failure(socketPath, "ERR_REMOTE_SIGNER_UNREACHABLE", state, cause);
    }
  };
  return await limitTime(answer, {
    limitMs: timeoutMs,
    expired,
    aborted: expired,
    sleep,
    signal: undefined,
    signalFor: "core",
  });
}

function boundedLength(beginning: Bytes): number | undefined {
  const length = answerLength(beginning);
  // More than this is no answer of an agent: what was received is judged as it is.
  return length !== undefined && length > 4 + MAX_AGENT_MESSAGE_LENGTH ? beginning.length : length;
}

function agentPlace(place: SshAgentPlace): Required<SshAgentPlace> {
  const {
    socketPath,
    sleep,
    timeoutMs = DEFAULT_REMOTE_SIGNER_TIMEOUT_MS,
    exchange = exchangeOverSocket,
    ...unknown
  } = place;
  // A misspelt `crypto` would leave a check out.
  for (const name of Object.keys(unknown)) throw new TypeError(`SSH agents have no option "${name}"`);
  if (socketPath === "") throw new TypeError(`"socketPath" is empty: is SSH_AUTH_SOCK set?`);
  return { socketPath, sleep, timeoutMs, exchange };
}

function nameOf(socketPath: string): string {
  return `the SSH agent at ${socketPath}`;
}

function malformed(socketPath: string): RemoteSignerError {
  return failure(socketPath, "ERR_REMOTE_SIGNER_PROTOCOL", "it answered what is none of the protocol of SSH agents");
}

function failure(socketPath: string, code: RemoteSignerErrorCode, state: string, cause?: unknown): RemoteSignerError {
  return new RemoteSignerError(code, nameOf(socketPath), state, { cause });
}
