/**
 * TLS rules and proxies of HTTP clients, from the environment.
 *
 * @module
 */

import { decodeLatin1 } from "../../core/bytes/text.ts";
import { HostError } from "../host-error.ts";
import type { Host, HttpClientOptions } from "../host.ts";
import { namesProxy, proxyOf } from "./proxy-environment.ts";

/** A file of trusted server certificates may be this long, in octets; the systems' own have about 220 kB. */
const MAX_CA_BUNDLE_LENGTH = 4_194_304;

/**
 * Options that honour `AWS_CA_BUNDLE`, which replaces the system's trust store (in Deno, which has no way to do that, it
 * adds to it). The file is read with the first HTTPS request, which fails with a `HostError` when the file holds no
 * certificate: an empty bundle would make runtimes fall back to the system's store.
 *
 * @param proxies default: those of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
 */
export function httpOptions(
  host: Host,
  serverCertificate: "verify" | "skip",
  proxies: "environment" | "none" = "environment",
): HttpClientOptions {
  const path = host.environment("AWS_CA_BUNDLE");
  const environment = (name: string): string | undefined => host.environment(name);
  const options: HttpClientOptions = {
    serverCertificate,
    // Deno's fetch goes by the environment itself, and asks for no permission to do so.
    ...(proxies === "none" || host.runtime === "deno" || !namesProxy(environment)
      ? {}
      : { proxy: (target) => proxyOf(environment, target) }),
  };
  if (path === undefined || path === "") return options;
  return {
    ...options,
    caBundle: () => {
      const pem = decodeLatin1(host.readFile(path, MAX_CA_BUNDLE_LENGTH));
      if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
      throw new HostError("ERR_CA_BUNDLE", `Cannot use AWS_CA_BUNDLE: ${path} holds no PEM certificate`, { path });
    },
  };
}
