/**
 * Certificates that somebody sends to keep a validator busy, 4 MiB and a thousand of them at most, as
 * `readCertificates` lets through.
 *
 * The same ones every time, keys and signatures aside. The attacker has certificate authorities of its own, so that
 * signatures are right where that makes the search go on, and wrong where the search has to try the next one.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../core/bytes/bytes.ts";
import { encodeUtf8 } from "../core/bytes/text.ts";
import type { KeySpecification } from "../core/crypto/provider.ts";
import type { Signer } from "../core/crypto/signer.ts";
import { derContextConstructed, derContextPrimitive, derSequence } from "../core/der/writer.ts";
import { issueCertificate } from "../core/issue/certificate-issuing.ts";
import {
  basicConstraintsExtension,
  type ExtensionTemplate,
  keyUsageExtension,
} from "../core/issue/extension-encoding.ts";
import { makeKeyPair } from "./fixtures.ts";
import { NOW_MS } from "./now.ts";

/** What is sent, DER. */
export interface HostileChain {
  readonly endEntity: Bytes;
  readonly intermediates: readonly Bytes[];
}

/** Chains of each kind, made one after the other from a stock of certificates. */
export interface HostileChains {
  /** The anchor, which none of them reaches. */
  readonly root: Bytes;
  readonly kinds: { readonly [kind: string]: (index: number) => HostileChain };
}

/** Makes the stock. */
export async function hostileChains(): Promise<HostileChains> {
  const root = (await makeKeyPair({ type: "ec", curve: "P-256" })).signer;
  return {
    root: await certificate("Root", "Root", root, root),
    kinds: {
      cycles: await cycles(),
      "issuers of one name": await issuersOfOneName(),
      "deep nesting": await deepNesting(),
      "name constraints": await nameConstraints(),
    },
  };
}

/** Twelve authorities that have all signed one another. */
async function cycles(): Promise<(index: number) => HostileChain> {
  const count = 12;
  const keys = await signers(count, { type: "ec", curve: "P-256" });
  const mesh: { readonly der: Bytes; readonly from: number; readonly to: number }[] = [];
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      if (from !== to) {
        mesh.push({ der: await certificate(`CA ${to}`, `CA ${from}`, keys[to]!, keys[from]!), from, to });
      }
    }
  }
  const endEntity = await certificate("edge-7", "CA 0", keys[0]!, keys[0]!, []);
  return (index) => {
    // Mostly three or four of them, and any number up to all every twentieth time.
    const size = index % 20 === 0 ? 5 + index / 20 % (count - 4) : 3 + index % 2;
    const inside = mesh.filter(({ from, to }) => from < size && to < size);
    // Another order each time: the search takes another way.
    const turn = index * 31 % inside.length;
    return { endEntity, intermediates: [...inside.slice(turn), ...inside.slice(0, turn)].map(({ der }) => der) };
  };
}

/** Up to a thousand authorities of one name, with a hundred keys, none of which has signed the end entity. */
async function issuersOfOneName(): Promise<(index: number) => HostileChain> {
  const kinds = await Promise.all((["P-256", "P-384", "P-521"] as const).map(async (curve) => {
    const keys = await signers(100, { type: "ec", curve });
    const liar = keys[0]!;
    const named = (i: number) => certificate("Issuing", "Root", keys[1 + i % 99]!, liar, CA, i);
    return {
      endEntity: await certificate("edge-7", "Issuing", liar, liar, []),
      intermediates: await Promise.all(Array.from({ length: 1000 }, (_, i) => named(i))),
    };
  }));
  return (index) => {
    // Mostly few, and all of them every sixteenth time or so.
    const { endEntity, intermediates } = kinds[index % 10 === 9 ? 1 : index % 10 === 8 ? 2 : 0]!;
    const count = index % 20 === 0 || index % 50 === 9 || index % 50 === 8 ? 1000 : 2 + index % 20;
    return { endEntity, intermediates: intermediates.slice(0, count) };
  };
}

/** Chains of up to a thousand intermediates, and values nested up to a hundred thousand deep. */
async function deepNesting(): Promise<(index: number) => HostileChain> {
  const [key] = await signers(1, { type: "ec", curve: "P-256" });
  const chain = await Promise.all(
    Array.from({ length: 999 }, (_, i) => certificate(`CA ${i}`, `CA ${i + 1}`, key!, key!, CA, i)),
  );
  const endEntity = await certificate("edge-7", "CA 0", key!, key!, []);
  const nested: HostileChain[] = [];
  for (const depth of [10, 100, 1000, 10_000, 100_000]) {
    const value = nestedSequences(depth);
    for (const [oid, wrapped] of NESTED_VALUES) {
      const extension = { oid, critical: true, value: wrapped(value) };
      nested.push({
        endEntity: await certificate("edge-7", "CA 0", key!, key!, [extension]),
        intermediates: [await certificate("CA 0", "CA 1", key!, key!, [...CA, extension])],
      });
    }
  }
  return (index) =>
    index % 2 === 0
      ? { endEntity, intermediates: chain.slice(0, index % 20 === 0 ? 999 : 2 + index % 60) }
      : nested[(index >> 1) % nested.length]!;
}

/** Constraints and names by the thousand: as many comparisons as the product of the two. */
async function nameConstraints(): Promise<(index: number) => HostileChain> {
  const [key] = await signers(1, { type: "ec", curve: "P-256" });
  const small = { authorities: [] as Bytes[], ends: [] as Bytes[] };
  const large = { authorities: [] as Bytes[], ends: [] as Bytes[] };
  for (const name of NAMES) {
    for (const size of [1, 10, 100, 1000, 10_000, 40_000]) {
      const { authorities, ends } = size < 1000 ? small : large;
      const names = Array.from({ length: size }, (_, i) => name(i));
      const elsewhere = names.map((_, i) => derSequence(name(1_000_000 + i)));
      for (const tag of [0, 1]) {
        // The last one permits.
        const subtrees = tag === 0 ? [...elsewhere.slice(1), derSequence(names[0]!)] : elsewhere;
        const value = derSequence(derContextConstructed(tag, concatBytes(subtrees)));
        const constraints = { oid: "2.5.29.30", critical: true, value };
        authorities.push(await certificate("Constrained", "Nobody", key!, key!, [...CA, constraints]));
      }
      const value = derSequence(concatBytes(names));
      ends.push(await certificate("edge-7", "Constrained", key!, key!, [{ oid: "2.5.29.17", critical: false, value }]));
    }
  }
  return (index) => {
    // Large ones every twentieth time.
    const { authorities, ends } = index % 20 === 0 ? large : small;
    const turn = index % 20 === 0 ? index / 20 : index;
    const endEntity = ends[turn % ends.length]!;
    const intermediates: Bytes[] = [];
    let length = endEntity.length;
    for (let i = 0; i <= turn % 8; i++) {
      const one = authorities[(turn * 7 + i * 5) % authorities.length]!;
      length += one.length;
      if (length > MAX_LENGTH) break;
      intermediates.push(one);
    }
    return { endEntity, intermediates };
  };
}

function nestedSequences(depth: number): Bytes {
  // From the inside out, without copying a hundred thousand times.
  const headers: Bytes[] = [];
  let length = 0;
  for (let i = 0; i < depth; i++) {
    const octets = [length];
    while (octets[0]! > 0xff) octets.unshift(octets[0]! >> 8);
    if (length > 0x7f) octets.unshift(0x80 | octets.length);
    headers.push(Uint8Array.from([0x30, ...octets]));
    length += headers.at(-1)!.length;
  }
  return concatBytes(headers.reverse());
}

/** Where nested values stand: an alternative name, name constraints, policies, an extension that nobody knows. */
const NESTED_VALUES: readonly (readonly [oid: string, wrapped: (value: Bytes) => Bytes])[] = [
  ["2.5.29.17", (value) => derSequence(derContextConstructed(4, value))],
  ["2.5.29.30", (value) => derSequence(derContextConstructed(0, derSequence(derContextConstructed(4, value))))],
  ["2.5.29.32", (value) => value],
  ["1.3.6.1.4.1.55555.7", (value) => value],
];

/** Names of these forms, in their tagged form. */
const NAMES: readonly ((index: number) => Bytes)[] = [
  (index) => derContextPrimitive(2, encodeUtf8(`h${index.toString(36)}.example`)),
  (index) => derContextPrimitive(1, encodeUtf8(`u@h${index.toString(36)}.example`)),
  (index) => derContextPrimitive(6, encodeUtf8(`s://h${index.toString(36)}.example`)),
];

const CA: readonly ExtensionTemplate[] = [
  basicConstraintsExtension({ ca: true }),
  keyUsageExtension(["keyCertSign", "cRLSign"]),
];

/** What `readCertificates` takes by default. */
const MAX_LENGTH = 4_194_304;

function signers(count: number, specification: KeySpecification): Promise<Signer[]> {
  return Promise.all(Array.from({ length: count }, async () => (await makeKeyPair(specification)).signer));
}

function certificate(
  subject: string,
  issuer: string,
  key: Signer,
  signer: Signer,
  extensions: readonly ExtensionTemplate[] = CA,
  serialNumber = 1,
): Promise<Bytes> {
  return issueCertificate({
    serialNumber,
    issuer: [{ type: "CN", value: issuer }],
    subject: [{ type: "CN", value: subject }],
    notBefore: NOW_MS - 86_400_000,
    notAfter: NOW_MS + 86_400_000,
    publicKey: key.publicKey,
    extensions,
  }, signer);
}
