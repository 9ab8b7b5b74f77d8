/**
 * Generated chains, asked of OpenSSL, PKI.js and node:crypto as well.
 *
 * @module
 */

import { nodeCrypto } from "../../runtimes/node/crypto.ts";
import { runDifferential } from "../differential/differential.ts";
import { opensslVersion } from "../differential/openssl-answers.ts";
import { type InteropItem, Missing } from "./interop.ts";

const CASES = 2000;

/** The item of this file. */
export function differentialItems(): readonly InteropItem[] {
  return [{
    name: `differential: ${CASES} chains and lists, against openssl verify -x509_strict, PKI.js and node:crypto`,
    // A tenth of it is a test of its own.
    quick: false,
    run: async () => {
      if (opensslVersion() === undefined) throw new Missing("install openssl with your system's packages");
      const { wrong, unexplained, peers, reasons } = await runDifferential(CASES, nodeCrypto());
      for (const [peer, { asked, agreed, explained }] of peers) {
        console.log(`         ${peer}: asked ${asked}, agrees ${agreed}, disagrees for known reasons ${explained}`);
      }
      for (const [reason, times] of reasons) console.log(`         ${times} × ${reason}`);
      const faults = [...wrong, ...unexplained];
      if (faults.length > 0) throw new Error(`${faults.length} faults:\n${faults.join("\n")}`);
    },
  }];
}
