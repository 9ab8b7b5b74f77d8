/**
 * What the real kernel says of keys, in whichever runtime this runs: a certificate is put into a session keyring of this
 * process alone, and a signature is asked of it.
 *
 * @module
 */

import process from "node:process";
import { decodeHex } from "../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { parseCertificate } from "../../core/x509/certificate.ts";
import { foreignFunctions } from "../../hsm-bridge/ffi/available-functions.ts";
import { keyringSigner } from "../../hsm-bridge/os-keystore/keyring-signer.ts";

/** What is printed. */
export interface KeyringReport {
  /** The backend that was used. */
  readonly backend: string;
  /** Serial number of the key that was added, and `errno` when that failed. */
  readonly added: { readonly serial: number; readonly errorNumber: number };
  /** What came of a signature, by the key that was asked for: a code and what the kernel said. */
  readonly outcomes: Readonly<Record<string, string>>;
}

const DESCRIPTION = "anyrole-interop";

/** Adds the certificate and asks. @param certificate DER, hexadecimal */
export async function probeKeyring(certificate: string): Promise<KeyringReport> {
  const der = decodeHex(certificate)!;
  const { spki } = parseCertificate(der);
  const foreign = await foreignFunctions();
  const [addKey, keyctl] = process.arch === "arm64" ? [217, 219] : [248, 250];
  const library = foreign.open("libc.so.6");
  const signature = { parameters: Array(6).fill("u64"), result: "u32" } as const;
  const call = foreign.functionAt(library.symbol("syscall")!, signature, "syscall");
  const location = { parameters: [], result: "u64" } as const;
  const where = foreign.functionAt(library.symbol("__errno_location")!, location, "__errno_location");
  const outcomes: Record<string, string> = {};
  const ask = async (name: string, key: string): Promise<void> => {
    try {
      const signer = await keyringSigner({ key, publicKey: spki, crypto: portableProvider(), foreign });
      await signer.sign(encodeUtf8("message"));
      await signer.close();
      outcomes[name] = "signed";
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      outcomes[name] = `${code} ${/\((\w+: \w+)\)$/.exec(message)?.[1] ?? ""}`.trim();
    }
  };

  // KEYCTL_JOIN_SESSION_KEYRING: an anonymous keyring, which ends with this process.
  call.call(keyctl, 1, 0, 0, 0, 0);
  await ask("missing", "anyrole-interop-none");
  const memory = ["asymmetric\0", `${DESCRIPTION}\0`].map(encodeUtf8).concat(der).map((octets) => octets.slice());
  const [type, description, payload] = memory.map((octets) => foreign.addressOf(octets));
  const at = BigInt(where.call());
  const answer = call.call(addKey, type!, description!, payload!, der.length, BigInt.asUintN(64, -3n));
  const errorNumber = new DataView(foreign.read(at, 4).buffer).getInt32(0, true);
  const failed = answer === 0xffff_ffff || memory.length !== 3;
  if (!failed) {
    await ask("by description", DESCRIPTION);
    await ask("by serial number", String(answer));
    // KEYCTL_REVOKE.
    call.call(keyctl, 3, answer, 0, 0, 0);
    await ask("revoked", String(answer));
  }
  return {
    backend: foreign.name,
    added: { serial: failed ? 0 : answer, errorNumber: failed ? errorNumber : 0 },
    outcomes,
  };
}
