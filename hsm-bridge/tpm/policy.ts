/**
 * Policies of keys: the steps that satisfy one, and the digest that a key is made with (TPM 2.0 Library, Part 1 §19.7
 * and Part 3 §23).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { HASH_OCTETS } from "../../core/crypto/hash-octets.ts";
import type { CommandChannel } from "./command.ts";
import type { PolicyStep } from "./key-file.ts";
import { sized, uint32 } from "./marshal.ts";
import { encodePcrSelection, type PcrSelection } from "./pcr-selection.ts";
import { describeResponseCode } from "./response-code.ts";
import { digestOf } from "./session-cryptography.ts";
import type { TpmSession } from "./session.ts";
import { TpmError } from "./tpm-error.ts";

/** TPM_CC of TPM2_PolicyPCR. */
export const POLICY_PCR = 0x17f;
/** TPM_CC of TPM2_PolicyAuthValue. */
export const POLICY_AUTH_VALUE = 0x16b;
/** TPM_CC of TPM2_PolicyPassword. */
export const POLICY_PASSWORD = 0x18c;

/** Whether a policy asks for the password of the key as well. */
export function policyNeedsPassword(steps: readonly PolicyStep[]): boolean {
  return steps.some(({ commandCode }) => commandCode === POLICY_AUTH_VALUE || commandCode === POLICY_PASSWORD);
}

/**
 * Satisfies a policy in a session, step by step.
 *
 * PolicyPassword is run as PolicyAuthValue: both stand for the same in the digest of a policy, and the second does not
 * send the password in clear.
 *
 * @throws {TpmError} `ERR_TPM_POLICY_UNSUPPORTED` for a step that is not supported, before any is run; `ERR_TPM_POLICY`
 * when the TPM refuses one
 */
export async function satisfyPolicy(
  channel: CommandChannel,
  session: TpmSession,
  steps: readonly PolicyStep[],
): Promise<void> {
  for (const { commandCode } of steps) {
    if (SUPPORTED[commandCode] === undefined) refuseStep(commandCode);
  }
  for (const { commandCode, parameters } of steps) {
    const code = commandCode === POLICY_PASSWORD ? POLICY_AUTH_VALUE : commandCode;
    const name = SUPPORTED[code]!;
    const command = { name, code, handles: [session.entity], parameters: [parameters] };
    const { parameters: answer } = await channel.execute(command).catch((error) => {
      throw notSatisfied(error, name);
    });
    answer.finish(`the response of ${name}`);
  }
}

/** A register with another value is one wrong parameter for the TPM, and here the reason. */
function notSatisfied(error: unknown, name: string): unknown {
  const { code, response } = error as Partial<TpmError>;
  if (code !== "ERR_TPM_COMMAND" || response === undefined) return error;
  const state = name === "TPM2_PolicyPCR"
    ? "registers have other values than those that the key is bound to"
    : "its conditions are not met";
  const message = `Cannot satisfy policy of TPM key: ${state}: ${name} answered ${describeResponseCode(response)}`;
  return new TpmError("ERR_TPM_POLICY", name, message, { cause: error, response });
}

/** A policy that binds a key to values of registers: the step, and what it makes of a digest. */
export function pcrStep(selection: PcrSelection, values: Bytes): PolicyStep {
  const digest = digestOf("SHA-256", values);
  return { commandCode: POLICY_PCR, parameters: concatBytes([sized(digest), encodePcrSelection(selection)]) };
}

/** The step that asks for the password of the key. */
export function authValueStep(): PolicyStep {
  return { commandCode: POLICY_AUTH_VALUE, parameters: new Uint8Array(0) };
}

/** The digest of a policy that {@link pcrStep} and {@link authValueStep} made: what a key with this policy is made with. */
export function policyDigest(steps: readonly PolicyStep[]): Bytes {
  let digest: Bytes = new Uint8Array(HASH_OCTETS["SHA-256"]);
  for (const { commandCode, parameters } of steps) {
    // PolicyPCR puts the selection before the digest of the values (Part 3 §23.7).
    const contents = commandCode === POLICY_PCR
      ? concatBytes([parameters.subarray(34), parameters.subarray(2, 34)])
      : new Uint8Array(0);
    digest = digestOf("SHA-256", digest, uint32(commandCode), contents);
  }
  return digest;
}

function refuseStep(commandCode: number): never {
  const name = UNSUPPORTED[commandCode] ?? `command 0x${commandCode.toString(16)}`;
  throw new TpmError(
    "ERR_TPM_POLICY_UNSUPPORTED",
    "a policy",
    `Cannot satisfy policy of TPM key: ${name} is not supported; ` +
      `supported are ${Object.values(SUPPORTED).map((known) => known.replace("TPM2_", "")).join(", ")}`,
  );
}

/** Steps whose parameters are all that they need. */
const SUPPORTED: Readonly<Record<number, string>> = {
  [0x16b]: "TPM2_PolicyAuthValue",
  [0x16c]: "TPM2_PolicyCommandCode",
  [0x16f]: "TPM2_PolicyLocality",
  [0x171]: "TPM2_PolicyOR",
  [0x17f]: "TPM2_PolicyPCR",
  [0x187]: "TPM2_PolicyPhysicalPresence",
  [0x18c]: "TPM2_PolicyPassword",
};

/** Steps that need signatures, tickets, other handles or a clock. */
const UNSUPPORTED: Readonly<Record<number, string>> = {
  [0x149]: "TPM2_PolicyNV",
  [0x151]: "TPM2_PolicySecret",
  [0x160]: "TPM2_PolicySigned",
  [0x163]: "TPM2_PolicyCpHash",
  [0x16a]: "TPM2_PolicyAuthorize",
  [0x16d]: "TPM2_PolicyCounterTimer",
  [0x16e]: "TPM2_PolicyTicket",
  [0x170]: "TPM2_PolicyNameHash",
  [0x188]: "TPM2_PolicyDuplicationSelect",
  [0x18f]: "TPM2_PolicyNvWritten",
  [0x190]: "TPM2_PolicyTemplate",
  [0x192]: "TPM2_PolicyAuthorizeNV",
};
