/**
 * The role session name that the service chooses: the certificate's serial number.
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";

/**
 * The serial number in lower-case hexadecimal without the sign octet of its INTEGER, an even number of digits: serial
 * 1 is `01`, since STS wants two characters. The padding and the hidden sign octet are assumptions.
 *
 * @param serialNumber contents of the certificate's serialNumber INTEGER
 */
export function serialSessionName(serialNumber: Uint8Array): string {
  const sign = serialNumber.length > 1 && serialNumber[0] === 0;
  return encodeHex(sign ? serialNumber.subarray(1) : serialNumber);
}
