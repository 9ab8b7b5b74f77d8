/**
 * Whole CreateSession requests against the service's decision. It never throws: whatever comes, the answer is a
 * decision with a trace.
 *
 * @module
 */

import { decodeLatin1, encodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { decideSession, type SessionRequest, type SessionState } from "../../../core/decision/mod.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS } from "../../../core/policy/mod.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  dnsName,
  NOW,
  OPEN_TRUST_POLICY,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  subjectAlternativeName,
  testCertificate,
  testKey,
  TRUST_ANCHOR_ARN,
} from "../../support/test-authority.ts";
import type { Material, Octets } from "../mutate.ts";

let state: SessionState | undefined;

/** Signed requests as text: the request line, headers, an empty line, the body. */
export async function decisionMaterial(): Promise<Material> {
  const root = await testKey("Root");
  const client = await testKey("client");
  const anchor = await testCertificate({
    subject: commonName("Root"),
    issuer: commonName("Root"),
    publicKey: root.publicKey,
    signer: root,
    extensions: CA_EXTENSIONS,
  });
  const leaf = await testCertificate({
    subject: commonName("edge-7"),
    issuer: commonName("Root"),
    publicKey: client.publicKey,
    signer: root,
    extensions: [...CLIENT_EXTENSIONS, subjectAlternativeName(dnsName("edge-7.example"))],
  });
  state = {
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, enabled: true, certificates: [anchor] }],
    crls: [],
    profiles: [{
      arn: PROFILE_ARN,
      enabled: true,
      roleArns: [ROLE_ARN],
      durationSeconds: 3600,
      acceptRoleSessionName: true,
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
    }],
    roles: [{
      arn: ROLE_ARN,
      id: "AROAEXAMPLEEXAMPLE123",
      maxSessionDurationSeconds: 3600,
      trustPolicy: OPEN_TRUST_POLICY,
    }],
  };
  const requests = [
    await signedSessionRequest({ certificate: leaf, signer: client }),
    await signedSessionRequest({
      certificate: leaf,
      signer: client,
      chain: [anchor],
      query: `profileArn=${PROFILE_ARN}`,
    }),
  ];
  const tokens = [
    "X-Amz-X509: ",
    "authorization:",
    "\n",
    "&",
    "=",
    `"durationSeconds":`,
    "%",
    "trustAnchorArn=",
    "{",
    "[",
  ];
  return { seeds: requests.map(write), tokens: tokens.map(encodeUtf8) };
}

/** Decides; a decision to allow or deny is the only thing that may come back. */
export async function decide(input: Octets): Promise<void> {
  try {
    const decision = await decideSession(read(input), state!, { now: () => NOW, crypto: CRYPTO });
    if (decision.outcome !== "allow" && decision.outcome !== "deny") throw new Error("no decision");
    if (decision.trace.length === 0) throw new Error("a decision without a trace");
  } catch (cause) {
    throw new Error(`decideSession() threw ${String((cause as Error).stack ?? cause)}`);
  }
}

const CRYPTO = /* @__PURE__ */ portableProvider();

function write({ method, path, query, headers, body }: SessionRequest): Octets {
  const lines = [`${method} ${path}?${query}`, ...headers.map(([name, value]) => `${name}:${value}`), "", ""];
  return encodeLatin1(lines.join("\n") + decodeLatin1(body))!;
}

function read(input: Octets): SessionRequest {
  const text = decodeLatin1(input);
  const end = text.indexOf("\n\n");
  const [first = "", ...fields] = text.slice(0, end < 0 ? undefined : end).split("\n");
  const [method = "", target = ""] = first.split(" ");
  const [path = "", ...query] = target.split("?");
  const headers = fields.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)] as const;
  });
  return { method, path, query: query.join("?"), headers, body: end < 0 ? new Uint8Array() : input.slice(end + 2) };
}
