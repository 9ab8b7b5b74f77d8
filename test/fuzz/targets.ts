/**
 * Every parser of hostile octets.
 *
 * @module
 */

import { parseArn } from "../../core/aws/arn.ts";
import { rolesAnywhereEndpoint } from "../../core/aws/endpoint.ts";
import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../../core/aws/roles-anywhere-arn.ts";
import { BaseError } from "../../core/base-error.ts";
import { decodeBase64 } from "../../core/bytes/base64.ts";
import { decodeLatin1, decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import { parseJwk, parsePrivateKey, parseSubjectPublicKeyInfo } from "../../core/keys/mod.ts";
import { decodePem, readPem } from "../../core/pem/pem.ts";
import { readAnswer, readBody } from "../../core/session/response.ts";
import { readRefusal } from "../../core/session/service-error.ts";
import { parseAuthorization } from "../../core/sigv4/mod.ts";
import { fitsSpelling, parseCertificateSelector, parseSelectorFile } from "../../core/selection/mod.ts";
import { readCertificates } from "../../core/x509/mod.ts";
import { formatPkcs11Uri } from "../../hsm-bridge/pkcs11/pkcs11-uri.ts";
import { parsePkcs11Uri } from "../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import {
  CREDENTIAL_EXCLUSIONS,
  CREDENTIAL_FLAGS,
  READ_CERTIFICATE_EXCLUSIONS,
  READ_CERTIFICATE_FLAGS,
  SIGN_STRING_EXCLUSIONS,
  SIGN_STRING_FLAGS,
} from "../../runtimes/cli/flag-tables.ts";
import { parseFlags } from "../../runtimes/cli/flags.ts";
import { CA_PEM, CRL_PEM, LEAF_PEM } from "../vectors/x509/certificates.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { FILES } from "../vectors/pkcs12/files.ts";
import type { FuzzTarget } from "./fuzz.ts";
import type { Material, Octets } from "./mutate.ts";
import { chunkMaterial, readChunkedBody } from "./targets/aws-chunked.ts";
import { readEverything, walk } from "./targets/der.ts";
import { decide, decisionMaterial } from "./targets/decision.ts";
import { loadContainer, loadEncrypted } from "./targets/encrypted-key.ts";
import { pathMaterial, validateEverything } from "./targets/path.ts";
import { readListInEveryWay } from "./targets/revocation-list.ts";
import { documentMaterial, lineMaterial, readDocuments, readLines } from "./targets/signing-protocol.ts";
import { agentMaterial, readAgentAnswers } from "./targets/ssh-agent.ts";
import { openSealed, readReplies, redisMaterial, sealedMaterial } from "./targets/stores.ts";
import { keyFileMaterial, readKeyFile, readTpmResponse, responseMaterial } from "./targets/tpm.ts";

/** All of them. */
export const TARGETS: readonly FuzzTarget[] = [
  {
    name: "der",
    material: () => octets(derOf(LEAF_PEM, CA_PEM, CRL_PEM, ...pemKeys(""))),
    run: walk,
  },
  {
    name: "pem",
    material: () =>
      texts([LEAF_PEM + CA_PEM, CRL_PEM, ...pemKeys("")], ["-----BEGIN ", "-----END ", "-----\n", "\r\n"]),
    run: (input) => {
      readPem(input);
      readPem(decodeLatin1(input));
      decodePem(input);
    },
  },
  {
    name: "certificate",
    material: () => {
      const ders = derOf(LEAF_PEM, CA_PEM);
      return octets([...ders, join(...ders), encodeUtf8(LEAF_PEM), encodeUtf8(LEAF_PEM + CA_PEM)]);
    },
    run: (input) => {
      for (const certificate of readCertificates(input)) readEverything(certificate);
    },
  },
  { name: "crl", material: () => octets(derOf(CRL_PEM)), run: readListInEveryWay },
  { name: "path", material: () => pathMaterial(OID_TOKENS), run: validateEverything },
  {
    name: "private-key",
    material: () => {
      const plain = pemKeys("").filter((pem) => !pem.includes("PUBLIC") && !pem.includes("ENCRYPTED"));
      return texts([...plain, plain.join("") + LEAF_PEM], PEM_TOKENS, derOf(...plain));
    },
    run: (input) => parsePrivateKey(input),
  },
  {
    name: "encrypted-private-key",
    material: () => {
      const encrypted = pemKeys("encrypted-");
      const containers = encrypted.filter((pem) => pem.includes("BEGIN ENCRYPTED"));
      return texts(encrypted, PEM_TOKENS, derOf(...containers));
    },
    run: loadEncrypted,
  },
  {
    name: "pkcs12",
    material: () => octets(Object.values(FILES).map((text) => decodeBase64(text.replace(/\s/g, ""))!)),
    run: loadContainer,
    // Both passwords are tried on the MAC and on several parts, each of which derives.
    limitMs: 1000,
  },
  {
    name: "selector",
    material: () =>
      texts(SELECTORS, ["Key=", ",Value=", "x509Serial", "\\", '"', "+", ",", "=", "#0c01", "/CN=", "\n"]),
    run: readSelectors,
  },
  {
    name: "pkcs11-uri",
    material: () => texts(PKCS11_URIS, ["pkcs11:", ";", "?", "&", "=", "%", "%00", "%C3%A4", "id=", "slot-id=", "|"]),
    run: readPkcs11Uri,
  },
  {
    name: "public-key",
    material: () => octets(derOf(...pemKeys("").filter((pem) => pem.includes("BEGIN PUBLIC")))),
    run: (input) => parseSubjectPublicKeyInfo(input),
  },
  {
    name: "jwk",
    material: () =>
      texts(JWKS, ["\nkty ", "\ncrv P-384\n", "\nalg ML-DSA-44\n", "\noth []\n", "__proto__ ", "\nd null\n", "="]),
    run: readJwk,
  },
  {
    name: "session-response",
    material: () => texts(ANSWERS, [`null`, `{`, `[`, `"expiration":`, `\\u0000`]),
    run: readSession,
  },
  {
    name: "arn",
    material: () => texts(ARNS, ["arn:", ":", "/", "*", "\u{1f511}", "\0", "aws-cn"]),
    run: (input) => settle([parseArn, parseTrustAnchorArn, parseProfileArn, parseRoleArn], textOf(input)),
  },
  {
    name: "endpoint",
    material: () => texts(ENDPOINTS, ["://", "@", "[", "]", ":", "%", "..", "xn--", "?", "#"]),
    run: (input) => {
      const text = textOf(input);
      return settle([
        (endpoint) => rolesAnywhereEndpoint({ region: "us-east-1", endpoint }),
        (region) => rolesAnywhereEndpoint({ region }),
        (region) => rolesAnywhereEndpoint({ region, fips: true, dualStack: true, partition: text }),
      ], text);
    },
  },
  {
    name: "sigv4-authorization",
    material: () => texts(AUTHORIZATIONS, ["Credential=", "SignedHeaders=", "Signature=", ",", ";", "/"]),
    run: (input) => parseAuthorization(textOf(input)),
  },
  { name: "ssh-agent", material: agentMaterial, run: readAgentAnswers },
  { name: "signing-protocol", material: documentMaterial, run: readDocuments },
  { name: "exec-protocol", material: lineMaterial, run: readLines },
  { name: "tpm-response", material: responseMaterial, run: readTpmResponse },
  { name: "tpm-key-file", material: keyFileMaterial, run: readKeyFile },
  { name: "aws-chunked", material: chunkMaterial, run: readChunkedBody },
  { name: "redis", material: redisMaterial, run: readReplies },
  { name: "sealed-session", material: sealedMaterial, run: openSealed },
  { name: "decision", material: decisionMaterial, run: decide },
  {
    name: "flags",
    material: () => texts(COMMAND_LINES, ["--", "-h", "=", "\0", "0x", "_", "true"]),
    run: (input) => {
      const words = textOf(input).split("\0");
      return settle([
        () => parseFlags(words, CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS),
        () => parseFlags(words, SIGN_STRING_FLAGS, SIGN_STRING_EXCLUSIONS),
        () => parseFlags(words, READ_CERTIFICATE_FLAGS, READ_CERTIFICATE_EXCLUSIONS),
      ], "");
    },
  },
];

/** Runs all of them, whatever the others say; the input is refused when all refuse it. */
function settle(parsers: readonly ((text: string) => unknown)[], text: string): void {
  const errors: BaseError[] = [];
  for (const parse of parsers) {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof BaseError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === parsers.length) throw errors[0];
}

/** A member a line, so that every input is a JSON object; values that look like other JSON than text are that. */
function readJwk(input: Octets): void {
  const members = textOf(input).split("\n").map((line): [string, unknown] => {
    const [name = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    return [name, /^(-?(0|[1-9][0-9]*)|null|true|\[\]|\{\})$/.test(text) ? JSON.parse(text) : text];
  });
  parseJwk(Object.fromEntries(members));
}

/** Success and refusal, as text and in pieces. */
async function readSession(input: Octets): Promise<void> {
  const pieces = [input.subarray(0, input.length >> 1), input.subarray(input.length >> 1)];
  const body = {
    getReader: () => ({
      read: () => Promise.resolve({ done: pieces.length === 0, value: pieces.shift() }),
      cancel: () => Promise.resolve(),
    }),
  };
  const text = await readBody({
    status: 200,
    headers: { get: () => null },
    body,
    text: () => Promise.resolve(""),
  });
  const headers = { get: (name: string) => name.startsWith("x-amzn-e") ? text?.slice(0, 80) ?? null : null };
  readRefusal(403, headers, text);
  readRefusal(429, { get: () => null }, text);
  readAnswer(text, { roleArn: ARNS[1]!, accountId: "123456789012" }, Date.UTC(2026, 0, 1), {});
}

function pemKeys(prefix: string): string[] {
  return Object.entries(KEYS).filter(([name]) => name.startsWith(prefix)).map(([, pem]) => pem);
}

function derOf(...pems: readonly string[]): Octets[] {
  return pems.flatMap((pem) => decodePem(pem)).map((block) => block.octets.slice());
}

/** UTF-8, and where it is none, each octet a character. */
function textOf(input: Octets): string {
  return decodeUtf8(input) ?? decodeLatin1(input);
}

function octets(seeds: readonly Octets[]): Material {
  return { seeds, tokens: OID_TOKENS };
}

function texts(seeds: readonly string[], tokens: readonly string[], more: readonly Octets[] = []): Material {
  return { seeds: [...seeds.map(encodeUtf8), ...more], tokens: tokens.map(encodeUtf8) };
}

function join(...parts: readonly Octets[]): Octets {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const PEM_TOKENS = [
  "-----BEGIN PRIVATE KEY-----\n",
  "-----END PRIVATE KEY-----\n",
  "-----BEGIN EC PRIVATE KEY-----\n",
  "Proc-Type: 4,ENCRYPTED\n",
  "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n",
  "\r\n",
];

/** Elements that certificates are made of: object identifiers, booleans, empty sequences. */
const OID_TOKENS: readonly Octets[] = [
  ...Array.from({ length: 40 }, (_, i) => Uint8Array.of(0x06, 0x03, 0x55, 0x1d, 9 + i)),
  Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a),
  Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d),
  Uint8Array.of(0x06, 0x0b, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11),
  Uint8Array.of(0x01, 0x01, 0xff),
  Uint8Array.of(0x05, 0x00),
  Uint8Array.of(0x30, 0x00),
  Uint8Array.of(0x30, 0x80),
  Uint8Array.of(0x17, 0x0d, 0x39, 0x39, 0x30, 0x32, 0x33, 0x30, 0x32, 0x34, 0x36, 0x30, 0x36, 0x30, 0x5a),
  Uint8Array.of(0x86, 0x03, 0x3a, 0x2f, 0x2f),
  Uint8Array.of(0x87, 0x04, 127, 0, 0, 1),
  Uint8Array.of(0x1e, 0x02, 0xd8, 0x00),
  Uint8Array.of(0x0c, 0x02, 0xc0, 0x80),
];

const JWKS = [
  "kty EC\ncrv P-256\nd AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n" +
  "x axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\ny T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
  "kty AKP\nalg ML-DSA-65\npriv AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  "kty RSA\nn sQ\ne AQAB\nd AQ\np Aw\nq BQ\ndp AQ\ndq AQ\nqi AQ\nuse sig",
];

const ANSWERS = [
  JSON.stringify({
    credentialSet: [{
      assumedRoleUser: { arn: "arn:aws:sts::123456789012:assumed-role/Example/01", assumedRoleId: "AROAEXAMPLE:01" },
      credentials: {
        accessKeyId: "ASIAEXAMPLE",
        secretAccessKey: "secret",
        sessionToken: "token",
        expiration: "2026-06-01T13:00:00Z",
      },
      packedPolicySize: 12,
      roleArn: "arn:aws:iam::123456789012:role/Example",
      sourceIdentity: "CN=edge-7",
    }],
    subjectArn: "arn:aws:rolesanywhere:us-east-1:123456789012:subject/01234567-89ab-4def-8123-456789abcdef",
  }),
  `{"message":"Untrusted certificate. Insufficient certificate"}`,
  `{"__type":"com.amazonaws#AccessDeniedException:http://x","Message":"no"}`,
  `<html><body>502 Bad Gateway</body></html>`,
];

const ARNS = [
  "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/11111111-2222-3333-4444-555555555555",
  "arn:aws:iam::123456789012:role/path/to/Example",
  "arn:aws-us-gov:rolesanywhere:us-gov-west-1:123456789012:profile/66666666-7777-8888-9999-aaaaaaaaaaaa",
];

const ENDPOINTS = [
  "https://rolesanywhere.us-east-1.amazonaws.com",
  "http://127.0.0.1:8080/prefix/",
  "https://[2001:db8::7]:8443",
  "https://xn--bcher-kva.example:443/a/../b",
  "fips-us-east-1",
  "eusc-de-east-1",
];

const AUTHORIZATIONS = [
  "AWS4-X509-RSA-SHA256 Credential=337562787801933536189724934726614584366112857655/20220827/us-east-1/rolesanywhere/" +
  "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=7f18cf01a29af198",
  "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request,SignedHeaders=host,Signature=00ff",
];

const SELECTORS = [
  "Key=x509Subject,Value=CN=edge-7,OU=a+OU=b,O=Example\\, Inc.,C=US Key=x509Serial,Value=0A:1b",
  'Key=x509Issuer,Value=C = US, O = "Example ""Inc""", CN = Zo\\C3\\AB, 2.5.4.45=#0303000102',
  "Key=x509Issuer,Value=/C=US/O=a\/b/CN=edge-7",
  '[{"Key":"x509Subject","Value":"CN=a"},{"key":"x509Serial","VALUE":"-0F"}]',
];

const COMMAND_LINES = [
  "--certificate\0c.pem\0--private-key\0k.pem\0--role-arn=arn:aws:iam::123456789012:role/R\0--session-duration\0" +
  "900\0--with-proxy\0--endpoint=",
  "--session-duration=0x_e10\0--debug=T\0--region\0us-east-1\0--",
  "--digest\0SHA256\0--format\0json\0--cert-selector\0Key=x509Subject,Value=CN=a",
];

const PKCS11_URIS = [
  "pkcs11:token=My%20token;manufacturer=Snake%20Oil,%20Inc.;serial=1;model=v1;object=%C3%A4;id=%69%95;type=private",
  "pkcs11:slot-id=0;library-version=3.1;slot-description=a;vendor=1?pin-value=12%2634&module-path=/usr/lib/a.so&v=1&v=2",
  "pkcs11:?pin-source=file:/etc/pin&module-name=softhsm2",
];

/** What is read is written as what is read again. */
function readPkcs11Uri(input: Octets): unknown {
  const uri = parsePkcs11Uri(textOf(input));
  const written = formatPkcs11Uri(uri);
  if (formatPkcs11Uri(parsePkcs11Uri(written)) !== written) throw new Error("a URI changes when it is written again");
  return uri;
}

/** As a selector in place, as one in a file, and its names beside a certificate's. */
function readSelectors(input: Octets): unknown {
  const text = decodeUtf8(input) ?? decodeLatin1(input);
  const read = (parse: (text: string) => ReturnType<typeof parseCertificateSelector>) => {
    const { subject, issuer } = parse(text);
    const [certificate] = readCertificates(LEAF_PEM);
    return [subject, issuer].map((spelling) => spelling && fitsSpelling(certificate!.subject, spelling));
  };
  try {
    return read(parseCertificateSelector);
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    return read(parseSelectorFile);
  }
}
