/**
 * Certificates and revocation lists one behind the other, the end entity first, against known anchors: a verified path
 * or a coded error.
 *
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { concatBytes } from "../../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { DerReader } from "../../../core/der/reader.ts";
import {
  CONFORMING_ISSUER_PROFILE,
  matchesServer,
  validatePath,
  type ValidatePathOptions,
} from "../../../core/path/mod.ts";
import { crlChecker } from "../../../core/path/revocation/crl-checker.ts";
import {
  type Certificate,
  type CertificateRevocationList,
  CLIENT_AUTH,
  parseCertificate,
  parseCertificateRevocationList,
} from "../../../core/x509/mod.ts";
import { nodeCrypto } from "../../../runtimes/node/crypto.ts";
import { NOW } from "../../differential/chain-plan.ts";
import { POLICY_1 } from "../../differential/extensions.ts";
import { generateCases } from "../../differential/generated-case.ts";
import { MUTATIONS } from "../../differential/mutations.ts";
import type { Material, Octets } from "../mutate.ts";

const CRYPTO = /* @__PURE__ */ nodeCrypto();

/** To whom every signature is good, so that changed certificates come to every other check. */
const CREDULOUS: CryptoProvider = {
  ...CRYPTO,
  importPublicKey: (_key, algorithm) => ({ algorithm, verify: () => true }),
};

let anchors: readonly Certificate[] = [];
const genuine = new Set<string>();

/** One chain of each kind that the differential tests know. */
export async function pathMaterial(tokens: readonly Octets[]): Promise<Material> {
  const seeds: Octets[] = [];
  const trusted: Certificate[] = [];
  for await (const { chain } of generateCases(MUTATIONS.length, 1, CRYPTO)) {
    seeds.push(concatBytes([chain.endEntity, ...chain.intermediates, ...chain.lists]));
    trusted.push(parseCertificate(chain.anchor));
    for (const der of [chain.endEntity, ...chain.intermediates]) genuine.add(encodeBase64(der));
  }
  anchors = trusted;
  return { seeds, tokens };
}

/** Validates twice: with signatures that are checked, and with any. Only genuine certificates may pass the first. */
export async function validateEverything(input: Octets): Promise<void> {
  const { certificates, lists } = split(input);
  const [endEntity, ...intermediates] = certificates;
  if (endEntity === undefined) return;
  const options = (crypto: CryptoProvider): ValidatePathOptions => ({
    anchors,
    intermediates,
    time: NOW,
    crypto,
    revocation: lists.length === 0
      ? "skip"
      : { checker: crlChecker({ crls: lists, expired: "enforce" }), unknown: "deny", depth: "chain" },
    // Every question has its turn.
    ...(input.length % 2 === 0 ? { policies: { acceptable: [POLICY_1], requireExplicitPolicy: true } } : {}),
    ...(input.length % 3 === 0 ? { purpose: CLIENT_AUTH } : {}),
    ...(input.length % 5 === 0 ? { explain: "tree" } : {}),
    ...(input.length % 7 === 0 ? { profile: CONFORMING_ISSUER_PROFILE } : {}),
  });
  let refusal: unknown;
  try {
    const path = await validatePath(endEntity, options(CREDULOUS));
    matchesServer(path.endEntity, "host.example.com");
  } catch (error) {
    if (!isCoded(error)) throw error;
    refusal = error;
  }
  try {
    const path = await validatePath(endEntity, options(CRYPTO));
    if (refusal !== undefined) throw new Error(`accepted, and refused where any signature is good: ${String(refusal)}`);
    for (const { der } of [path.endEntity, ...path.intermediates]) {
      if (!genuine.has(encodeBase64(der))) throw new Error("accepted a certificate that nobody issued");
    }
  } catch (error) {
    if (!isCoded(error)) throw error;
  }
  if (refusal !== undefined) throw refusal;
}

/** What is neither a certificate nor a list is left out. */
function split(input: Octets): { certificates: Certificate[]; lists: CertificateRevocationList[] } {
  const found = { certificates: [] as Certificate[], lists: [] as CertificateRevocationList[] };
  const reader = new DerReader(input);
  while (!reader.done) {
    const der = attempt(() => reader.raw(reader.peek(), "element"));
    if (der === undefined) break;
    const certificate = attempt(() => parseCertificate(der));
    const list = certificate === undefined ? attempt(() => parseCertificateRevocationList(der)) : undefined;
    if (certificate !== undefined) found.certificates.push(certificate);
    if (list !== undefined) found.lists.push(list);
  }
  return found;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined;
  }
}
