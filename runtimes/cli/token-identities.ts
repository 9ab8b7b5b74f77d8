/**
 * The certificates of tokens, listed as the AWS credential helper lists them.
 *
 * @module
 */

import type { Host } from "../host.ts";
import { readSelector } from "../shared/identity-directory.ts";
import type { FlagValues } from "./flags.ts";
import { identityList } from "./identity-listing.ts";
import { hiddenFlags } from "./input-names.ts";
import { originalWords } from "./original-words.ts";
import { pinOf, pinSourceReader, tokenModule } from "./token-flags.ts";

/**
 * The list: those that the URI means and the selector fits, each with a URI to paste.
 *
 * Secret: a PIN is taken from the URI and where flags lead to: to see a certificate, nobody is asked.
 */
export async function listTokenIdentities(host: Host, values: FlagValues): Promise<string> {
  const { listTokenCertificates } = await import("../../hsm-bridge/pkcs11/token-listing.ts");
  try {
    const found = await listTokenCertificates({
      ...tokenModule(host, values),
      uri: values.text("certificate") ?? "pkcs11:type=cert",
      selector: readSelector(host, values.text("cert-selector")),
      readPinSource: pinSourceReader(host),
      ...(hiddenFlags("pkcs11-pin").some((name) => values.mentioned.has(name)) ? { pin: pinOf(host, values) } : {}),
    });
    return await identityList(host, found, values.boolean("json"));
  } catch (error) {
    throw originalWords(error);
  }
}
