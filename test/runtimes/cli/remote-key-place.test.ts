// runtimes: node20 node deno bun
import { remoteKeyPlace } from "../../../runtimes/cli/remote-key-place.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertNone, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/remote-key-place");

const HOST = memoryHost({ environment: { SSH_AUTH_SOCK: "/run/agent" } });

test("remoteKeyPlace() knows bridges, programs, agents and keyrings", () => {
  const places: Readonly<Record<string, unknown>> = {
    "bridge:/run/anyrole/bridge.sock": { kind: "unix-socket", path: "/run/anyrole/bridge.sock" },
    "bridge:bridge.sock": { kind: "unix-socket", path: "bridge.sock" },
    "bridge:https://127.0.0.1:9912": { kind: "https", endpoint: "https://127.0.0.1:9912" },
    "bridge:https://[::1]:9912/": { kind: "https", endpoint: "https://[::1]:9912/" },
    "exec:/usr/bin/holder": { kind: "exec", command: ["/usr/bin/holder"] },
    "exec: holder  --key\ta ": { kind: "exec", command: ["holder", "--key", "a"] },
    'exec:holder "$HOME" \\ *': { kind: "exec", command: ["holder", '"$HOME"', "\\", "*"] },
    'exec:["a holder","",  "b c"]': { kind: "exec", command: ["a holder", "", "b c"] },
    "ssh-agent:": { kind: "ssh-agent", path: "/run/agent" },
    "ssh-agent:/other agent": { kind: "ssh-agent", path: "/other agent" },
    "keyring:0x2bd4": { kind: "keyring", key: "0x2bd4" },
    "keyring:id:ab12": { kind: "keyring", key: "id:ab12" },
  };
  for (const [text, place] of Object.entries(places)) assert.equal(remoteKeyPlace(HOST, text), place, text);
});

test("remoteKeyPlace() refuses what names nothing, and shows no argument", () => {
  const refused = [
    "bridge:",
    "bridge:http://127.0.0.1:1",
    "bridge:ftp://x",
    "bridge:https://",
    "bridge:https://h:1/x?y",
  ]
    .concat("bridge:https://user:hunter2@h", "exec:", "exec:  \t", "exec:[]", 'exec:[""]', 'exec:["hunter2",1]')
    .concat("exec:[hunter2", 'exec:["a\\u0000hunter2"]', "exec:[{}]", "keyring:");
  const shown: string[] = [];
  for (const text of refused) {
    const { message } = assertThrows(() => remoteKeyPlace(HOST, text), "ERR_USAGE_INVALID_VALUE");
    if (message.includes("hunter2")) shown.push(text);
  }
  assertNone(shown);
});

test("remoteKeyPlace() knows where the agents of Windows are, and that there is none elsewhere", () => {
  const windows = { ...memoryHost(), platform: "windows" };
  assert.equal(remoteKeyPlace(windows, "ssh-agent:"), { kind: "ssh-agent", path: "\\\\.\\pipe\\openssh-ssh-agent" });
  assertThrows(() => remoteKeyPlace(memoryHost(), "ssh-agent:"), "ERR_IDENTITY_NOT_GIVEN");
});

test.run();
