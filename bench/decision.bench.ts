/**
 * Topic `decision`: a CreateSession request decided, on one core: signature, clock, a path with one intermediate, the
 * profile, the role's trust policy with two conditions, tags and the limits of STS. The trace is recorded and not read.
 *
 * Two things are held against it. The share of cryptography in a decision is the time inside the provider's and the
 * hash's calls while it is decided: the client's key imported, three signatures verified, and the two hashes of SigV4
 * (of the body and of the canonical request) made. The limit is the same calls, as often and with the same octets, and
 * nothing else; there, what cryptography costs more among other code than alone counts as the decision's.
 * The intermediate's certificate and the keys of the CAs are kept by a `DecisionMemory`, as a service keeps them.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";
import { encodeUtf8 } from "../core/bytes/text.ts";
import type { Sha256 } from "../core/crypto/sha256.ts";
import type { VerifyingProvider } from "../core/crypto/provider.ts";
import type { PublicKey } from "../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../core/crypto/signature-algorithm.ts";
import type { Verifier } from "../core/crypto/signer.ts";
import {
  decideSession,
  DecisionMemory,
  type DecisionOptions,
  type SessionRequest,
  type SessionState,
} from "../core/decision/mod.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS, parsePolicy } from "../core/policy/mod.ts";
import { signX509Request } from "../core/sigv4/mod.ts";
import { parseCertificate } from "../core/x509/certificate.ts";
import { type ChainFixture, makeChain } from "./chain-fixture.ts";
import { KEYS } from "./fixtures.ts";
import type { Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

const DECISIONS = "decisions";
const LIMIT = "their cryptography alone";
const SHARE = "the cryptography in them";

/** Decisions before the first that is timed: a service's are not its first, and the compilers need thousands. */
const SERVED_BEFORE = 5000;

const ACCOUNT = "arn:aws:rolesanywhere:us-east-1:123456789012";
const TRUST_ANCHOR_ARN = `${ACCOUNT}:trust-anchor/11111111-2222-3333-4444-555555555555`;
const PROFILE_ARN = `${ACCOUNT}:profile/66666666-7777-8888-9999-aaaaaaaaaaaa`;
const ROLE_ARN = "arn:aws:iam::123456789012:role/ExampleRole";

/** Groups of this topic: one for each kind of keys that the platform can verify with. */
export async function decisionGroups({ crypto, sha256, now }: Platform): Promise<Group[]> {
  const groups: Group[] = [];
  for (const name of Object.keys(KEYS)) {
    const chain = await makeChain(name);
    const request = await signedRequest(chain);
    const state = stateOf(chain);
    const decideWith = (options: Pick<DecisionOptions, "crypto" | "memory" | "sha256">) =>
      decideSession(request, state, { now: () => NOW_MS, ...options });
    const recorder = new RecordingProvider(crypto, sha256);
    const recorded = { crypto: recorder, memory: new DecisionMemory(), sha256: recorder.sha256 };
    // A platform without ML-DSA refuses.
    if ((await decideWith(recorded)).outcome === "deny") continue;
    recorder.forget();
    await decideWith(recorded);
    const timed = now === undefined ? undefined : new TimedProvider(crypto, sha256, now);
    const timedMemory = new DecisionMemory();
    const served = { crypto, memory: new DecisionMemory(), sha256 };
    for (let i = 0; i < (name === "ML-DSA-65" ? 100 : SERVED_BEFORE); i++) await decideWith(served);
    groups.push({
      name: `${name}, one intermediate`,
      unit: "ops/s",
      contenders: [
        { name: DECISIONS, run: () => decideWith(served) },
        { name: LIMIT, run: recorder.replay() },
        ...(timed === undefined ? [] : [{
          name: SHARE,
          run: () => decideWith({ crypto: timed, memory: timedMemory, sha256: timed.sha256 }),
          spent: () => timed.spentMs,
        }]),
      ],
      comparisons: [
        { name: DECISIONS, against: LIMIT },
        ...(timed === undefined ? [] : [{ name: DECISIONS, against: SHARE, reach: { node: 0.7 } }]),
      ],
    });
  }
  return groups;
}

/** Remembers what is asked of a provider and of a hash. */
class RecordingProvider implements VerifyingProvider {
  readonly name: string;
  readonly #crypto: VerifyingProvider;
  #imports: (readonly [key: PublicKey, algorithm: SignatureAlgorithm])[] = [];
  #checks: (readonly [verifier: Verifier, message: Bytes, signature: Bytes])[] = [];
  #hashed: (Bytes | string)[] = [];
  /** The hash that is recorded. */
  readonly sha256: Sha256;
  readonly #sha256: Sha256;

  constructor(crypto: VerifyingProvider, sha256: Sha256) {
    this.name = crypto.name;
    this.#crypto = crypto;
    this.#sha256 = sha256;
    this.sha256 = {
      ...sha256,
      hex: (data) => {
        this.#hashed.push(data);
        return sha256.hex(data);
      },
    };
  }

  async importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Promise<Verifier> {
    this.#imports.push([key, algorithm]);
    const verifier = await this.#crypto.importPublicKey(key, algorithm);
    return {
      algorithm,
      verify: (message, signature) => {
        this.#checks.push([verifier, message, signature]);
        return verifier.verify(message, signature);
      },
    };
  }

  /** Forgets it. */
  forget(): void {
    this.#imports = [];
    this.#checks = [];
    this.#hashed = [];
  }

  /** Does the same again, one after the other: two hashes made, one key imported, three signatures checked. */
  replay(): () => unknown {
    const [[key, algorithm], ...otherImports] = this.#imports as [[PublicKey, SignatureAlgorithm]];
    const checks = this.#checks;
    const hashed = this.#hashed;
    const sha256 = this.#sha256;
    if (otherImports.length > 0 || checks.length !== 3 || hashed.length !== 2) {
      throw new Error("a decision asks for something else");
    }
    const crypto = this.#crypto;
    return async () => {
      const imported = crypto.importPublicKey(key, algorithm);
      if (imported instanceof Promise) await imported;
      for (const data of hashed) sha256.hex(data);
      for (const [verifier, message, signature] of checks) {
        const good = verifier.verify(message, signature);
        if (!(good instanceof Promise ? await good : good)) throw new Error("a signature does not verify");
      }
    };
  }
}

/** Adds up the time inside the calls of a provider and of a hash. */
class TimedProvider implements VerifyingProvider {
  readonly name: string;
  readonly #crypto: VerifyingProvider;
  readonly #now: () => number;
  /** The hash that is timed. */
  readonly sha256: Sha256;
  /** Milliseconds so far. */
  spentMs = 0;

  constructor(crypto: VerifyingProvider, sha256: Sha256, now: () => number) {
    this.name = crypto.name;
    this.#crypto = crypto;
    this.#now = now;
    this.sha256 = { ...sha256, hex: (data) => this.#time(() => sha256.hex(data)) };
  }

  importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Verifier | Promise<Verifier> {
    const timedVerifier = (verifier: Verifier): Verifier => ({
      algorithm,
      verify: (message, signature) => this.#time(() => verifier.verify(message, signature)),
    });
    const imported = this.#time(() => this.#crypto.importPublicKey(key, algorithm));
    return imported instanceof Promise ? imported.then(timedVerifier) : timedVerifier(imported);
  }

  #time<T>(call: () => T): T {
    const start = this.#now();
    const result = call();
    if (result instanceof Promise) {
      return result.finally(() => {
        this.spentMs += this.#now() - start;
      }) as T;
    }
    this.spentMs += this.#now() - start;
    return result;
  }
}

async function signedRequest({ leaf, intermediate, leafSigner }: ChainFixture): Promise<SessionRequest> {
  const parameters = { profileArn: PROFILE_ARN, roleArn: ROLE_ARN, trustAnchorArn: TRUST_ANCHOR_ARN };
  const query = Object.entries(parameters).map(([name, arn]) => `${name}=${encodeURIComponent(arn)}`).join("&");
  const body = encodeUtf8('{"durationSeconds":3600}');
  const headers = { host: "rolesanywhere.us-east-1.amazonaws.com", "content-type": "application/json" };
  const signed = await signX509Request({ method: "POST", path: "/sessions", query, headers, body }, {
    identity: { certificate: parseCertificate(leaf), chain: [parseCertificate(intermediate)], signer: leafSigner },
    timeMs: NOW_MS,
    region: "us-east-1",
    service: "rolesanywhere",
  });
  return { method: "POST", path: "/sessions", query, headers: Object.entries({ ...headers, ...signed.headers }), body };
}

function stateOf({ root }: ChainFixture): SessionState {
  return {
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, enabled: true, certificates: [parseCertificate(root)] }],
    crls: [],
    profiles: [{
      arn: PROFILE_ARN,
      enabled: true,
      roleArns: [ROLE_ARN],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
    }],
    roles: [{
      arn: ROLE_ARN,
      id: "AROAEXAMPLEEXAMPLE123",
      maxSessionDurationSeconds: 3600,
      trustPolicy: parsePolicy({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "rolesanywhere.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
          Condition: {
            ArnEquals: { "aws:SourceArn": TRUST_ANCHOR_ARN },
            StringEquals: { "aws:PrincipalTag/x509Issuer/CN": "Example Issuing CA 7" },
          },
        },
      }, "trust"),
    }],
  };
}
