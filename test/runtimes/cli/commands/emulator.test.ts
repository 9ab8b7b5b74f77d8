// runtimes: node20 node deno bun workerd
import { run } from "../../../../runtimes/cli/mod.ts";
import { memoryHost } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/cli/commands/emulator");

test("emulator refuses flags that make no sense before it does anything", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--host", "0.0.0.0"], "if that is meant, add --allow-other-machines"],
    [["--host", "emulator.example"], "--allow-other-machines"],
    [["--port", "65536"], "a port is 0 to 65535"],
    [["--account", "12345"], "an account is twelve digits"],
    [["--preset", "strict"], "must be one of lenient, documented, paranoid"],
  ];
  for (const [flags, message] of cases) {
    const host = memoryHost();
    assert.is(await run(host, ["emulator", ...flags]), 1);
    assert.match(host.errors.join(""), message);
    assert.is(host.output(), "");
  }
});

test("emulator listens elsewhere when it is told that this is meant", async () => {
  const places: unknown[] = [];
  const host = memoryHost();
  const stopping = {
    ...host,
    serve: async (_: unknown, { hostname, port }: { readonly hostname: string; readonly port: number }) => {
      places.push([hostname, port]);
      return { port, close: async () => {} };
    },
    untilStopped: async () => "SIGINT",
  };
  assert.is(await run(stopping, ["emulator", "--host", "0.0.0.0", "--allow-other-machines"]), 0);
  assert.equal(places, [["0.0.0.0", 4577]]);
  assert.match(host.output(), "\nexport AWS_ENDPOINT_URL=http://localhost:4577\n");
  assert.match(host.output(), /\nexport AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\n/);
});

test.run();
