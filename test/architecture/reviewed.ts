/**
 * Exceptions to the rules that need a reader's judgement, each with the reason. An entry that is no longer needed
 * fails its test.
 *
 * @module
 */

/** Files of more than 400 lines that are one concept: tables. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

/** `path: name` of module-level state that is allowed: documented scratch memory of a synchronous kernel. */
export const MODULE_STATE: Readonly<Record<string, string>> = {
  "core/crypto/sha256.ts: SCHEDULE": "the message schedule of one block; wiped after keyed use",
  "core/crypto/sha256.ts: STATE": "the state of the running hash; every hash ends before the next begins",
  "core/crypto/unrolled-sha256.ts: BLOCK": "the words of one block, which the next one overwrites",
  "core/crypto/unrolled-sha256.ts: DIGEST": "where a digest lies until it is hexadecimal",
  "core/crypto/unrolled-sha256.ts: MESSAGE": "the last octets of a message; zero between calls",
  "core/crypto/unrolled-sha256.ts: STATE": "the state of the running hash; every hash ends before the next begins",
  "hsm-bridge/ffi/koffi.ts: BACKENDS":
    "koffi never frees a function, and limits calls of the whole process: functions and the queue are made once a koffi",
  "hsm-bridge/pkcs11/module.ts: MODULES":
    "a PKCS#11 module is initialised and finalised once a process, so who has it open is counted once a process",
  "runtimes/node/bin.ts: parts": "what the program has loaded, as `require.cache` of Node: once a process",
};
