// runtimes: node20 node deno bun
/**
 * Ten complete CreateSession requests that others made: RSA, EC and ML-DSA, in the styles of two clients. They are not
 * part of the project; a checkout without them skips the test.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { encodeUtf8 } from "../core/bytes/text.ts";
import { portableProvider } from "../core/crypto/portable/mod.ts";
import { decideSession, type SessionState } from "../core/decision/mod.ts";
import { parseQuery } from "../core/decision/query-parameters.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS } from "../core/policy/mod.ts";
import { readCertificates } from "../core/x509/read-certificates.ts";
import { repositoryRoot } from "./support/capabilities.ts";
import { OPEN_TRUST_POLICY } from "./support/test-authority.ts";
import { assert, skip, suite } from "./support/suite.ts";

const test = suite("decision vectors");

interface Vector {
  readonly name: string;
  readonly now: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expected: {
    readonly outcome: "ok" | "error";
    readonly trustAnchor: string;
    readonly defaultSessionName?: string;
    readonly sourceIdentity?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly error?: string;
    readonly message?: string;
  };
}

interface VectorFile {
  readonly trustAnchors: Readonly<Record<string, string>>;
  readonly vectors: readonly Vector[];
}

const FILE = `${repositoryRoot()}/../shared/spec/data/createsession-test-vectors.json`;

function stateOf(vector: Vector, anchors: VectorFile["trustAnchors"]): SessionState {
  const parameters: Readonly<Record<string, string>> = {
    ...JSON.parse(vector.body),
    ...Object.fromEntries(parseQuery(vector.query)),
  };
  const { profileArn, roleArn, trustAnchorArn } = parameters;
  const certificates = readCertificates(anchors[vector.expected.trustAnchor]!);
  return {
    trustAnchors: [{ arn: trustAnchorArn!, enabled: true, certificates }],
    crls: [],
    profiles: [{
      arn: profileArn!,
      enabled: true,
      roleArns: [roleArn!],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
    }],
    roles: [{
      arn: roleArn!,
      id: "AROAEXAMPLEEXAMPLE123",
      maxSessionDurationSeconds: 3600,
      trustPolicy: OPEN_TRUST_POLICY,
    }],
  };
}

test("decideSession() decides every vector as stated", async () => {
  if (!existsSync(FILE)) skip("../shared/spec/data is not there");
  const { trustAnchors, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as VectorFile;
  assert.is(vectors.length, 10);
  for (const vector of vectors) {
    const { name, method, path, query, body, expected } = vector;
    const request = { method, path, query, headers: Object.entries(vector.headers), body: encodeUtf8(body) };
    const decision = await decideSession(request, stateOf(vector, trustAnchors), {
      now: () => Date.parse(vector.now),
      crypto: portableProvider({}),
    });
    if (decision.outcome === "deny") {
      assert.is(expected.outcome, "error", `${name}: ${decision.message}`);
      assert.equal(
        [decision.httpStatus, decision.code, decision.message],
        [403, expected.error, expected.message],
        name,
      );
      continue;
    }
    assert.is(expected.outcome, "ok", name);
    assert.is(decision.sourceIdentity, expected.sourceIdentity, name);
    if (expected.defaultSessionName !== undefined) assert.is(decision.sessionName, expected.defaultSessionName, name);
    if (expected.tags !== undefined) {
      assert.equal(Object.fromEntries(decision.tags.map(({ key, value }) => [key, value])), expected.tags, name);
    }
  }
});

test.run();
