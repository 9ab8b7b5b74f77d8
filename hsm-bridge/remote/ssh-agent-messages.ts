/**
 * The messages of an SSH agent that list keys and sign (draft-miller-ssh-agent §4), and its forms of keys and signatures
 * (RFC 4253 §6.6, RFC 5656 §3, RFC 8332 §3) as X.509 has them.
 *
 * Public: keys and signatures; variable time.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { decodeLatin1 } from "../../core/bytes/text.ts";
import { ecdsaSignatureToDer } from "../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS, type EcPublicKey, type NamedCurve, type RsaPublicKey } from "../../core/crypto/public-key.ts";
import { ecPublicKey, rsaPublicKey } from "../../core/crypto/spki-encoding.ts";

/** Longest answer of an agent that is read, in octets: OpenSSH's own limit. */
export const MAX_AGENT_MESSAGE_LENGTH = 262_144;

/** A key that an agent holds and that X.509 knows. */
export interface AgentKey {
  /** As the agent names it in requests. */
  readonly blob: Bytes;
  /** The same as X.509 has it. */
  readonly publicKey: RsaPublicKey | EcPublicKey;
  /** What whoever added it wrote beside it. */
  readonly comment: string;
}

/** How an agent makes a signature: flags of the request, and the format that the answer must have. */
export interface AgentSignature {
  /** SSH_AGENT_RSA_SHA2_256 is 2, SSH_AGENT_RSA_SHA2_512 is 4. */
  readonly flags: number;
  /** `rsa-sha2-256`, `ecdsa-sha2-nistp256`, … */
  readonly format: string;
}

/** The request for the list of keys (§4.4). */
export function identitiesRequest(): Bytes {
  return frame(Uint8Array.of(SSH_AGENTC_REQUEST_IDENTITIES));
}

/** The request for a signature (§4.5.2). */
export function signRequest(key: Bytes, message: Bytes, flags: number): Bytes {
  return frame(concatBytes([Uint8Array.of(SSH_AGENTC_SIGN_REQUEST), string(key), string(message), uint32(flags)]));
}

/** How long an answer is, with its own length; undefined: that cannot be seen yet. */
export function answerLength(beginning: Bytes): number | undefined {
  return beginning.length < 4 ? undefined : 4 + new DataView(beginning.buffer, beginning.byteOffset).getUint32(0);
}

/** Keys of an answer to {@link identitiesRequest}, those that X.509 knows; undefined: it is no such answer. */
export function readIdentities(answer: Bytes): readonly AgentKey[] | undefined {
  const reader = new AgentReader(answer.subarray(4));
  if (reader.octet() !== SSH_AGENT_IDENTITIES_ANSWER) return undefined;
  const count = reader.uint32();
  const keys: AgentKey[] = [];
  for (let i = 0; i < count; i++) {
    const blob = reader.string();
    const comment = decodeLatin1(reader.string());
    if (reader.broken) return undefined;
    const publicKey = readKey(blob);
    if (publicKey !== undefined) keys.push({ blob, publicKey, comment });
  }
  return reader.broken ? undefined : keys;
}

/** What came of a request for a signature. */
export type AgentAnswer = { readonly signature: Bytes } | "refused" | "malformed";

/**
 * The signature of an answer to {@link signRequest}, in its X.509 encoding: an RSA signature as long as the modulus, which
 * agents may write without its leading zeros; an ECDSA signature as DER.
 */
export function readSignatureAnswer(answer: Bytes, key: RsaPublicKey | EcPublicKey, format: string): AgentAnswer {
  const reader = new AgentReader(answer.subarray(4));
  const type = reader.octet();
  if (type === SSH_AGENT_FAILURE) return "refused";
  if (type !== SSH_AGENT_SIGN_RESPONSE) return "malformed";
  const blob = new AgentReader(reader.string());
  if (decodeLatin1(blob.string()) !== format) return "malformed";
  const octets = blob.string();
  if (blob.broken || reader.broken) return "malformed";
  if (key.type === "rsa") return padded(octets, key.modulus.length) ?? "malformed";
  const integers = new AgentReader(octets);
  const size = CURVE_OCTETS[key.curve];
  const [r, s] = [padded(integers.unsigned(), size), padded(integers.unsigned(), size)];
  if (integers.broken || r === undefined || s === undefined) return "malformed";
  return { signature: ecdsaSignatureToDer(concatBytes([r.signature, s.signature])) };
}

/** The key of a blob; undefined: it is of another kind, or malformed. */
function readKey(blob: Bytes): RsaPublicKey | EcPublicKey | undefined {
  const reader = new AgentReader(blob);
  const type = decodeLatin1(reader.string());
  if (type === "ssh-rsa") {
    const exponent = reader.unsigned();
    const modulus = reader.unsigned();
    return reader.broken || modulus.length === 0 ? undefined : rsaPublicKey({ modulus, exponent });
  }
  const curve = CURVES[type];
  if (curve === undefined) return undefined;
  const named = decodeLatin1(reader.string());
  const point = reader.string();
  const isPoint = type === `ecdsa-sha2-${named}` && point.length === 1 + 2 * CURVE_OCTETS[curve] && point[0] === 4;
  return reader.broken || !isPoint ? undefined : ecPublicKey({ curve, point });
}

function padded(octets: Bytes, length: number): { readonly signature: Bytes } | undefined {
  if (octets.length === 0 || octets.length > length) return undefined;
  const signature = new Uint8Array(length);
  signature.set(octets, length - octets.length);
  return { signature };
}

/** Reads the data types of RFC 4251 §5; behind the end there are zeros and empty strings, and `broken` is set. */
class AgentReader {
  readonly #octets: Bytes;
  #at = 0;
  /** Whether more was read than there was, or an integer was negative. */
  broken = false;

  constructor(octets: Bytes) {
    this.#octets = octets;
  }

  octet(): number {
    return this.#take(1)[0] ?? 0;
  }

  uint32(): number {
    return this.#take(4).reduce((value, octet) => value * 256 + octet, 0);
  }

  string(): Bytes {
    return this.#take(this.uint32());
  }

  /** An mpint that is not negative, without leading zeros. */
  unsigned(): Bytes {
    const octets = this.string();
    if ((octets[0] ?? 0) >= 0x80) this.broken = true;
    const start = octets.findIndex((octet) => octet !== 0);
    return start < 0 ? new Uint8Array() : octets.slice(start);
  }

  #take(length: number): Bytes {
    const end = this.#at + length;
    if (end > this.#octets.length) {
      this.broken = true;
      return new Uint8Array();
    }
    const taken = this.#octets.slice(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function frame(message: Bytes): Bytes {
  return string(message);
}

function string(octets: Bytes): Bytes {
  return concatBytes([uint32(octets.length), octets]);
}

function uint32(value: number): Bytes {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}

const SSH_AGENT_FAILURE = 5;
const SSH_AGENTC_REQUEST_IDENTITIES = 11;
const SSH_AGENT_IDENTITIES_ANSWER = 12;
const SSH_AGENTC_SIGN_REQUEST = 13;
const SSH_AGENT_SIGN_RESPONSE = 14;

const CURVES: Readonly<Record<string, NamedCurve>> = {
  "ecdsa-sha2-nistp256": "P-256",
  "ecdsa-sha2-nistp384": "P-384",
  "ecdsa-sha2-nistp521": "P-521",
};
