/**
 * The Authorization header of a signed request, and the query parameters that say the same.
 *
 * @module
 */

import { SigV4Error } from "./sigv4-error.ts";

/** What a signed request says about its signature. */
export interface Authorization {
  /** The scheme's name, whatever it is. */
  readonly algorithm: string;
  /** Access key id, or the serial number of a certificate in decimal. */
  readonly credentialId: string;
  /** Day of the scope, `YYYYMMDD`. */
  readonly day: string;
  /** Region of the scope; empty for `AWS4-ECDSA-P256-SHA256`, whose scope has none. */
  readonly region: string;
  /** Service of the scope. */
  readonly service: string;
  /** Names of the signed headers: lower case, sorted, each once. */
  readonly signedHeaders: readonly string[];
  /** The signature, lower-case hexadecimal. */
  readonly signature: string;
}

/**
 * Reads an Authorization header: the algorithm, then `Credential`, `SignedHeaders` and `Signature` in any order.
 *
 * @throws {SigV4Error} `ERR_SIGV4_MALFORMED_AUTHORIZATION`
 */
export function parseAuthorization(text: string): Authorization {
  const space = text.indexOf(" ");
  const algorithm = text.slice(0, space);
  if (space < 1 || !/^[\w-]+$/.test(algorithm)) throw malformed("Authorization", "it does not begin with an algorithm");
  const parts = new Map<string, string>();
  for (const part of text.slice(space + 1).split(",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (!PARTS.includes(name)) throw malformed("Authorization", "it has a part that is none of " + PARTS.join(", "));
    if (parts.has(name)) throw malformed(name, "it is there twice");
    parts.set(name, part.slice(equals + 1).trim());
  }
  const [credential, signedHeaders, signature] = PARTS.map((name) => {
    const value = parts.get(name);
    if (value === undefined) throw malformed(name, "it is missing");
    return value;
  });
  return authorization(algorithm, credential!, signedHeaders!, signature!);
}

/**
 * Puts the parts together.
 *
 * @param names what the request calls Credential, SignedHeaders and Signature
 * @throws {SigV4Error} `ERR_SIGV4_MALFORMED_AUTHORIZATION`
 */
export function authorization(
  algorithm: string,
  credential: string,
  headers: string,
  signature: string,
  names: readonly string[] = PARTS,
): Authorization {
  const fields = credential.split("/");
  const scoped = algorithm !== "AWS4-ECDSA-P256-SHA256";
  if (
    fields.length !== (scoped ? 5 : 4) || fields.includes("") || fields.at(-1) !== "aws4_request" ||
    !/^\d{8}$/.test(fields[1]!)
  ) {
    throw malformed(names[0]!, `it is not id/YYYYMMDD/${scoped ? "region/" : ""}service/aws4_request`);
  }
  const signedHeaders = headers.split(";");
  signedHeaders.forEach((name, i) => {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || (i > 0 && name <= signedHeaders[i - 1]!)) {
      throw malformed(names[1]!, "the names are not in lower case, sorted, and each there once");
    }
  });
  if (!/^(?:[0-9a-f]{2})+$/.test(signature)) throw malformed(names[2]!, "it is not lower-case hexadecimal");
  return {
    algorithm,
    credentialId: fields[0]!,
    day: fields[1]!,
    region: scoped ? fields[2]! : "",
    service: fields.at(-2)!,
    signedHeaders,
    signature,
  };
}

/** The error of an authorization that cannot be read. */
export function malformed(subject: string, state: string): SigV4Error {
  return new SigV4Error("ERR_SIGV4_MALFORMED_AUTHORIZATION", subject, `${subject} cannot be read: ${state}`);
}

const PARTS: readonly string[] = ["Credential", "SignedHeaders", "Signature"];
