/**
 * TPM2_Sign (TPM 2.0 Library, Part 3 §20.2), and its signatures in the encoding of X.509.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { ecdsaSignatureToDer } from "../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS } from "../../core/crypto/public-key.ts";
import type { Authorization, CommandChannel } from "./command.ts";
import { sized, type TpmReader, uint16, uint32 } from "./marshal.ts";
import type { TpmObject } from "./object-commands.ts";
import type { SigningScheme } from "./signing-scheme.ts";
import { HANDLE, TAG } from "./tpm-constants.ts";

/**
 * Signs a digest with a loaded or persistent key.
 *
 * @param digest as long as the hash of the scheme
 * @returns the signature: DER for ECDSA
 */
export async function signDigest(
  channel: CommandChannel,
  key: TpmObject,
  authorization: Authorization,
  scheme: SigningScheme,
  digest: Bytes,
): Promise<Bytes> {
  const { parameters } = await channel.execute({
    name: "TPM2_Sign",
    code: 0x15d,
    handles: [key.entity],
    authorization,
    parameters: [
      sized(digest),
      concatBytes([uint16(scheme.algorithm), uint16(scheme.hash)]),
      // The digest was not made by the TPM: the ticket is the null one.
      concatBytes([uint16(TAG.hashCheck), uint32(HANDLE.null), sized()]),
    ],
  });
  const signature = readSignature(parameters, key, scheme);
  parameters.finish("TPMT_SIGNATURE");
  return signature;
}

/** TPMT_SIGNATURE (Part 2 §11.3.4) of the key and scheme that were asked for. */
function readSignature(reader: TpmReader, { area: { key } }: TpmObject, scheme: SigningScheme): Bytes {
  const algorithm = reader.uint16("TPMT_SIGNATURE.sigAlg");
  const hash = reader.uint16("TPMT_SIGNATURE.hash");
  if (algorithm !== scheme.algorithm || hash !== scheme.hash) {
    reader.fail("TPMT_SIGNATURE", "it is of another scheme or hash than was asked for");
  }
  if (key.type === "rsa") {
    const signature = reader.sized("TPM2B_PUBLIC_KEY_RSA");
    if (signature.length !== key.modulus.length) {
      reader.fail(
        "TPM2B_PUBLIC_KEY_RSA",
        `the signature has ${signature.length} octets, the key ${key.modulus.length}`,
      );
    }
    return signature.slice();
  }
  const length = CURVE_OCTETS[key.curve];
  const raw = new Uint8Array(2 * length);
  for (const [place, name] of [[1, "r"], [2, "s"]] as const) {
    // Some TPMs leave out leading zeros.
    const integer = reader.sized(`TPMS_SIGNATURE_ECDSA.${name}`, length);
    raw.set(integer, place * length - integer.length);
  }
  return ecdsaSignatureToDer(raw);
}
