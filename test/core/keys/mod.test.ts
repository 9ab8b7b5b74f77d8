import { parsePrivateKey } from "../../../core/keys/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/keys/mod");

test("the example of the module's documentation says what it does", () => {
  const key = parsePrivateKey(`-----BEGIN PRIVATE KEY-----
MDQCAQAwCwYJYIZIAWUDBAMSBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
GhscHR4f
-----END PRIVATE KEY-----`);
  assert.is(key.type, "ml-dsa");
});

test.run();
