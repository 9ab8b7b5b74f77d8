/**
 * TSS2 key files: a key of the TPM, encrypted by its parent, in PEM (`TSS2 PRIVATE KEY`; "ASN.1 Specification for TPM
 * 2.0 Key Files", draft of J. Bottomley and D. Woodhouse, §3).
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import { DerError } from "../../core/der/der-error.ts";
import { type DerReader, openSequence } from "../../core/der/reader.ts";
import { contextConstructed, TAG } from "../../core/der/tag.ts";
import { decodePem, encodePem } from "../../core/pem/pem.ts";
import { PemError } from "../../core/pem/pem-error.ts";
import {
  derBoolean,
  derContextConstructed,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derUtf8String,
} from "../../core/der/writer.ts";
import { sized, TpmReader } from "./marshal.ts";
import { type PublicArea, readPublicArea } from "./public-area.ts";
import { TpmError } from "./tpm-error.ts";

/** One step of a policy: a policy command, its parameters as they are marshalled. */
export interface PolicyStep {
  /** TPM_CC of the command. */
  readonly commandCode: number;
  /** Its parameters, without handles. */
  readonly parameters: Bytes;
}

/** A policy that somebody may sign later (draft §3.1.4). */
export interface SignedPolicy {
  /** What its author calls it. */
  readonly name: string | undefined;
  /** Its steps. */
  readonly steps: readonly PolicyStep[];
}

/** What a key file says. All of it is public: the private part is of use to one TPM alone. */
export interface TpmKeyFile {
  /** A key that its parent loads, or one that it must import first. */
  readonly kind: "loadable" | "importable";
  /** Whether the key has no password. */
  readonly emptyAuth: boolean;
  /** Steps that satisfy the policy of the key; undefined: none is needed. */
  readonly policy: readonly PolicyStep[] | undefined;
  /** TPM2B_ENCRYPTED_SECRET: the seed of an importable key, encrypted for the parent. */
  readonly secret: Bytes | undefined;
  /** Policies that may be signed later; undefined: none. */
  readonly authPolicy: readonly SignedPolicy[] | undefined;
  /** What its author calls it. */
  readonly description: string | undefined;
  /** Whether a parent that is a hierarchy means its RSA-2048 primary key and not the one on P-256. */
  readonly rsaParent: boolean;
  /** A persistent handle (0x81…), or the hierarchy whose primary key is the parent. */
  readonly parent: number;
  /** TPM2B_PUBLIC. */
  readonly publicPart: Bytes;
  /** TPM2B_PRIVATE. */
  readonly privatePart: Bytes;
  /** The public part, read. */
  readonly area: PublicArea;
}

/** Label of the PEM block. */
export const TPM_KEY_LABEL = "TSS2 PRIVATE KEY";

/** Whether the text has a block of a TSS2 key file. */
export function isTpmKeyFile(text: string): boolean {
  return text.includes(`-----BEGIN ${TPM_KEY_LABEL}-----`);
}

/**
 * Reads a key file: the first `TSS2 PRIVATE KEY` block of PEM, or DER. A true `emptyAuth` may be written 01, as OpenSSL
 * engines did.
 *
 * @param input PEM text, PEM or DER octets
 * @throws {TpmError} `ERR_TPM_KEY_FILE` when it is none; `ERR_TPM_KEY_UNSUPPORTED` when what it holds is no key that
 * signs: sealed data, a symmetric key, another curve
 */
export function parseTpmKeyFile(input: string | Bytes): TpmKeyFile {
  const der = typeof input !== "string" && input[0] === TAG.sequence ? input : keyBlock(input);
  try {
    return readKeyFile(openSequence(der, "TPMKey", MAX_KEY_FILE_OCTETS));
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw new TpmError(
      "ERR_TPM_KEY_FILE",
      "a TSS2 key file",
      cause.message.replace(/^Cannot read/, "Cannot read TSS2 key file:"),
      {
        cause,
        offset: cause.offset,
      },
    );
  }
}

/** What a new key file says; the rest is none. */
export type TpmKeyFileContents = Pick<TpmKeyFile, "emptyAuth" | "parent" | "publicPart" | "privatePart"> & {
  /** Default: none. */
  readonly policy?: readonly PolicyStep[] | undefined;
  /** Default: none; given, the key is importable. */
  readonly secret?: Bytes | undefined;
  /** Default: none. Readers of the first edition of the draft do not know it. */
  readonly description?: string | undefined;
  /** Default: false. Readers of the first edition of the draft do not know it. */
  readonly rsaParent?: boolean | undefined;
};

/** Writes a key file: PEM that `openssl` with its TPM provider reads as well. */
export function encodeTpmKeyFile(contents: TpmKeyFileContents): string {
  const { emptyAuth, policy, secret, description, rsaParent = false, parent, publicPart, privatePart } = contents;
  const optional = (n: number, element: Bytes | undefined): readonly Bytes[] =>
    element === undefined ? [] : [derContextConstructed(n, element)];
  const der = derSequence(
    derObjectIdentifier(secret === undefined ? LOADABLE : IMPORTABLE),
    ...optional(0, derBoolean(emptyAuth)),
    ...optional(1, policy && derSequence(...policy.map(encodeStep))),
    ...optional(2, secret && derOctetString(secret)),
    ...optional(4, description === undefined ? undefined : derUtf8String(description)),
    ...optional(5, rsaParent ? derBoolean(true) : undefined),
    derInteger(parent),
    derOctetString(publicPart),
    derOctetString(privatePart),
  );
  return encodePem(TPM_KEY_LABEL, der);
}

function encodeStep({ commandCode, parameters }: PolicyStep): Bytes {
  return derSequence(
    derContextConstructed(0, derInteger(commandCode)),
    derContextConstructed(1, derOctetString(parameters)),
  );
}

function keyBlock(input: string | Bytes): Bytes {
  try {
    const block = decodePem(input, MAX_PEM_LENGTH).find(({ label }) => label === TPM_KEY_LABEL);
    if (block !== undefined) return block.octets;
  } catch (cause) {
    if (!(cause instanceof PemError)) throw cause;
    throw new TpmError("ERR_TPM_KEY_FILE", "a TSS2 key file", `Cannot read TSS2 key file: ${cause.message}`, {
      cause,
      offset: cause.offset,
    });
  }
  return fail("no block of the input is a TSS2 PRIVATE KEY");
}

function readKeyFile(file: DerReader): TpmKeyFile {
  const type = file.objectIdentifier("TPMKey.type");
  if (type === SEALED) refuse("it holds sealed data, which does not sign");
  if (type !== LOADABLE && type !== IMPORTABLE) fail(`its type ${type} is not that of a key`);
  const kind = type === LOADABLE ? "loadable" : "importable";
  const emptyAuth = readBoolean(file, 0, "TPMKey.emptyAuth");
  const policy = explicit(file, 1, "TPMKey.policy", readSteps);
  const secret = explicit(file, 2, "TPMKey.secret", (reader) => reader.octetString("TPMKey.secret"));
  const authPolicy = explicit(file, 3, "TPMKey.authPolicy", readSignedPolicies);
  const description = explicit(file, 4, "TPMKey.description", (reader) => readText(reader, "TPMKey.description"));
  const rsaParent = readBoolean(file, 5, "TPMKey.rsaParent");
  const parent = file.smallInteger("TPMKey.parent", -0x80000000, 0xffffffff) >>> 0;
  const publicPart = file.octetString("TPMKey.pubkey");
  const privatePart = file.octetString("TPMKey.privkey");
  file.finish("TPMKey");
  if (parent >>> 24 !== PERSISTENT && !HIERARCHIES.includes(parent)) {
    fail(`its parent 0x${parent.toString(16)} is neither a persistent handle nor a hierarchy`);
  }
  if (kind === "importable" && secret === undefined) fail("it is importable and has no secret");
  if (kind === "loadable" && secret !== undefined) fail("it is loadable and has a secret");
  checkSized(privatePart, "TPMKey.privkey");
  const reader = new TpmReader(publicPart, "key file");
  const area = readPublicArea(reader);
  reader.finish("TPMKey.pubkey");
  return {
    kind,
    emptyAuth,
    policy,
    secret: secret && sizedSecret(secret),
    authPolicy,
    description,
    rsaParent,
    parent,
    publicPart,
    privatePart,
    area,
  };
}

/** Some writers leave the size out. */
function sizedSecret(secret: Bytes): Bytes {
  return secret.length >= 2 && (secret[0]! << 8 | secret[1]!) === secret.length - 2 ? secret : sized(secret);
}

function checkSized(octets: Bytes, reading: string): void {
  const reader = new TpmReader(octets, "key file");
  reader.sized(reading);
  reader.finish(reading);
}

function readSteps(reader: DerReader): readonly PolicyStep[] {
  const list = reader.sequence("TPMKey.policy");
  const steps: PolicyStep[] = [];
  while (!list.done) {
    if (steps.length === MAX_POLICY_STEPS) fail(`its policy has more than ${MAX_POLICY_STEPS} steps`);
    const step = list.sequence("TPMPolicy");
    const code = step.open(contextConstructed(0), "TPMPolicy.commandCode");
    const commandCode = code.smallInteger("TPMPolicy.commandCode", 0, 0xffffffff);
    code.finish("TPMPolicy.commandCode");
    const octets = step.open(contextConstructed(1), "TPMPolicy.commandPolicy");
    const parameters = octets.octetString("TPMPolicy.commandPolicy");
    octets.finish("TPMPolicy.commandPolicy");
    step.finish("TPMPolicy");
    steps.push({ commandCode, parameters });
  }
  return steps;
}

function readSignedPolicies(reader: DerReader): readonly SignedPolicy[] {
  const list = reader.sequence("TPMKey.authPolicy");
  const policies: SignedPolicy[] = [];
  while (!list.done) {
    if (policies.length === MAX_POLICY_STEPS) fail(`it has more than ${MAX_POLICY_STEPS} signed policies`);
    const policy = list.sequence("TPMAuthPolicy");
    const name = explicit(policy, 0, "TPMAuthPolicy.name", (text) => readText(text, "TPMAuthPolicy.name"));
    const steps = explicit(policy, 1, "TPMAuthPolicy.policy", readSteps);
    if (steps === undefined) fail("one of its signed policies has no steps");
    policy.finish("TPMAuthPolicy");
    policies.push({ name, steps });
  }
  return policies;
}

/** `[n] EXPLICIT`, when it is there. */
function explicit<T>(file: DerReader, n: number, reading: string, read: (reader: DerReader) => T): T | undefined {
  const field = file.openOptional(contextConstructed(n), reading);
  if (field === undefined) return undefined;
  const value = read(field);
  field.finish(reading);
  return value;
}

function readBoolean(file: DerReader, n: number, reading: string): boolean {
  const value = explicit(file, n, reading, (field) => {
    const content = field.content(TAG.boolean, reading);
    if (content.length !== 1 || ![0x00, 0x01, 0xff].includes(content[0]!)) {
      fail(`${reading} is ${encodeHex(content.subarray(0, 8))}, a BOOLEAN is one octet: 00, 01 or ff`);
    }
    return content[0] !== 0;
  });
  return value ?? false;
}

function readText(reader: DerReader, reading: string): string {
  return decodeUtf8(reader.content(TAG.utf8String, reading)) ?? fail(`${reading} is not UTF-8`);
}

function fail(state: string): never {
  throw new TpmError("ERR_TPM_KEY_FILE", "a TSS2 key file", `Cannot read TSS2 key file: ${state}`);
}

function refuse(state: string): never {
  throw new TpmError("ERR_TPM_KEY_UNSUPPORTED", "a TSS2 key file", `Cannot use TSS2 key file: ${state}`);
}

const LOADABLE = "2.23.133.10.1.3";
const IMPORTABLE = "2.23.133.10.1.4";
const SEALED = "2.23.133.10.1.5";

/** The first octet of persistent handles. */
const PERSISTENT = 0x81;
/** Owner, null, endorsement and platform. */
const HIERARCHIES: readonly number[] = [0x40000001, 0x40000007, 0x4000000b, 0x4000000c];

/** A TPM takes commands of at most 4096 octets; a file holds the parameters of one, and policies. */
const MAX_KEY_FILE_OCTETS = 65_536;
const MAX_PEM_LENGTH = 1_048_576;
const MAX_POLICY_STEPS = 64;
