/**
 * Response codes of TPM 2.0 (TPM 2.0 Library, Part 2 §6.6), taken apart: format zero numbers errors and warnings,
 * format one also says which parameter, handle or session is meant.
 *
 * @module
 */

/** What a number that is not zero says. */
export interface TpmResponseCode {
  /** The whole number, 32 bits, as the TPM answered it. */
  readonly value: number;
  /** Name of the specification without its prefix: `AUTH_FAIL`; `UNKNOWN` for a number that it does not list. */
  readonly name: string;
  /** An error, a warning (the command may succeed when it is repeated or room is made), or of the vendor. */
  readonly kind: "error" | "warning" | "vendor";
  /** What is at fault, of format one. */
  readonly subject?: "parameter" | "handle" | "session";
  /** Which one, from 1; 0: the TPM does not say. */
  readonly index?: number;
  /** Who answered when it was not the TPM: the layer that a resource manager puts into bits 16 to 23. */
  readonly layer?: number;
  /** What it means and what to do, one clause. */
  readonly advice: string;
}

/** Takes a response code apart. */
export function decodeResponseCode(value: number): TpmResponseCode {
  const layer = value >>> 16;
  const code = value & 0xffff;
  const above = layer === 0 ? {} : { layer };
  if (code & FORMAT_ONE) {
    const [name, advice] = FORMAT_ONE_CODES[code & 0x3f] ?? UNKNOWN;
    const number = code >> 8 & 15;
    const place = code & 0x40
      ? { subject: "parameter" as const, index: number }
      : number & 8
      ? { subject: "session" as const, index: number & 7 }
      : { subject: "handle" as const, index: number };
    return { value, name, kind: "error", ...place, ...above, advice };
  }
  if (code & VENDOR) return { value, name: "VENDOR", kind: "vendor", ...above, advice: "ask the TPM's vendor" };
  if (!(code & VERSION_TWO)) {
    const [name, advice] = code === 0x1e ? BAD_TAG : VERSION_ONE;
    return { value, name, kind: "error", ...above, advice };
  }
  const warning = (code & WARNING) !== 0;
  const [name, state, more] = (warning ? WARNINGS : ERRORS)[code & 0x7f] ?? UNKNOWN;
  const advice = more === undefined ? state : `${state}; ${more}`;
  return { value, name, kind: warning ? "warning" : "error", ...above, advice };
}

/** What the code is, for messages: `TPM_RC_AUTH_FAIL (0x98e, session 1)`. */
export function describeResponseCode(code: TpmResponseCode): string {
  const { value, name, kind, subject, index } = code;
  const prefix = kind === "vendor" ? "" : "TPM_RC_";
  const place = subject === undefined || index === 0 ? "" : `, ${subject} ${index}`;
  return `${prefix}${name} (0x${value.toString(16)}${place})`;
}

const FORMAT_ONE = 0x080;
const VERSION_TWO = 0x100;
const VENDOR = 0x400;
const WARNING = 0x800;

type Meaning = readonly [name: string, advice: string, more?: string];

const UNKNOWN: Meaning = ["UNKNOWN", "the specification does not list this code"];
const BAD_TAG: Meaning = ["BAD_TAG", "it is a TPM 1.2, or the command did not reach it whole"];
const VERSION_ONE: Meaning = ["VERSION_1_2", "it answers with a code of TPM 1.2; a TPM 2.0 is needed"];

const REPORT = "this should not happen; report it with the command and the TPM's maker";
const AGAIN = "try again";

/** RC_VER1: format zero, errors. */
const ERRORS: Readonly<Record<number, Meaning>> = {
  0x00: ["INITIALIZE", "the TPM was not started up; restart it, or the machine (TPM2_Startup)"],
  0x01: ["FAILURE", "the TPM is in failure mode; restart the machine"],
  0x03: ["SEQUENCE", REPORT],
  0x0b: ["PRIVATE", REPORT],
  0x19: ["HMAC", REPORT],
  0x20: ["DISABLED", "the command or hierarchy is disabled; enable it in the firmware settings"],
  0x21: ["EXCLUSIVE", "an exclusive audit session of another program is open; try again when it is over"],
  0x24: ["AUTH_TYPE", "the handle does not accept this kind of authorization; the key may need a policy"],
  0x25: ["AUTH_MISSING", REPORT],
  0x26: ["POLICY", "the policy does not fit the handle"],
  0x27: ["PCR", "a platform configuration register is not what the policy asks for"],
  0x28: ["PCR_CHANGED", "the platform configuration registers changed meanwhile; try again"],
  0x2d: ["UPGRADE", "the TPM is in field upgrade mode; finish the upgrade"],
  0x2e: ["TOO_MANY_CONTEXTS", "too many contexts are saved; flush some or restart the machine"],
  0x2f: ["AUTH_UNAVAILABLE", "the handle cannot be authorized now"],
  0x30: ["REBOOT", "the TPM must be restarted first; restart the machine"],
  0x31: ["UNBALANCED", REPORT],
  0x42: ["COMMAND_SIZE", REPORT],
  0x43: ["COMMAND_CODE", "this TPM does not have the command, or it is blocked"],
  0x44: ["AUTHSIZE", REPORT],
  0x45: ["AUTH_CONTEXT", REPORT],
  0x46: ["NV_RANGE", REPORT],
  0x47: ["NV_SIZE", REPORT],
  0x48: ["NV_LOCKED", "the area of non-volatile memory is locked"],
  0x49: ["NV_AUTHORIZATION", "the area of non-volatile memory cannot be accessed so"],
  0x4a: ["NV_UNINITIALIZED", "the area of non-volatile memory was never written"],
  0x4b: ["NV_SPACE", "no non-volatile memory is left; remove a persistent object"],
  0x4c: ["NV_DEFINED", "a persistent object is at this handle already; choose another or remove it"],
  0x50: ["BAD_CONTEXT", REPORT],
  0x51: ["CPHASH", "the policy allows other parameters"],
  0x52: ["PARENT", "the handle is no parent for this key; give the parent that it was made under"],
  0x53: ["NEEDS_TEST", "the TPM must test itself first; restart it"],
  0x54: ["NO_RESULT", "the TPM has not finished its self-test; try again"],
  0x55: ["SENSITIVE", "the private part of the key is damaged"],
  0x56: ["READ_ONLY", "the TPM is in read-only mode"],
};

/** RC_FMT1: which parameter, handle or session is in the same number. */
const FORMAT_ONE_CODES: Readonly<Record<number, Meaning>> = {
  0x01: ["ASYMMETRIC", "the TPM does not support this kind of key"],
  0x02: ["ATTRIBUTES", "the key's attributes do not allow it: use a key with the attribute sign, and not restricted"],
  0x03: ["HASH", "the TPM does not support the hash, or it does not fit the key"],
  0x04: ["VALUE", "a value is out of range, or the key belongs to another parent"],
  0x05: ["HIERARCHY", "the hierarchy is disabled or wrong for this use"],
  0x07: ["KEY_SIZE", "the TPM does not support keys of this size"],
  0x08: ["MGF", "the TPM does not support the mask generation function"],
  0x09: ["MODE", "the TPM does not support the mode of operation"],
  0x0a: ["TYPE", "the key is of the wrong type"],
  0x0b: ["HANDLE", "nothing is at this handle; list what there is with tpm2_getcap handles-persistent"],
  0x0c: ["KDF", "the TPM does not support the key derivation function"],
  0x0d: ["RANGE", "a value is out of range"],
  0x0e: ["AUTH_FAIL", "the password is wrong; wrong ones are counted and lead to a lock-out"],
  0x0f: ["NONCE", REPORT],
  0x10: ["PP", "somebody must confirm it at the machine (physical presence)"],
  0x12: ["SCHEME", "the key is bound to another scheme or hash; sign with that one"],
  0x15: ["SIZE", "a value has the wrong size, for example a password longer than the key's hash"],
  0x16: ["SYMMETRIC", "the TPM does not support the symmetric algorithm"],
  0x17: ["TAG", REPORT],
  0x18: ["SELECTOR", REPORT],
  0x1a: ["INSUFFICIENT", REPORT],
  0x1b: ["SIGNATURE", "the signature is not valid"],
  0x1c: ["KEY", "the key does not fit this use"],
  0x1d: ["POLICY_FAIL", "the policy of the key is not satisfied"],
  0x1f: ["INTEGRITY", "the key was made by another TPM or under another parent, or it is damaged"],
  0x20: ["TICKET", REPORT],
  0x21: ["RESERVED_BITS", REPORT],
  0x22: ["BAD_AUTH", "the password is wrong"],
  0x23: ["EXPIRED", "the policy has expired"],
  0x24: ["POLICY_CC", "the policy allows another command only"],
  0x25: ["BINDING", "public and private part of the key do not belong together"],
  0x26: ["CURVE", "the TPM does not support the curve"],
  0x27: ["ECC_POINT", "the point is not on the curve"],
  0x28: ["FW_LIMITED", "the object is bound to another firmware"],
  0x29: ["SVN_LIMITED", "the object is bound to another security version of the firmware"],
  0x30: ["CHANNEL", "the command needs a secure channel"],
  0x31: ["CHANNEL_KEY", "the secure channel has the wrong key"],
};

const ROOM = "flush what is not needed (tpm2_flushcontext -t, -l), or use a resource manager such as /dev/tpmrm0";
const UNLOADED = "it was flushed meanwhile; try again";

/** RC_WARN: the command may succeed later. */
const WARNINGS: Readonly<Record<number, Meaning>> = {
  0x01: ["CONTEXT_GAP", "sessions saved long ago are in the way; flush them"],
  0x02: ["OBJECT_MEMORY", "no room for another object", ROOM],
  0x03: ["SESSION_MEMORY", "no room for another session", ROOM],
  0x04: ["MEMORY", "no memory is left", ROOM],
  0x05: ["SESSION_HANDLES", "no handle is left for a session", ROOM],
  0x06: ["OBJECT_HANDLES", "no handle is left for an object", ROOM],
  0x07: ["LOCALITY", "the command is not allowed from here"],
  0x08: ["YIELDED", AGAIN],
  0x09: ["CANCELED", "the command was cancelled; try again"],
  0x0a: ["TESTING", "the TPM is testing itself; try again"],
  0x10: ["REFERENCE_H0", "the first handle is not loaded", UNLOADED],
  0x11: ["REFERENCE_H1", "the second handle is not loaded", UNLOADED],
  0x12: ["REFERENCE_H2", "the third handle is not loaded", UNLOADED],
  0x13: ["REFERENCE_H3", "the fourth handle is not loaded", UNLOADED],
  0x14: ["REFERENCE_H4", "the fifth handle is not loaded", UNLOADED],
  0x15: ["REFERENCE_H5", "the sixth handle is not loaded", UNLOADED],
  0x16: ["REFERENCE_H6", "the seventh handle is not loaded", UNLOADED],
  0x18: ["REFERENCE_S0", "the first session is not loaded", UNLOADED],
  0x19: ["REFERENCE_S1", "the second session is not loaded", UNLOADED],
  0x1a: ["REFERENCE_S2", "the third session is not loaded", UNLOADED],
  0x1b: ["REFERENCE_S3", "the fourth session is not loaded", UNLOADED],
  0x1c: ["REFERENCE_S4", "the fifth session is not loaded", UNLOADED],
  0x1d: ["REFERENCE_S5", "the sixth session is not loaded", UNLOADED],
  0x1e: ["REFERENCE_S6", "the seventh session is not loaded", UNLOADED],
  0x20: ["NV_RATE", "the TPM protects its memory from too many writes; try again"],
  0x21: [
    "LOCKOUT",
    "too many wrong passwords; wait until the TPM accepts one again, or have its owner reset it (tpm2_dictionarylockout -c)",
  ],
  0x22: ["RETRY", AGAIN],
  0x23: ["NV_UNAVAILABLE", "its non-volatile memory cannot be reached; try again later"],
};
