/**
 * Topic `sigv4`: requests signed with an access key, against the libraries that do the same; what more headers and a
 * larger body cost; SigV4a against the bare signature, bodies in signed chunks against the bare hash; and what a signed
 * request allocates.
 *
 * @module
 */

import { ECDSA_SHA256 } from "../core/crypto/signature-algorithm.ts";
import { encodeUtf8 } from "../core/bytes/text.ts";
import {
  createHmacSigner,
  createSigV4aSigner,
  deriveSigV4aKey,
  encodeAwsChunked,
  hmacChunkSigner,
  planAwsChunked,
  withBodyHash,
} from "../core/sigv4/mod.ts";
import type { SigningPeer, SigningTask } from "./compare/peer.ts";
import type { Contender, Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";
import { signingGroup, TASK } from "./sigv4-groups.ts";

const HEADER_COUNTS = [3, 10, 30, 100];
const BODY_OCTETS = [0, 1 << 10, 1 << 14, 1 << 18];
const CHUNKED_OCTETS = 1 << 20;

/** Groups of this topic. */
export async function sigV4TopicGroups(platform: Platform, peers: readonly SigningPeer[]): Promise<Group[]> {
  return [
    await signingGroup("SigV4-HMAC headers", TASK, platform, peers),
    await signingGroup("SigV4-HMAC, 30 headers", withHeaders(30), platform, peers),
    await bodyGroup(platform, peers),
    growth("SigV4-HMAC by headers", HEADER_COUNTS, "headers", withHeaders, platform),
    growth("SigV4-HMAC by body", BODY_OCTETS, "octets", withBody, platform),
    await sigV4aGroup(platform),
    chunkedGroup(platform),
  ];
}

/** What a signed request allocates: octets an operation. */
export async function sigV4AllocationGroups(platform: Platform, peers: readonly SigningPeer[]): Promise<Group[]> {
  const group = await signingGroup("SigV4-HMAC headers, allocated", TASK, platform, peers);
  return [{
    ...group,
    unit: "B",
    comparisons: peers.map(({ name, allocationReach }) => ({
      name: "anyrole",
      against: name,
      ...(allocationReach === undefined ? {} : { reach: allocationReach }),
    })),
  }];
}

/** A body of 16 KiB, hashed by us with whichever hash of the platform is the faster for it. */
async function bodyGroup(platform: Platform, peers: readonly SigningPeer[]): Promise<Group> {
  const task = withBody(1 << 14);
  const group = await signingGroup("SigV4-HMAC, body of 16 KiB", task, platform, peers);
  if (platform.nativeSha256) return group;
  const { method, host, path, body, headers, credentials, region, service, timeMs } = task;
  const signer = createHmacSigner(credentials, { region, service, sha256: platform.sha256 });
  const request = { method, path, headers: { host, ...headers }, body };
  const name = "anyrole, withBodyHash()";
  const encoder = new TextEncoder();
  const run = async () =>
    signer.sign(await withBodyHash({ ...request, body: encoder.encode(body) }, platform.crypto), timeMs);
  return {
    ...group,
    contenders: [...group.contenders, { name, run }],
    comparisons: [...group.comparisons, ...peers.map((peer) => ({ name, against: peer.name }))],
  };
}

/** The task with so many header fields in all, `host` and those of the signature not counted. */
function withHeaders(count: number): SigningTask {
  const headers: Record<string, string> = { ...TASK.headers };
  for (let i = Object.keys(headers).length; i < count; i++) {
    headers[`x-amz-meta-field-${i * 7919 % 1000}`] = `value ${i}`;
  }
  return { ...TASK, headers };
}

function withBody(octets: number): SigningTask {
  return { ...TASK, body: "0123456789abcdef".repeat(octets / 16) };
}

/** Ourselves with more and more, against the least. */
function growth(
  name: string,
  sizes: readonly number[],
  unit: string,
  taskOf: (size: number) => SigningTask,
  platform: Platform,
): Group {
  const contenders = sizes.map((size): Contender => {
    const { method, host, path, body, headers, credentials, region, service, timeMs } = taskOf(size);
    const signer = createHmacSigner(credentials, { region, service, sha256: platform.sha256 });
    const request = { method, path, headers: { host, ...headers }, body };
    return { name: `${size} ${unit}`, run: () => signer.sign(request, timeMs) };
  });
  const [least, ...more] = contenders;
  return {
    name,
    unit: "ops/s",
    contenders,
    comparisons: more.map((contender) => ({ name: contender.name, against: least!.name })),
    growth: { parameter: unit, sizes: Object.fromEntries(sizes.map((size) => [`${size} ${unit}`, size])) },
  };
}

async function sigV4aGroup(platform: Platform): Promise<Group> {
  const { method, host, path, body, headers, credentials, service, timeMs } = TASK;
  const { crypto, sha256 } = platform;
  const signer = await createSigV4aSigner(credentials, { regionSet: ["*"], service, crypto, sha256 });
  const bare = await crypto.importPrivateKey(deriveSigV4aKey(credentials, sha256), ECDSA_SHA256);
  const request = { method, path, headers: { host, ...headers }, body };
  const message = encodeUtf8((await signer.sign(request, timeMs)).stringToSign);
  return {
    name: "SigV4a headers",
    unit: "ops/s",
    contenders: [
      { name: "full signature", run: () => signer.sign(request, timeMs) },
      { name: "bare signature", run: () => bare.sign(message) },
    ],
    comparisons: [{ name: "full signature", against: "bare signature" }],
  };
}

function chunkedGroup(platform: Platform): Group {
  const { sha256 } = platform;
  // Where the hash that answers at once is TypeScript, chunks go to the one that does not.
  const crypto = platform.nativeSha256 ? undefined : platform.crypto;
  const body = new Uint8Array(CHUNKED_OCTETS).fill(0x61);
  const { credentials, region } = TASK;
  const signer = createHmacSigner(credentials, { region, service: "s3", sha256 });
  const plan = planAwsChunked({ decodedLength: body.length, signing: "AWS4-HMAC-SHA256" });
  const request = { method: "PUT", path: "/key", headers: { host: "bucket.s3.amazonaws.com", ...plan.headers } };
  return {
    name: "aws-chunked, 1 MiB",
    unit: "ops/s",
    contenders: [
      {
        name: "signed chunks",
        async run() {
          const signed = signer.sign(request, NOW_MS);
          const chunks = encodeAwsChunked([body], plan, hmacChunkSigner(credentials, signed, sha256, crypto));
          while ((await chunks.next()).done !== true);
        },
      },
      { name: "bare hash", run: () => platform.bareSha256(body) },
    ],
    comparisons: [{ name: "signed chunks", against: "bare hash" }],
  };
}
