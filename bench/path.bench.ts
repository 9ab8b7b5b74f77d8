/**
 * Topic `path`: a chain of three certificates validated.
 *
 * The limit is to verify the two signatures and nothing else, with keys that were imported before. "issuers' keys
 * cached" finds both keys in a `KeyCache`; "intermediate's key imported" finds the root's alone, and has a limit of its
 * own, which imports that key each time too. The certificates were parsed before.
 *
 * What begins with the octets of the end entity and of the intermediate, which a client sends anew each time, is held
 * against the peers, which do the same; the root was parsed before.
 *
 * @module
 */

import type { CryptoProvider } from "../core/crypto/provider.ts";
import type { SignatureAlgorithm } from "../core/crypto/signature-algorithm.ts";
import { KeyCache, validatePath, type VerifiedPath } from "../core/path/mod.ts";
import { type Certificate, parseCertificate } from "../core/x509/mod.ts";
import { type ChainFixture, makeChain, makeLongChain } from "./chain-fixture.ts";
import type { ChainPeer } from "./compare/peer.ts";
import { KEYS } from "./fixtures.ts";
import type { Comparison, Contender, Group } from "./harness.ts";
import { nativeContenders, type NativeDriver } from "./native-contender.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

const CACHED = "issuers' keys cached";
const IMPORTED = "intermediate's key imported";
const LIMIT = "two bare verifications";
const IMPORT_LIMIT = "one bare import, two bare verifications";
const LENGTHS = [1, 2, 4, 7, 10];
const CACHED_OCTETS = `${CACHED}, from octets`;
const IMPORTED_OCTETS = `${IMPORTED}, from octets`;

/** Groups of this topic: one for each kind of keys that the platform itself can verify with. */
export async function pathGroups(
  platform: Platform,
  peers: readonly ChainPeer[],
  drivers: readonly NativeDriver[] = [],
): Promise<Group[]> {
  const { X509Certificate } = platform;
  const all = X509Certificate === undefined ? peers : [nativePeer(X509Certificate), ...peers];
  const groups: Group[] = [];
  for (const name of Object.keys(KEYS)) {
    const group = await chainGroup(name, platform, all, drivers);
    if (group !== undefined) groups.push(group);
  }
  return [...groups, await lengthGroup(platform)];
}

/** Longer and longer chains, from octets, with the keys of issuers cached. */
async function lengthGroup({ crypto }: Platform): Promise<Group> {
  const contenders: Contender[] = [];
  const sizes: Record<string, number> = {};
  for (const length of LENGTHS) {
    const [endEntity, ...issuers] = await makeLongChain(length);
    const root = parseCertificate(issuers.pop()!);
    const keys = new KeyCache();
    const name = `${length} below the anchor`;
    sizes[name] = length;
    contenders.push({
      name,
      run: () =>
        validatePath(parseCertificate(endEntity!), {
          anchors: [root],
          intermediates: issuers.map(parseCertificate),
          time: NOW_MS,
          crypto,
          revocation: "skip",
          keys,
          limits: { intermediates: LENGTHS.at(-1)! },
        }),
    });
  }
  const [least, ...more] = contenders;
  return {
    name: "P-256 by length",
    unit: "ops/s",
    contenders,
    comparisons: more.map(({ name }) => ({ name, against: least!.name })),
    growth: { parameter: "certificates below the anchor", sizes },
  };
}

async function chainGroup(
  name: string,
  platform: Platform,
  peers: readonly ChainPeer[],
  drivers: readonly NativeDriver[],
): Promise<Group | undefined> {
  const chain = await makeChain(name);
  const limits = await twoVerifications(platform, chain);
  if (limits === undefined) return undefined;
  const { crypto } = platform;
  const root = parseCertificate(chain.root);
  const parsed = parseBoth(chain);
  const cached = new KeyCache();
  const rootAlone = await cacheOf(crypto, root);
  const contenders: Contender[] = [
    { name: CACHED, run: () => validate(parsed, root, crypto, cached) },
    { name: IMPORTED, run: () => validate(parsed, root, crypto, rootAlone) },
    { name: CACHED_OCTETS, run: () => validate(parseBoth(chain), root, crypto, cached) },
    { name: IMPORTED_OCTETS, run: () => validate(parseBoth(chain), root, crypto, rootAlone) },
    { name: LIMIT, run: limits.verify },
    { name: IMPORT_LIMIT, run: limits.importAndVerify },
  ];
  const reached = name === "P-256";
  const comparisons: Comparison[] = [
    { name: CACHED, against: LIMIT, ...(reached ? { reach: { node: 0.9 } } : {}) },
    { name: IMPORTED, against: LIMIT, ...(reached ? { reach: { node: 0.8 } } : {}) },
    { name: IMPORT_LIMIT, against: LIMIT },
    { name: CACHED_OCTETS, against: LIMIT },
    { name: IMPORTED_OCTETS, against: LIMIT },
  ];
  for (const peer of peers) {
    const run = await able(peer, chain);
    if (run === undefined) continue;
    contenders.push({ name: peer.name, run });
    const reach = reached && peer.reach !== undefined ? { reach: peer.reach } : {};
    for (const ours of [CACHED_OCTETS, IMPORTED_OCTETS]) comparisons.push({ name: ours, against: peer.name, ...reach });
  }
  for (const native of nativeContenders(platform, drivers, "verify", [chain.leaf, chain.intermediate, chain.root])) {
    contenders.push(native);
    for (const ours of [CACHED_OCTETS, IMPORTED_OCTETS]) comparisons.push({ name: ours, against: native.name });
  }
  return { name: `${name} chain`, unit: "ops/s", contenders, comparisons };
}

/** The certificates that a client sends. */
interface ParsedChain {
  readonly leaf: Certificate;
  readonly intermediate: Certificate;
}

function parseBoth({ leaf, intermediate }: ChainFixture): ParsedChain {
  return { leaf: parseCertificate(leaf), intermediate: parseCertificate(intermediate) };
}

function validate(
  { leaf, intermediate }: ParsedChain,
  root: Certificate,
  crypto: CryptoProvider,
  keys: KeyCache,
): Promise<VerifiedPath> {
  return validatePath(leaf, {
    anchors: [root],
    intermediates: [intermediate],
    time: NOW_MS,
    crypto,
    revocation: "skip",
    keys,
  });
}

/** A cache that keeps one key and no other. */
async function cacheOf(crypto: CryptoProvider, { publicKey, signatureAlgorithm }: Certificate): Promise<KeyCache> {
  const algorithm = signatureAlgorithm as SignatureAlgorithm;
  const cache = new KeyCache();
  cache.keep(publicKey, algorithm, await crypto.importPublicKey(publicKey, algorithm));
  cache.keep = () => {};
  return cache;
}

/** The limits; undefined: the platform cannot verify with such keys. */
async function twoVerifications(
  platform: Platform,
  chain: ChainFixture,
): Promise<{ readonly verify: Contender["run"]; readonly importAndVerify: Contender["run"] } | undefined> {
  const { leaf, intermediate } = parseBoth(chain);
  const root = parseCertificate(chain.root);
  // The values themselves, not the getters, which make views.
  const below = bareTask(leaf, intermediate);
  const above = bareTask(intermediate, root);
  try {
    const [verifyBelow, verifyAbove] = await Promise.all([bare(platform, below), bare(platform, above)]);
    const verify = () => {
      const first = verifyBelow();
      return first instanceof Promise ? first.then((good) => good && verifyAbove()) : first && verifyAbove();
    };
    const importAndVerify = async () => await (await bare(platform, below))() && await verifyAbove();
    return await verify() && await importAndVerify() ? { verify, importAndVerify } : undefined;
  } catch {
    return undefined;
  }
}

type BareTask = Parameters<Platform["bareVerification"]>;

function bareTask(
  { tbsCertificate, signature, signatureAlgorithm }: Certificate,
  { publicKey }: Certificate,
): BareTask {
  return [publicKey, signatureAlgorithm as SignatureAlgorithm, tbsCertificate, signature];
}

function bare(platform: Platform, task: BareTask): ReturnType<Platform["bareVerification"]> {
  return platform.bareVerification(...task);
}

/** What a peer runs; undefined: it cannot do it with such keys here. */
async function able(peer: ChainPeer, chain: ChainFixture): Promise<Contender["run"] | undefined> {
  try {
    const run = await peer.validator(chain, NOW_MS);
    return await run() ? run : undefined;
  } catch {
    return undefined;
  }
}

/** `X509Certificate`, with the checks that it offers: no path, no constraints, no usages. */
function nativePeer(X509Certificate: NonNullable<Platform["X509Certificate"]>): ChainPeer {
  return {
    name: "X509Certificate",
    async validator(chain, timeMs) {
      const root = new X509Certificate(chain.root);
      const rootKey = root.publicKey;
      return () => {
        const leaf = new X509Certificate(chain.leaf);
        const intermediate = new X509Certificate(chain.intermediate);
        return intermediate.ca && leaf.checkIssued(intermediate) && intermediate.checkIssued(root) &&
          [leaf, intermediate].every((one) =>
            Date.parse(one.validFrom) <= timeMs && timeMs <= Date.parse(one.validTo)
          ) &&
          intermediate.verify(rootKey) && leaf.verify(intermediate.publicKey);
      };
    },
  };
}
