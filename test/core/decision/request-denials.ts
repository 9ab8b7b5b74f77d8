/**
 * Refusals that only a request can show: of its query and body, its headers, its signature.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { NOW, testKey } from "../../support/test-authority.ts";
import type { DenialRow } from "./denials.ts";
import { authority, client } from "./session-setup.ts";

const INVALID = "Invalid signature";

/** The rows. */
export const REQUEST_DENIALS: readonly DenialRow[] = [
  [
    "a body that is not JSON",
    "parameters",
    "Cannot parse the request body: it is not JSON",
    () => ({ change: withBody("{") }),
  ],
  [
    "a body that is no object",
    "parameters",
    "Cannot parse the request body: it is not a JSON object",
    () => ({ change: withBody("[]") }),
  ],
  [
    "a duration of two values",
    "parameters",
    "Parameter 'durationSeconds' is given twice with different values",
    () => ({ signing: { query: "durationSeconds=900" }, parameters: { durationSeconds: 901 } }),
  ],
  [
    "a query that is cut off",
    "parameters",
    "Cannot parse the query: a percent escape is malformed",
    () => ({ change: (request) => ({ ...request, query: "roleArn=%2" }) }),
  ],
  ["no Authorization", "authorization", INVALID, () => ({ change: withHeader("authorization", undefined) })],
  [
    "a malformed Authorization",
    "authorization",
    INVALID,
    () => ({ change: withHeader("authorization", "AWS4-X509-RSA-SHA256 x") }),
  ],
  [
    "an access key's scheme",
    "authorization",
    INVALID,
    () => ({
      change: withHeader(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260601/us-east-1/rolesanywhere/aws4_request, SignedHeaders=host, Signature=00",
      ),
    }),
  ],
  ["a scheme of another hash", "authorization", INVALID, () => ({ change: inAuthorization("SHA256", "SHA384") })],
  [
    "no certificate",
    "certificate",
    "Header 'X-Amz-X509' is missing",
    () => ({ change: withHeader("x-amz-x509", undefined) }),
  ],
  [
    "a certificate that is not base64",
    "certificate",
    "Header 'X-Amz-X509' is not the base64 of a DER certificate",
    () => ({ change: withHeader("x-amz-x509", "MII*") }),
  ],
  [
    "a certificate that is cut off",
    "certificate",
    "Header 'X-Amz-X509' holds a certificate that cannot be read: Cannot read tbsCertificate at offset 2: the element is missing",
    () => ({ change: withHeader("x-amz-x509", "MAA=") }),
  ],
  [
    "a chain that is not base64",
    "chain",
    "Header 'X-Amz-X509-Chain' is not the base64 of a DER certificate",
    () => ({ change: withHeader("x-amz-x509-chain", ",") }),
  ],
  ["a scheme of another key type", "algorithm", INVALID, () => ({ change: inAuthorization("ECDSA", "RSA") })],
  ["another serial number", "serial", INVALID, () => ({ change: inAuthorization("Credential=291", "Credential=292") })],
  ["the serial number in hexadecimal", "serial", INVALID, () => ({
    change: inAuthorization("Credential=291", "Credential=0123"),
  })],
  ["an unsigned chain", "signed-headers", INVALID, async () => ({
    change: withHeader("x-amz-x509-chain", encodeBase64((await authority("Root")).der)),
  })],
  ["an unsigned host", "signed-headers", INVALID, () => ({ change: inAuthorization(";host;", ";") })],
  ["an unsigned certificate", "signed-headers", INVALID, () => ({ change: inAuthorization(";x-amz-x509,", ",") })],
  ["another region", "scope", INVALID, () => ({ signing: { region: "eu-central-1" } })],
  ["another service", "scope", INVALID, () => ({ signing: { service: "sts" } })],
  ["the scope of another day", "scope", INVALID, () => ({ change: inAuthorization("/20260601/", "/20260531/") })],
  ["a clock 30 minutes behind", "clock", INVALID, () => ({ signing: { timeMs: NOW - 1_800_000 } })],
  ["a clock just too far ahead", "clock", INVALID, () => ({ signing: { timeMs: NOW + 301_000 } })],
  ["a clock too far behind for the lenient", "clock", INVALID, () => ({
    preset: "lenient",
    signing: { timeMs: NOW - 901_000 },
  })],
  ["another key", "signature", INVALID, async () => ({ signer: await testKey("another") })],
  ["another body", "signature", INVALID, () => ({
    change: (request) => withBody(`${decodeLatin1(request.body)} `)(request),
  })],
  ["another query", "signature", INVALID, () => ({
    change: (request) => ({ ...request, query: "durationSeconds=900" }),
  })],
  ["another content type", "signature", INVALID, () => ({ change: withHeader("content-type", "text/json") })],
  ["a certificate of the same key and another subject", "signature", INVALID, async () => ({
    change: withHeader("x-amz-x509", encodeBase64((await client({ subject: [["2.5.4.3", "edge-8"]] })).der)),
  })],
];

function withBody(body: string): (request: SessionRequest) => SessionRequest {
  return (request) => ({ ...request, body: encodeUtf8(body) });
}

function withHeader(name: string, value: string | undefined): (request: SessionRequest) => SessionRequest {
  return (request) => ({
    ...request,
    headers: [
      ...request.headers.filter(([field]) => field !== name),
      ...(value === undefined ? [] : [[name, value] as const]),
    ],
  });
}

function inAuthorization(part: string, other: string): (request: SessionRequest) => SessionRequest {
  return (request) => {
    const value = request.headers.find(([name]) => name === "authorization")![1];
    if (!value.includes(part)) throw new Error(`${part} is not in ${value}`);
    return withHeader("authorization", value.replace(part, other))(request);
  };
}
