/**
 * Messages of an SSH agent: lists of keys and signatures, as its answers.
 *
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { EcPublicKey, RsaPublicKey } from "../../../core/crypto/public-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { listSshAgentKeys, sshAgentSigner } from "../../../hsm-bridge/remote/ssh-agent-signer.ts";
import type { ExchangeOctets } from "../../../hsm-bridge/remote/unix-socket-exchange.ts";
import { KEYS } from "../../vectors/keys/keys.ts";
import type { Material, Octets } from "../mutate.ts";

const never = () => new Promise<void>(() => {});
const uint32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const string = (octets: Uint8Array) => concatBytes([uint32(octets.length), octets]);
const text = (value: string) => string(encodeUtf8(value));
const positive = (octets: Uint8Array) => string(concatBytes([Uint8Array.of(0), octets]));

const PUBLIC_KEYS = (["rsa-public", "P-256-public"] as const).map((name) => decodePem(KEYS[name])[0]!.octets);

/** RFC 4253 §6.6, RFC 5656 §3.1. */
function blobOf(spki: Bytes): Bytes {
  const key = parseSubjectPublicKeyInfo(spki) as RsaPublicKey | EcPublicKey;
  return key.type === "rsa"
    ? concatBytes([text("ssh-rsa"), string(key.exponent), positive(key.modulus)])
    : concatBytes([text("ecdsa-sha2-nistp256"), text("nistp256"), string(key.point)]);
}

const message = (type: number, ...parts: readonly Uint8Array[]) => string(concatBytes([Uint8Array.of(type), ...parts]));
const LIST = message(12, uint32(2), ...PUBLIC_KEYS.flatMap((spki) => [string(blobOf(spki)), text("a key")]));

/** Good answers. */
export function agentMaterial(): Material {
  const half = positive(new Uint8Array(32).fill(0x9f));
  const seeds = [
    LIST,
    message(14, string(concatBytes([text("rsa-sha2-256"), string(new Uint8Array(256).fill(7))]))),
    message(14, string(concatBytes([text("ecdsa-sha2-nistp256"), string(concatBytes([half, half]))]))),
    message(5),
    message(12, uint32(0)),
  ];
  const tokens = [uint32(0), uint32(1), uint32(0xffff_ffff), uint32(0x8000_0000), text("ssh-rsa"), text("nistp521")]
    .concat(text("ecdsa-sha2-nistp521"), text("rsa-sha2-256"), text("ssh-ed25519"), Uint8Array.of(0x80));
  return { seeds: seeds as Octets[], tokens: tokens as Octets[] };
}

/** As a list, and as the answer to a request for a signature by either key. */
export async function readAgentAnswers(input: Octets): Promise<void> {
  const answer: ExchangeOctets = async (_, __, lengthOf) => {
    for (const length of [0, 3, 4, input.length]) lengthOf(input.slice(0, length));
    return input.slice();
  };
  const place = { socketPath: "/agent", sleep: never };
  let refused: unknown;
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isCoded(error)) throw error;
      refused = error;
    }
  };
  await attempt(() => listSshAgentKeys({ ...place, exchange: answer }));
  await attempt(() => sshAgentSigner({ ...place, exchange: answer, publicKey: PUBLIC_KEYS[0]! }));
  for (const publicKey of PUBLIC_KEYS) {
    const exchange: ExchangeOctets = (path, question, lengthOf, signal) =>
      question[4] === 11 ? Promise.resolve(LIST) : answer(path, question, lengthOf, signal);
    const signer = await sshAgentSigner({ ...place, exchange, publicKey });
    await attempt(async () => await signer.sign(Uint8Array.of(1)));
  }
  if (refused !== undefined) throw refused;
}
