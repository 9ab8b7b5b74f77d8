/**
 * Which platform configuration registers are meant: TPML_PCR_SELECTION with one bank (TPM 2.0 Library, Part 2 §10.9.7).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { HashName } from "../../core/crypto/signature-algorithm.ts";
import { type TpmReader, uint16, uint32 } from "./marshal.ts";
import { hashAlgorithm, hashName } from "./tpm-constants.ts";

/** Registers of one bank. */
export interface PcrSelection {
  /** The bank. */
  readonly hash: HashName;
  /** Numbers of the registers, 0 to 23, ascending. */
  readonly registers: readonly number[];
}

/**
 * Writes the selection.
 *
 * @throws {RangeError} when a register is not 0 to 23, or TPMs have no such bank
 */
export function encodePcrSelection({ hash, registers }: PcrSelection): Bytes {
  const bits = new Uint8Array(SELECT_OCTETS);
  for (const register of registers) {
    if (!Number.isInteger(register) || register < 0 || register >= 8 * SELECT_OCTETS) {
      throw new RangeError(`"registers" has ${register}: registers are numbered 0 to 23`);
    }
    bits[register >> 3]! |= 1 << (register & 7);
  }
  const bank = hashAlgorithm(hash);
  if (bank === undefined) throw new RangeError(`"hash" is ${hash}: TPMs have no such bank`);
  return concatBytes([uint32(1), uint16(bank), Uint8Array.of(SELECT_OCTETS), bits]);
}

/** Reads a selection that has one bank. */
export function readPcrSelection(reader: TpmReader): PcrSelection {
  const count = reader.uint32("TPML_PCR_SELECTION.count");
  if (count !== 1) reader.fail("TPML_PCR_SELECTION", `it has ${count} banks, one is supported`);
  const bank = reader.uint16("TPMS_PCR_SELECTION.hash");
  const hash = hashName(bank);
  if (hash === undefined) reader.fail("TPMS_PCR_SELECTION.hash", `bank 0x${bank.toString(16)} is not known`);
  const bits = reader.octets(reader.uint8("TPMS_PCR_SELECTION.sizeofSelect"), "TPMS_PCR_SELECTION.pcrSelect");
  const registers: number[] = [];
  bits.forEach((octet, i) => {
    for (let bit = 0; bit < 8; bit++) if (octet >> bit & 1) registers.push(8 * i + bit);
  });
  return { hash, registers };
}

const SELECT_OCTETS = 3;
