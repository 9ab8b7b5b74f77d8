import { SHA1, SHA256 } from "../../../../core/crypto/checksum/block-hash.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { suite } from "../../../support/suite.ts";
import { addChecksumTests } from "./checksum-tests.ts";

const test = suite("core/crypto/checksum/block-hash");

const { digest } = portableProvider();
addChecksumTests(test, SHA1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441", (data) => digest("SHA-1", data));
addChecksumTests(
  test,
  SHA256,
  "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  (data) => digest("SHA-256", data),
);

test.run();
