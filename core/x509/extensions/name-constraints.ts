/**
 * Name constraints (RFC 5280 §4.2.1.10).
 *
 * @module
 */

import type { DerReader } from "../../der/reader.ts";
import { contextConstructed, contextPrimitive } from "../../der/tag.ts";
import { type GeneralName, readGeneralName } from "../general-name.ts";
import type { ExtensionType } from "./extension.ts";

/** A subtree of names. RFC 5280 knows `minimum` 0 and no `maximum` only; what is there is told. */
export interface GeneralSubtree {
  /** The root of the subtree; an iPAddress holds address and mask. */
  readonly base: GeneralName;
  /** Levels below the base where the subtree begins. */
  readonly minimum: number;
  /** Levels below the base where it ends; absent: it does not. */
  readonly maximum?: number;
}

/** Where the names of certificates below this one may and must not lie; at least one list is there. */
export interface NameConstraints {
  /** Subtrees of which names must be. */
  readonly permittedSubtrees?: readonly GeneralSubtree[];
  /** Subtrees of which names must not be. */
  readonly excludedSubtrees?: readonly GeneralSubtree[];
}

/** Name constraints. `minimum` written out as 0 is accepted. */
export const NAME_CONSTRAINTS: ExtensionType<NameConstraints> = {
  oid: "2.5.29.30",
  name: "nameConstraints",
  read(reader) {
    const offset = reader.position;
    const sequence = reader.sequence("nameConstraints");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "nameConstraints", offset, "there is no subtree");
    const permittedSubtrees = readSubtrees(sequence, 0, "nameConstraints.permittedSubtrees");
    const excludedSubtrees = readSubtrees(sequence, 1, "nameConstraints.excludedSubtrees");
    sequence.finish("nameConstraints");
    return {
      ...(permittedSubtrees === undefined ? {} : { permittedSubtrees }),
      ...(excludedSubtrees === undefined ? {} : { excludedSubtrees }),
    };
  },
};

function readSubtrees(reader: DerReader, tag: number, reading: string): GeneralSubtree[] | undefined {
  const offset = reader.position;
  const sequence = reader.openOptional(contextConstructed(tag), reading);
  if (sequence === undefined) return undefined;
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "there is no subtree");
  const subtrees: GeneralSubtree[] = [];
  while (!sequence.done) {
    const subtree = sequence.sequence(reading);
    const base = readGeneralName(subtree, reading, "range");
    const minimum = readLevel(subtree, 0, reading) ?? 0;
    const maximum = readLevel(subtree, 1, reading);
    subtree.finish(reading);
    subtrees.push(maximum === undefined ? { base, minimum } : { base, minimum, maximum });
  }
  return subtrees;
}

function readLevel(reader: DerReader, tag: number, reading: string): number | undefined {
  return reader.peek() === contextPrimitive(tag)
    ? reader.smallInteger(reading, 0, 0x7fffffff, contextPrimitive(tag))
    : undefined;
}
