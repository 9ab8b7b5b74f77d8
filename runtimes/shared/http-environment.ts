/**
 * TLS rules of HTTP clients, from the environment.
 *
 * @module
 */

import { decodeUtf8 } from "../../core/bytes/text.ts";
import { HostError } from "../host-error.ts";
import type { Host, HttpClientOptions } from "../host.ts";

/** A file of trusted server certificates may be this long, in octets; the systems' own have about 220 kB. */
const MAX_CA_BUNDLE_LENGTH = 4_194_304;

/**
 * Options that honour `AWS_CA_BUNDLE`, which replaces the system's trust store.
 *
 * @throws {HostError} when the variable names a file that cannot be used
 */
export function httpOptions(host: Host, serverCertificate: "verify" | "skip"): HttpClientOptions {
  const path = host.environment("AWS_CA_BUNDLE");
  if (path === undefined || path === "") return { serverCertificate };
  const caBundle = decodeUtf8(host.readFile(path, MAX_CA_BUNDLE_LENGTH));
  if (caBundle === undefined) {
    throw new HostError("ERR_CA_BUNDLE", `Cannot use AWS_CA_BUNDLE: ${path} is not text`, { path });
  }
  return { serverCertificate, caBundle };
}
