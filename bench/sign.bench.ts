/**
 * Topic `sign`: what a signed request costs beyond its signature.
 *
 * A full SigV4-X509 signature (canonical request with the certificate, hashes, string to sign, signature, hexadecimal)
 * is held against the bare signature of the same string by the same key: the limit that nobody can pass.
 *
 * @module
 */

import { encodeUtf8 } from "../core/bytes/text.ts";
import { sessionAlgorithm } from "../core/crypto/signature-algorithm.ts";
import type { Signer } from "../core/crypto/signer.ts";
import { importParameters, operationParameters } from "../core/crypto/web-crypto.ts";
import { webCryptoProvider } from "../core/crypto/webcrypto-provider.ts";
import { createX509Signer, type SigV4Request, type X509Signer } from "../core/sigv4/mod.ts";
import { type Fixture, makeFixture } from "./fixtures.ts";
import type { Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

const REQUEST: SigV4Request = {
  method: "POST",
  path: "/sessions",
  // As text, which is how a session's request keeps it.
  query: [
    "profileArn=arn%3Aaws%3Arolesanywhere%3Aeu-central-1%3A123456789012%3Aprofile%2F0a1b2c3d-0000-4000-8000-000000000001",
    "roleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FEdge",
    "trustAnchorArn=arn%3Aaws%3Arolesanywhere%3Aeu-central-1%3A123456789012%3Atrust-anchor%2F" +
    "0a1b2c3d-0000-4000-8000-000000000000",
  ].join("&"),
  headers: { host: "rolesanywhere.eu-central-1.amazonaws.com", "content-type": "application/json" },
  body: '{"durationSeconds":3600}',
};

/** Groups of this topic. */
export async function signGroups(platform: Platform): Promise<Group[]> {
  const groups: Group[] = [];
  for (const name of ["RSA-2048", "P-256"]) {
    const fixture = await makeFixture(name);
    if (platform.nodeCrypto !== undefined) groups.push(await nodeCryptoGroup(platform, fixture));
    groups.push(await webCryptoGroup(platform, fixture));
  }
  return groups;
}

async function nodeCryptoGroup(platform: Platform, fixture: Fixture): Promise<Group> {
  const { provider, rawSigner } = platform.nodeCrypto!;
  const signer = await provider.importPrivateKey(fixture.key, sessionAlgorithm(fixture.key));
  const x509 = x509Signer(platform, fixture, signer);
  const message = await messageOf(x509);
  const raw = rawSigner(fixture.pkcs8);
  const reach = fixture.name === "P-256" ? 0.85 : 0.95;
  return {
    name: `SigV4-X509 ${fixture.name}, node:crypto`,
    unit: "ops/s",
    contenders: [
      { name: "full signature", run: () => x509.sign(REQUEST, NOW_MS) },
      { name: "bare signature", run: () => raw(message) },
    ],
    comparisons: [{ name: "full signature", against: "bare signature", reach: { node: reach, bun: reach } }],
  };
}

async function webCryptoGroup(platform: Platform, fixture: Fixture): Promise<Group> {
  const algorithm = sessionAlgorithm(fixture.key);
  const signer = await webCryptoProvider().importPrivateKey(fixture.key, algorithm);
  const x509 = x509Signer(platform, fixture, signer);
  const message = await messageOf(x509);
  const { subtle } = crypto;
  const key = await subtle.importKey(
    "pkcs8",
    fixture.pkcs8,
    importParameters(fixture.key, algorithm) as EcKeyImportParams,
    false,
    ["sign"],
  );
  const parameters = operationParameters(algorithm) as EcdsaParams;
  return {
    name: `SigV4-X509 ${fixture.name}, WebCrypto`,
    unit: "ops/s",
    contenders: [
      { name: "full signature", run: () => x509.sign(REQUEST, NOW_MS) },
      { name: "bare signature", run: () => subtle.sign(parameters, key, message) },
    ],
    comparisons: [{
      name: "full signature",
      against: "bare signature",
      reach: { node: 0.85, deno: 0.95, ...(fixture.name === "P-256" ? { workerd: 0.6 } : {}) },
    }],
  };
}

function x509Signer(platform: Platform, { certificate }: Fixture, signer: Signer): X509Signer {
  const options = { region: "eu-central-1", service: "rolesanywhere", sha256: platform.sha256 };
  return createX509Signer({ certificate, chain: [], signer }, options);
}

async function messageOf(signer: X509Signer): Promise<Uint8Array<ArrayBuffer>> {
  return encodeUtf8((await signer.sign(REQUEST, NOW_MS)).stringToSign);
}
