import { formatProcessOutput } from "../../../core/credentials/process-output.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/credentials/process-output");

const credentials = {
  accessKeyId: "A",
  secretAccessKey: "B/+=",
  sessionToken: "C",
  expiration: "2026-06-01T13:00:00Z",
};

test("formatProcessOutput() writes the helper's members in its order, the account last, without a newline", () => {
  assert.is(
    formatProcessOutput({ accountId: "123456789012", ...credentials }),
    '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"B/+=","SessionToken":"C","Expiration":"2026-06-01T13:00:00Z",' +
      '"AccountId":"123456789012"}',
  );
});

test("formatProcessOutput() leaves out an account that is not known", () => {
  assert.ok(formatProcessOutput(credentials).endsWith('"Expiration":"2026-06-01T13:00:00Z"}'));
});

test.run();
