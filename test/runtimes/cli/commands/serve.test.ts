// runtimes: node20 node deno bun workerd
import { run } from "../../../../runtimes/cli/mod.ts";
import type { ListenPlace, RunningListener } from "../../../../runtimes/listeners.ts";
import { SESSION_FLAGS } from "../../../support/local-service.ts";
import { memoryHost, type MemoryHostOptions } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/cli/commands/serve");

/** The machine of a test, on which every place can be listened on. */
async function refusal(flags: readonly string[], options: MemoryHostOptions = {}): Promise<string> {
  const host = memoryHost(options);
  const listen = (_: unknown, place: ListenPlace): Promise<RunningListener> =>
    Promise.reject(new Error(`listening: ${JSON.stringify(place)}`));
  const standardInput = () => assert.unreachable("nobody reads standard input") as never;
  const listeners = async () => ({ processId: 4711, listen, standardInput, notify: async () => {} });
  const machine = { ...host, listeners };
  assert.is(await run(machine, ["serve", ...flags]), 1);
  assert.is(host.output(), "");
  return host.errors.join("");
}

test("serve refuses flags that make no sense before it does anything", async () => {
  const role = "arn:aws:iam::123456789012:role/path/ExampleRole";
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--port", "65536"], "a port is 0 to 65535"],
    [["--hop-limit", "0"], "a hop limit is 1 to 255"],
    [["--hop-limit", "256"], "a hop limit is 1 to 255"],
    [["--token-rotation", "59"], "must be 60 to 604800 seconds"],
    [["--mode", "imdsv1"], "must be one of both, imds, container"],
    [["--bind", "eth0"], "must be an IP address"],
    [["--bind", "0.0.0.0"], "if that is meant, add --allow-other-machines"],
    [["--bind", "::"], "if that is meant, add --allow-other-machines"],
    [["--bind", "10.0.0.1"], "if that is meant, add --allow-other-machines"],
    [["--bind", "127.0.0.1.nip.io"], "must be an IP address"],
    [["--bind", "10.0.0.1", "--allow-other-machines", "--mode", "imds"], "others need an authorization token"],
    [["--bind", "10.0.0.1", "--allow-other-machines", "--mode", "both"], "others need an authorization token"],
    [["--bind", "10.0.0.1", "--allow-other-machines", "--hop-limit", "1"], "(IPTTL=1)"],
    [["--unix-socket", "/run/x", "--port", "1"], "--unix-socket stands in the place of --bind and --port"],
    [["--role-arn", role], "two roles have the name ExampleRole: give one another name with --role-arn NAME="],
    [["--role-arn", "arn:aws:iam::123456789012:user/x"], "ERR_ARN"],
    [["--role-arn", "nonsense"], "ERR_ARN_PREFIX"],
  ];
  for (const [flags, message] of cases) assert.match(await refusal([...SESSION_FLAGS, ...flags]), message);
  assert.match(await refusal([]), "required flag is not set: --role-arn");
});

test("serve reports what is wrong with the identity before it listens", async () => {
  assert.match(await refusal(SESSION_FLAGS), "ERR_IDENTITY_NOT_GIVEN");
  const flags = [...SESSION_FLAGS, "--certificate", "cert.pem", "--private-key", "key.pem"];
  assert.match(await refusal(flags), "Cannot read cert.pem: there is no such file");
});

test("serve takes one socket of systemd, when it is meant for this process", async () => {
  const environment = { LISTEN_FDS: "2", LISTEN_PID: "4711" };
  assert.match(await refusal(SESSION_FLAGS, { environment }), "systemd hands over 2 sockets, and one is served");
  const others = await refusal(SESSION_FLAGS, { environment: { ...environment, LISTEN_PID: "4712" } });
  assert.match(others, "ERR_IDENTITY_NOT_GIVEN");
  const noNumber = await refusal(SESSION_FLAGS, { environment: { ...environment, LISTEN_FDS: "2e0" } });
  assert.match(noNumber, "ERR_IDENTITY_NOT_GIVEN");
});

test("serve knows the exclusions of the commands that make sessions", async () => {
  assert.match(
    await refusal(["--certificate", "x", "--cert-selector", "y"]),
    "[cert-selector certificate] were all set",
  );
});

test.run();
