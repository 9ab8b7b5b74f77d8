/**
 * The coded error of a command that the TPM refused.
 *
 * @module
 */

import { describeResponseCode, type TpmResponseCode } from "./response-code.ts";
import { TpmError, type TpmErrorCode } from "./tpm-error.ts";

/**
 * Makes the error.
 *
 * @param command the command's name: `TPM2_Sign`
 */
export function responseError(command: string, response: TpmResponseCode): TpmError {
  const message = `Cannot run ${command}: the TPM answered ${describeResponseCode(response)}: ${response.advice}`;
  return new TpmError(codeOf(response), command, message, { response });
}

function codeOf({ kind, name, subject }: TpmResponseCode): TpmErrorCode {
  if (kind === "vendor") return "ERR_TPM_COMMAND";
  if (name.startsWith("REFERENCE_H")) return "ERR_TPM_HANDLE";
  // The same name is of a parameter that should be a handle, and of a handle at which nothing is.
  if (name === "HANDLE") return subject === "handle" ? "ERR_TPM_HANDLE" : "ERR_TPM_COMMAND";
  return CODES[name] ?? "ERR_TPM_COMMAND";
}

const CODES: Readonly<Record<string, TpmErrorCode>> = {
  AUTH_FAIL: "ERR_TPM_PASSWORD_WRONG",
  BAD_AUTH: "ERR_TPM_PASSWORD_WRONG",
  LOCKOUT: "ERR_TPM_LOCKOUT",
  SCHEME: "ERR_TPM_SCHEME",
  OBJECT_MEMORY: "ERR_TPM_MEMORY",
  SESSION_MEMORY: "ERR_TPM_MEMORY",
  MEMORY: "ERR_TPM_MEMORY",
  SESSION_HANDLES: "ERR_TPM_MEMORY",
  OBJECT_HANDLES: "ERR_TPM_MEMORY",
  NV_SPACE: "ERR_TPM_MEMORY",
  YIELDED: "ERR_TPM_BUSY",
  CANCELED: "ERR_TPM_BUSY",
  TESTING: "ERR_TPM_BUSY",
  RETRY: "ERR_TPM_BUSY",
  NV_RATE: "ERR_TPM_BUSY",
  NV_UNAVAILABLE: "ERR_TPM_BUSY",
  EXCLUSIVE: "ERR_TPM_BUSY",
  POLICY_FAIL: "ERR_TPM_POLICY",
  POLICY_CC: "ERR_TPM_POLICY",
  POLICY: "ERR_TPM_POLICY",
  PCR: "ERR_TPM_POLICY",
  PCR_CHANGED: "ERR_TPM_POLICY",
  EXPIRED: "ERR_TPM_POLICY",
  CPHASH: "ERR_TPM_POLICY",
  AUTH_TYPE: "ERR_TPM_POLICY",
  AUTH_UNAVAILABLE: "ERR_TPM_POLICY",
  BAD_TAG: "ERR_TPM_VERSION",
  VERSION_1_2: "ERR_TPM_VERSION",
};
