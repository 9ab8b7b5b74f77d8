/**
 * Signers of other processes, and what they do wrong: the part of the items that runs in every runtime. As a program it
 * takes a place as JSON, and prints one fault a line.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { decodePem } from "../../core/pem/pem.ts";
import { remoteSigner } from "../../core/sign/remote-signer.ts";
import { execSigner } from "../../hsm-bridge/remote/exec-signer.ts";
import { sshAgentSigner } from "../../hsm-bridge/remote/ssh-agent-signer.ts";
import { unixSocketFetch } from "../../hsm-bridge/remote/unix-socket-fetch.ts";
import { signerFaults } from "../support/signer-faults.ts";

/** Where a key is. */
export type SignerPlace =
  & {
    /** PEM of the key that it must be. */
    readonly publicKey: string;
  }
  & (
    | { readonly kind: "unix-socket"; readonly path: string }
    | { readonly kind: "https"; readonly endpoint: string; readonly tokenFile: string }
    | { readonly kind: "exec"; readonly command: readonly [string, ...string[]] }
    | { readonly kind: "ssh-agent"; readonly path: string }
  );

/** What the signer of a place does wrong. */
export async function placeFaults(place: SignerPlace): Promise<readonly string[]> {
  const publicKey = decodePem(place.publicKey)[0]!.octets;
  const common = { sleep, publicKey, crypto: portableProvider() };
  switch (place.kind) {
    case "unix-socket": {
      const fetch = unixSocketFetch(place.path);
      return await signerFaults({
        signer: await remoteSigner({ ...common, endpoint: "http://localhost", fetch }),
        publicKey,
      });
    }
    case "https": {
      const token = () => readFileSync(place.tokenFile, "utf8");
      const signer = await remoteSigner({ ...common, endpoint: place.endpoint, token, fetch });
      return await signerFaults({ signer, publicKey });
    }
    case "exec": {
      const signer = await execSigner({ ...common, command: place.command });
      try {
        return await signerFaults({ signer, publicKey });
      } finally {
        await signer.close();
      }
    }
    case "ssh-agent":
      return await signerFaults({ signer: await sshAgentSigner({ ...common, socketPath: place.path }), publicKey });
  }
}

/** A timer that keeps no program alive, and is over when nobody needs it any more. */
function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds) as unknown as { unref?(): void };
    timer.unref?.();
  });
}

if (process.env["ANYROLE_SIGNER_PLACE"] !== undefined) {
  // Not awaited: this module is also imported, in circles, and a bundler cannot end one that waits.
  placeFaults(JSON.parse(process.env["ANYROLE_SIGNER_PLACE"]) as SignerPlace).then((faults) => {
    console.log(["signatures looked at", ...faults].join("\n"));
    process.exit(faults.length === 0 ? 0 : 1);
  });
}
