/**
 * Cases from a seed: a chain that is right, and one thing done to it.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  crlNumberExtension,
  extendedKeyUsageExtension,
  keyIdentifier,
  keyUsageExtension,
  type NameTemplate,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../../core/issue/mod.ts";
import { parsePrivateKey } from "../../core/keys/mod.ts";
import { CLIENT_AUTH } from "../../core/x509/mod.ts";
import { testRandom } from "../support/test-authority.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { Dice } from "../fuzz/mutate.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import {
  type CertificatePlan,
  type ChainPlan,
  DAY,
  issueChain,
  type IssuedChain,
  NOW,
  type Question,
} from "./chain-plan.ts";
import { certificatePolicies, POLICY_1 } from "./extensions.ts";
import { type Mutation, MUTATIONS } from "./mutations.ts";

/** One case. */
export interface GeneratedCase {
  readonly id: string;
  /** The name of what was done to it. */
  readonly mutation: string;
  /** Whether RFC 5280 accepts it. */
  readonly valid: boolean;
  readonly question: Question;
  readonly chain: IssuedChain;
}

/** What mutations may use. */
export interface Workshop {
  readonly dice: Dice;
  /** A key that nobody of the chain has. */
  readonly strangerKey: Signer;
  /** Identifiers of keys. */
  readonly identifierOf: (key: Signer) => Bytes;
  /** A name that only this case has. */
  readonly name: (commonName: string) => NameTemplate;
}

/** Makes that many cases; the same seed makes the same, signatures aside. */
export async function* generateCases(
  count: number,
  seed: number,
  crypto: CryptoProvider,
): AsyncGenerator<GeneratedCase> {
  const keys = await makeKeys(crypto);
  const identifiers = new Map<Signer, Bytes>();
  for (const key of keys) identifiers.set(key, await keyIdentifier(key.publicKey, crypto));
  const dice = new Dice(seed, "differential");
  for (let index = 0; index < count; index++) {
    // Every mutation has its turn before one comes again.
    const mutation = MUTATIONS[index % MUTATIONS.length]!;
    const id = `case-${index}`;
    const workshop: Workshop = {
      dice,
      strangerKey: keys[0]!,
      identifierOf: (key) => identifiers.get(key)!,
      name: (commonName) => [{ type: "O", value: `Differential ${id}` }, { type: "CN", value: commonName }],
    };
    const question = { ...PLAIN, ...mutation.question };
    const plan = planChain(mutation, question, keys.slice(1), workshop);
    mutation.apply?.(plan, workshop);
    yield { id, mutation: mutation.name, valid: mutation.valid, question, chain: await issueChain(plan) };
  }
}

const PLAIN: Question = { purpose: false, revocation: false, policies: undefined };

async function makeKeys(crypto: CryptoProvider): Promise<Signer[]> {
  const keys = Array.from({ length: 5 }, (_, i) =>
    portableProvider({ random: testRandom(`differential ${i}`) })
      .generatePrivateKey({ type: "ec", curve: i === 4 ? "P-384" : "P-256" }));
  const parsed = [...await Promise.all(keys), parsePrivateKey(KEYS["rsa-pkcs8"])];
  return await Promise.all(parsed.map((key) => crypto.importPrivateKey(key, sessionAlgorithm(key))));
}

/** A chain that is right: what is asked of it is in it. */
function planChain(mutation: Mutation, question: Question, keys: readonly Signer[], workshop: Workshop): ChainPlan {
  const { dice, identifierOf, name } = workshop;
  const least = mutation.intermediates ?? 0;
  const intermediates = least + dice.roll(4 - least);
  // Neighbours have different keys.
  const start = dice.roll(keys.length);
  const members = Array.from({ length: intermediates + 2 }, (_, i) => ({
    subject: name(i === 0 ? "Root" : i > intermediates ? "end entity" : `CA ${i}`),
    key: keys[(start + i) % keys.length]!,
  }));
  const certificates = members.map(({ subject, key }, i): CertificatePlan => {
    const issuer = members[Math.max(0, i - 1)]!;
    const isEndEntity = i === members.length - 1;
    const pathLength = isEndEntity || i === 0 || dice.roll(2) === 0 ? undefined : intermediates - i + dice.roll(2);
    return {
      subject,
      issuer: issuer.subject,
      key,
      signer: issuer.key,
      serialNumber: 1000 + dice.roll(1_000_000),
      notBefore: NOW - (10 + dice.roll(100)) * DAY,
      notAfter: NOW + (10 + dice.roll(100)) * DAY,
      version: 3,
      damaged: false,
      extensions: [
        ...(isEndEntity
          ? [
            keyUsageExtension(["digitalSignature"]),
            ...(question.purpose ? [extendedKeyUsageExtension([CLIENT_AUTH])] : []),
            subjectAlternativeNameExtension([{ form: "dNSName", value: "host.example.com" }]),
          ]
          : [
            basicConstraintsExtension({ ca: true, ...(pathLength === undefined ? {} : { pathLength }) }),
            keyUsageExtension(["keyCertSign", "cRLSign"]),
          ]),
        subjectKeyIdentifierExtension(identifierOf(key)),
        ...(i === 0 ? [] : [authorityKeyIdentifierExtension(identifierOf(issuer.key))]),
        ...(question.policies === undefined || i === 0 ? [] : [certificatePolicies(POLICY_1)]),
      ],
    };
  });
  return {
    certificates,
    others: [],
    lists: !question.revocation ? [] : members.slice(0, -1).map(({ subject, key }) => ({
      issuer: subject,
      signer: key,
      thisUpdate: NOW - DAY,
      nextUpdate: NOW + DAY,
      revoked: [{ serialNumber: 1, revocationDate: NOW - 2 * DAY }],
      extensions: [authorityKeyIdentifierExtension(identifierOf(key)), crlNumberExtension(7)],
      damaged: false,
    })),
    anchor: undefined,
    reversed: dice.roll(2) === 0,
  };
}
