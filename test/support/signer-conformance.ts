/**
 * The tests of every signer, wherever its key is: files, tokens, TPMs, other processes. For Node, Deno and Bun.
 *
 * ```ts
 * addSignerTests(test, "P-256 in a file", async () => ({ signer, publicKey }));
 * ```
 *
 * @module
 */

import type { Awaitable } from "../../core/crypto/signer.ts";
import { runtimeName } from "./capabilities.ts";
import {
  concurrencyFaults,
  CONCURRENT_SIGNATURES,
  descriptionFaults,
  lengthFaults,
  memoryFaults,
  MESSAGE_LENGTHS,
  platformKey,
  type SignerSubject,
} from "./signer-faults.ts";
import { assertNone, note, type Suite } from "./suite.ts";

export { signatureFault, type SignerSubject } from "./signer-faults.ts";

/** How much to ask of it. */
export interface SignerDemands {
  /** Lengths of messages in octets; default {@link MESSAGE_LENGTHS}. */
  readonly lengths?: readonly number[];
  /** Signatures under way at one time; default {@link CONCURRENT_SIGNATURES}. */
  readonly concurrent?: number;
  /** How long one test may take, in milliseconds, for slow devices; default that of the suite. */
  readonly limitMs?: number;
}

/**
 * Adds the tests of one signer.
 *
 * @param name of the backend, for the tests' names: `P-256 on SoftHSM`
 * @param make makes the subject, once; it may end the test as skipped
 */
export function addSignerTests(
  test: Suite,
  name: string,
  make: () => Awaitable<SignerSubject>,
  demands: SignerDemands = {},
): void {
  const { lengths = MESSAGE_LENGTHS, concurrent = CONCURRENT_SIGNATURES, limitMs } = demands;
  let made: Promise<SignerSubject> | undefined;
  const add = (title: string, body: (subject: SignerSubject) => Promise<void>) => {
    const run = async () => await body(await (made ??= Promise.resolve().then(make)));
    if (limitMs === undefined) test(title, run);
    else test.slow(title, limitMs, run);
  };

  add(`${name}: algorithm and publicKey are those of the key`, async (subject) => {
    assertNone(descriptionFaults(subject));
    if (platformKey(subject.signer.publicKey) !== undefined) return;
    note(`${name}: node:crypto of ${runtimeName()} does not verify with such a key; the portable provider does`);
  });
  add(`${name}: sign() signs messages of ${lengths.length} lengths, up to ${Math.max(...lengths)} octets`, async ({
    signer,
  }) => assertNone(await lengthFaults(signer, lengths)));
  add(`${name}: sign() makes ${concurrent} signatures at one time, each of its own message`, async ({ signer }) => {
    assertNone(await concurrencyFaults(signer, concurrent));
  });
  add(`${name}: sign() takes views, leaves the message as it is, and is done with it when it answers`, async ({
    signer,
  }) => assertNone(await memoryFaults(signer)));
}
