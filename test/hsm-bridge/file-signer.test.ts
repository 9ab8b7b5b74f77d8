// runtimes: node20 node deno bun
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { decodePem } from "../../core/pem/pem.ts";
import { loadSoftwareSigner } from "../../core/sign/load-software-signer.ts";
import { addSignerTests } from "../support/signer-conformance.ts";
import { suite } from "../support/suite.ts";
import { KEYS } from "../vectors/keys/keys.ts";

const test = suite("hsm-bridge/file signers");

for (const key of ["rsa", "P-256", "P-384", "P-521"] as const) {
  addSignerTests(test, `${key} of a file`, async () => ({
    signer: await loadSoftwareSigner(KEYS[`${key}-pkcs8`], { crypto: webCryptoProvider() }),
    publicKey: decodePem(KEYS[`${key}-public`])[0]!.octets,
  }));
}

test.run();
