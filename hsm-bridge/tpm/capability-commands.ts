/**
 * Commands about the TPM itself: TPM2_GetCapability, GetRandom, PCR_Read (TPM 2.0 Library, Part 3 §16, §22, §30).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { CommandChannel } from "./command.ts";
import { uint16, uint32 } from "./marshal.ts";
import type { PcrSelection } from "./pcr-selection.ts";
import { encodePcrSelection, readPcrSelection } from "./pcr-selection.ts";

/** Properties of a TPM (TPM_PT, Part 2 §6.13) by their numbers. */
export type TpmProperties = ReadonlyMap<number, number>;

/** Numbers of properties that are asked for. */
export const PROPERTY = {
  family: 0x100,
  manufacturer: 0x105,
  firmwareVersion1: 0x10b,
  firmwareVersion2: 0x10c,
  lockoutCounter: 0x20e,
  maxAuthFail: 0x20f,
  lockoutInterval: 0x210,
} as const;

/**
 * Reads properties.
 *
 * @param first number of the first one
 * @param count how many, from there on; the TPM may answer fewer
 */
export async function readProperties(channel: CommandChannel, first: number, count: number): Promise<TpmProperties> {
  const { parameters } = await channel.execute({
    name: "TPM2_GetCapability",
    code: 0x17a,
    parameters: [uint32(TPM_CAP_PROPERTIES), uint32(first), uint32(count)],
  });
  parameters.uint8("moreData");
  if (parameters.uint32("capability") !== TPM_CAP_PROPERTIES) {
    parameters.fail("capability", "it is another one than was asked for");
  }
  const length = parameters.uint32("TPML_TAGGED_TPM_PROPERTY.count");
  if (length > parameters.left / 8) parameters.fail("TPML_TAGGED_TPM_PROPERTY", `it says ${length} properties`);
  const properties = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const property = parameters.uint32("property");
    properties.set(property, parameters.uint32("value"));
  }
  parameters.finish("TPML_TAGGED_TPM_PROPERTY");
  return properties;
}

/**
 * Demands that the TPM calls itself `2.0`.
 *
 * @throws {TpmError} `ERR_TPM_VERSION`
 */
export async function checkFamily(channel: CommandChannel): Promise<void> {
  const { parameters } = await channel.execute({
    name: "TPM2_GetCapability",
    code: 0x17a,
    parameters: [uint32(TPM_CAP_PROPERTIES), uint32(PROPERTY.family), uint32(1)],
  });
  parameters.octets(9, "the header of the capability");
  const property = parameters.uint32("property");
  const value = parameters.uint32("value");
  if (property !== PROPERTY.family || value !== FAMILY_2_0) {
    parameters.fail("TPM_PT_FAMILY_INDICATOR", "it is not 2.0; a TPM 2.0 is needed", "ERR_TPM_VERSION");
  }
}

/** Draws octets from the TPM's own source; the TPM may answer fewer than were asked for. */
export async function readRandom(channel: CommandChannel, length: number): Promise<Bytes> {
  const { parameters } = await channel.execute({
    name: "TPM2_GetRandom",
    code: 0x17b,
    parameters: [uint16(length)],
  });
  const octets = parameters.sized("randomBytes", length).slice();
  parameters.finish("the response of TPM2_GetRandom");
  return octets;
}

/** Reads registers: their values in the order of the selection, joined. */
export async function readPcrs(channel: CommandChannel, selection: PcrSelection): Promise<Bytes> {
  const values: Bytes[] = [];
  let left = selection.registers;
  // The TPM answers at most eight values at a time, and says of which registers.
  while (left.length > 0) {
    const { parameters } = await channel.execute({
      name: "TPM2_PCR_Read",
      code: 0x17e,
      parameters: [encodePcrSelection({ ...selection, registers: left })],
    });
    parameters.uint32("pcrUpdateCounter");
    const read = readPcrSelection(parameters);
    const count = parameters.uint32("TPML_DIGEST.count");
    const rest = left.filter((register) => !read.registers.includes(register));
    // One that answers others than were asked for would be asked for ever.
    if (rest.length === left.length || count !== read.registers.length) {
      parameters.fail("TPML_DIGEST", "it has not the registers that were asked for: the TPM lacks this bank");
    }
    for (let i = 0; i < count; i++) values.push(parameters.sized("TPM2B_DIGEST", 64).slice());
    parameters.finish("TPML_DIGEST");
    left = rest;
  }
  return concatBytes(values);
}

const TPM_CAP_PROPERTIES = 6;

/** `2.0` and a zero octet. */
const FAMILY_2_0 = 0x322e3000;
