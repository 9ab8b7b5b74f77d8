/**
 * Header signing with an access key against the libraries that do the same.
 *
 * The request is a DynamoDB GetItem with temporary credentials; everybody keeps the derived key and signs the same
 * headers, which the equality of the signatures proves before anything is timed.
 *
 * @module
 */

import { createHmacSigner } from "../core/sigv4/mod.ts";
import type { SigningPeer, SigningTask } from "./compare/peer.ts";
import type { Contender, Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

/** The request that everybody signs. */
export const TASK: SigningTask = {
  method: "POST",
  host: "dynamodb.eu-central-1.amazonaws.com",
  path: "/",
  headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.GetItem" },
  body: JSON.stringify({
    TableName: "sessions-production",
    Key: { tenant: { S: "example-corporation" }, session: { S: "01HF7YAT4Z5X6C8Q2W3E4R5T6Y" } },
    ConsistentRead: true,
  }),
  credentials: {
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    sessionToken: `IQoJb3JpZ2luX2VjE${"Ab7/+dQz".repeat(87)}vw==`,
  },
  region: "eu-central-1",
  service: "dynamodb",
  timeMs: NOW_MS,
};

/**
 * A task signed by us and by each peer. What is to be reached over them is promised for {@link TASK} alone.
 *
 * @throws {Error} when a peer signs something else
 */
export async function signingGroup(
  groupName: string,
  task: SigningTask,
  platform: Platform,
  peers: readonly SigningPeer[],
): Promise<Group> {
  const { method, host, path, body, credentials, region, service, timeMs } = task;
  const signer = createHmacSigner(credentials, { region, service, sha256: platform.sha256 });
  const request = { method, path, headers: { host, ...task.headers }, body };
  const ours = (): string => signer.sign(request, timeMs).headers["authorization"]!;
  const contenders: Contender[] = [{ name: "anyrole", run: ours }];
  const expected = fieldsOf(ours());
  for (const peer of peers) {
    const run = peer.signer(task);
    const actual = fieldsOf(await run());
    if (actual !== expected) throw new Error(`${peer.name} signs something else: ${actual} instead of ${expected}`);
    contenders.push({ name: peer.name, run });
  }
  return {
    name: groupName,
    unit: "ops/s",
    contenders,
    comparisons: peers.map(({ name, reach }) => ({
      name: "anyrole",
      against: name,
      ...(reach === undefined || task !== TASK ? {} : { reach }),
    })),
  };
}

/** Signed headers and signature of an `Authorization` header. */
function fieldsOf(authorization: string): string {
  return /SignedHeaders=(\S+), ?Signature=([0-9a-f]{64})$/.exec(authorization)?.slice(1).join(" ") ?? authorization;
}
