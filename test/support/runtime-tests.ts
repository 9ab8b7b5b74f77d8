/**
 * What every runtime with files and sockets must do, with real ones: `fromRolesAnywhere` and the command line against
 * the local service, and against services that are none. For Node, Bun and Deno.
 *
 * @module
 */

import { utimesSync } from "node:fs";
import { formatProcessOutput } from "../../core/credentials/mod.ts";
import type { CredentialProvider } from "../../core/credentials/credential-provider.ts";
import { signRequest } from "../../core/sigv4/mod.ts";
import { run } from "../../runtimes/cli/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import type { RolesAnywhereOptions } from "../../runtimes/shared/roles-anywhere.ts";
import { memoryStore } from "../core/credentials/memory-store.ts";
import { SESSION_ARNS, SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "./local-service.ts";
import { assertNoSecret, assertRefused, refusals, writeRefusalFiles } from "./refusals.ts";
import { CANARY_CREDENTIALS } from "./scripted-answers.ts";
import { refusingEndpoint, type ScriptedService, startScriptedService } from "./scripted-service.ts";
import { assert, assertNone, assertRejects, type Suite } from "./suite.ts";
import type { TestIdentity } from "./test-identity.ts";

/** What a runtime brings. */
export interface Runtime {
  readonly host: () => Host;
  readonly fromRolesAnywhere: (options: RolesAnywhereOptions) => CredentialProvider;
  /** Whether `--no-verify-ssl` can work. */
  readonly skipsServerCertificate: boolean;
}

const HOUR = 3_600_000;

/** Adds the tests. The services are up before the first one: uvu would not say why a hook failed. */
export async function addRuntimeTests(test: Suite, runtime: Runtime): Promise<void> {
  const { fromRolesAnywhere } = runtime;
  const authority = await testAuthority();
  const files = await writeRefusalFiles(authority);
  files.folder.write("root.pem", authority.root.certificatePem);
  const emulator = trustingEmulator(authority, Date.now);
  const server = await authority.issue("localhost", { kind: "server" });
  const plain = await startService(runtime.host(), emulator);
  const secure = await startService(runtime.host(), emulator, server);
  const scripted = await startScriptedService();

  test.after(async () => {
    await Promise.all([plain.close(), secure.close(), scripted.close()]);
    files.folder.remove();
  });

  const path = (name: string) => `${files.folder.path}/${name}`;

  test("fromRolesAnywhere() gets credentials with certificate files, which STS accepts", async () => {
    const provider = fromRolesAnywhere({
      certificateFile: path("cert.pem"),
      privateKeyFile: path("key.pem"),
      intermediatesFile: path("chain.pem"),
      endpoint: plain.endpoint,
      roleSessionName: "a-session",
      ...SESSION_ARNS,
    });
    const [credentials, again] = await Promise.all([provider(), provider()]);
    assert.match(credentials.accessKeyId, /^ASIA[A-Z0-9]{16}$/);
    assert.is(credentials.accountId, "123456789012");
    assert.ok(credentials.expiration instanceof Date);
    assert.is(again.accessKeyId, credentials.accessKeyId);
    const { status, body } = await callerIdentity(runtime.host(), plain.endpoint, credentials);
    assert.is(status, 200);
    assert.match(body, "<Arn>arn:aws:sts::123456789012:assumed-role/ExampleRole/a-session</Arn>");
  });

  test("fromRolesAnywhere() decrypts a key with the password", async () => {
    const provider = fromRolesAnywhere({
      certificateFile: path("known.pem"),
      privateKeyFile: path("encrypted.pem"),
      password: "correct horse",
      endpoint: plain.endpoint,
      ...SESSION_ARNS,
    });
    assert.match((await provider()).accessKeyId, /^ASIA/);
  });

  test("fromRolesAnywhere() takes certificate and key from memory", async () => {
    const client = await authority.issue("in memory");
    const provider = fromRolesAnywhere({
      certificate: client.certificatePem,
      privateKey: client.keyPem,
      endpoint: plain.endpoint,
      ...SESSION_ARNS,
    });
    assert.match((await provider()).accessKeyId, /^ASIA/);
  });

  test("fromRolesAnywhere() shares sessions in a store, in place of files", async () => {
    const client = await authority.issue("in a store");
    const store = memoryStore(Date.now);
    const make = (cache: RolesAnywhereOptions["cache"]) =>
      fromRolesAnywhere({
        certificate: client.certificatePem,
        privateKey: client.keyPem,
        endpoint: plain.endpoint,
        cache,
        ...SESSION_ARNS,
      });
    const secret = new Uint8Array(32).fill(7);
    const { accessKeyId } = await make({ store, secret })();
    assert.is((await make({ store, secret })()).accessKeyId, accessKeyId);
    assert.is(store.entries.size, 1);
    assert.throws(() => make({ store, directory: "/nowhere" }), /"cache" has a "store" or a "directory"/);
  });

  test("fromRolesAnywhere() signs with RSA, every curve and ML-DSA", async () => {
    for (
      const key of [
        { type: "rsa", bits: 2048 },
        { type: "ec", curve: "P-256" },
        { type: "ec", curve: "P-384" },
        { type: "ec", curve: "P-521" },
        { type: "ml-dsa", parameterSet: "ML-DSA-65" },
      ] as const
    ) {
      const client = await authority.issue(`client ${JSON.stringify(key)}`, { key });
      files.folder.write("each-cert.pem", client.certificatePem);
      files.folder.write("each-key.pem", client.keyPem);
      const provider = fromRolesAnywhere({
        certificateFile: path("each-cert.pem"),
        privateKeyFile: path("each-key.pem"),
        endpoint: plain.endpoint,
        ...SESSION_ARNS,
      });
      assert.match((await provider()).accessKeyId, /^ASIA/, JSON.stringify(key));
    }
  });

  test("fromRolesAnywhere() picks up files that are replaced, also by a key of another kind", async () => {
    let at = 1_000_000_000;
    const replace = (client: TestIdentity) => {
      for (const [name, pem] of [["turn-cert.pem", client.certificatePem], ["turn-key.pem", client.keyPem]] as const) {
        // Two replacements within the clock's tick are told apart by the time that is set here.
        utimesSync(files.folder.write(name, pem), at, at++);
      }
    };
    const rsa = await authority.issue("turn", { key: { type: "rsa", bits: 2048 }, serialNumber: 1 });
    const ec = await authority.issue("turn", { serialNumber: 2 });
    replace(rsa);
    const provider = fromRolesAnywhere({
      certificateFile: path("turn-cert.pem"),
      privateKeyFile: path("turn-key.pem"),
      endpoint: plain.endpoint,
      ...SESSION_ARNS,
    });
    const before = await provider();
    replace(ec);
    const after = await provider({ forceRefresh: true });
    assert.is.not(after.accessKeyId, before.accessKeyId);
    const sessions = plain.emulator.decisions().slice(-2).map(({ session }) => session?.sessionName);
    assert.equal(sessions, ["01", "02"]);
  });

  test("fromRolesAnywhere() rejects with a code when a file is missing, and works when it is there", async () => {
    const client = await authority.issue("late");
    const provider = fromRolesAnywhere({
      certificateFile: path("late-cert.pem"),
      privateKeyFile: path("late-key.pem"),
      endpoint: plain.endpoint,
      ...SESSION_ARNS,
    });
    await assertRejects(provider(), "ERR_FILE_NOT_FOUND");
    files.folder.write("late-cert.pem", client.certificatePem);
    files.folder.write("late-key.pem", client.keyPem);
    const fresh = fromRolesAnywhere({
      certificateFile: path("late-cert.pem"),
      privateKeyFile: path("late-key.pem"),
      endpoint: plain.endpoint,
      ...SESSION_ARNS,
    });
    assert.match((await fresh()).accessKeyId, /^ASIA/);
  });

  test("fromRolesAnywhere() names an option of another kind at once", () => {
    const good = { certificateFile: path("cert.pem"), ...SESSION_ARNS };
    const wrong = {
      certificateFile: [path("cert.pem")],
      privateKeyFile: null,
      password: 1,
      selector: {},
      assumeRoles: "arn:aws:iam::123456789012:role/next",
      cache: "yes",
    };
    for (const [name, value] of Object.entries(wrong)) {
      const make = () => fromRolesAnywhere({ ...good, [name]: value } as unknown as RolesAnywhereOptions);
      assert.throws(
        make,
        (error: Error) => error instanceof TypeError && error.message.startsWith(`"${name}" must be`),
      );
    }
    assert.throws(
      () => fromRolesAnywhere(SESSION_ARNS as unknown as RolesAnywhereOptions),
      /must have "certificateFile"/,
    );
    assert.throws(
      () => fromRolesAnywhere({ ...good, chain: {} } as unknown as RolesAnywhereOptions),
      /no option "chain"/,
    );
  });

  test("fromRolesAnywhere() refuses an option that does not exist", async () => {
    const options = { certificateFile: path("cert.pem"), privateKeyFile: path("key.pem"), ...SESSION_ARNS, wrong: 1 };
    try {
      await fromRolesAnywhere(options as unknown as RolesAnywhereOptions)();
    } catch (error) {
      assert.instance(error, TypeError);
      assert.match((error as Error).message, '"wrong"');
      return;
    }
    assert.unreachable("it was accepted");
  });

  test("credential-process prints one JSON object with its members in order and no newline", async () => {
    const ended = await end(runtime.host(), [...files.good, ...SESSION_FLAGS, "--endpoint", scripted.endpoint("good")]);
    assert.equal(ended, {
      code: 0,
      output: formatProcessOutput({ ...CANARY_CREDENTIALS, accountId: "123456789012" }),
      errors: "",
    });
  });

  test("credential-process says more with --debug, and no secret", async () => {
    const flags = [...files.good, ...SESSION_FLAGS, "--endpoint", scripted.endpoint("good"), "--debug"];
    const { code, errors } = await end(runtime.host(), flags);
    assert.is(code, 0);
    assert.match(errors, /request 11111111-2222-4333-8444-555555555555/);
    assertNoSecret(errors, files.secrets);
  });

  test("credential-process trusts the certificates of AWS_CA_BUNDLE over HTTPS, and no others", async () => {
    const flags = [...files.good, ...SESSION_FLAGS, "--endpoint", secure.endpoint];
    const trusting = await end(withEnvironment(runtime.host(), { AWS_CA_BUNDLE: path("root.pem") }), flags);
    assert.is(trusting.errors, "");
    assert.match(trusting.output, /^\{"Version":1,"AccessKeyId":"ASIA/);
    const { code, output, errors } = await end(withoutWaiting(runtime.host()), flags);
    assert.is(code, 1);
    assert.is(output, "");
    assert.match(errors, /\[ERR_SESSION_NETWORK\]\n$/);
  });

  test("credential-process does not check the server's certificate with --no-verify-ssl, where that can be", async () => {
    const flags = [...files.good, ...SESSION_FLAGS, "--endpoint", secure.endpoint, "--no-verify-ssl"];
    const { code, output, errors } = await end(runtime.host(), flags);
    if (runtime.skipsServerCertificate) {
      assert.is(errors, "");
      assert.match(output, /^\{"Version":1,"AccessKeyId":"ASIA/);
    } else {
      assert.is(code, 1);
      assert.match(errors, /Cannot skip the check of the server's certificate: .*AWS_CA_BUNDLE/);
    }
  });

  test("credential-process corrects a clock that is an hour off, either way", async () => {
    for (const off of [HOUR, -HOUR]) {
      const service = await startService(runtime.host(), trustingEmulator(authority, () => Date.now() + off));
      const ended = await end(runtime.host(), [...files.good, ...SESSION_FLAGS, "--endpoint", service.endpoint]);
      await service.close();
      assert.is(ended.errors, "");
      assert.match(ended.output, /^\{"Version":1,"AccessKeyId":"ASIA/);
      assert.equal(service.emulator.decisions().map(({ outcome }) => outcome), ["deny", "allow"]);
    }
  });

  test("credential-process refuses bad input with one line, exit code 1 and no secret", async () => {
    const refusing = await refusingEndpoint();
    const faults: string[] = [];
    for (const refusal of refusals(files, scripted, refusing)) {
      const host = withEnvironment(withoutWaiting(runtime.host(), scripted), refusal.environment ?? {});
      const ended = await endOf(host, refusal.argv);
      try {
        assertRefused(refusal, files.secrets, ended);
      } catch (error) {
        faults.push(`${refusal.name}: ${(error as Error).message} ${ended.errors}`);
      }
    }
    assertNone(faults);
  });
}

interface CommandEnd {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs `credential-process` and keeps what it prints. */
function end(host: Host, flags: readonly string[]): Promise<CommandEnd> {
  return endOf(host, ["credential-process", ...flags]);
}

async function endOf(host: Host, argv: readonly string[]): Promise<CommandEnd> {
  let output = "";
  let errors = "";
  const code = await run({
    ...host,
    writeOutput: async (data) => void (output += typeof data === "string" ? data : new TextDecoder().decode(data)),
    writeError: (text) => void (errors += text),
    askSecret: () => Promise.reject(Object.assign(new Error("no terminal"), { code: "ERR_TERMINAL_UNAVAILABLE" })),
  }, argv);
  return { code, output, errors };
}

function withEnvironment(host: Host, environment: Readonly<Record<string, string>>): Host {
  return { ...host, environment: (name) => environment[name] };
}

/**
 * A host that does not wait between attempts. Time limits run out as soon as the service says that it hangs, and not
 * otherwise.
 */
function withoutWaiting(host: Host, service?: ScriptedService): Host {
  return {
    ...host,
    sleep: (milliseconds, signal) => {
      if (milliseconds < 30_000) return Promise.resolve();
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        if (milliseconds === 30_000 && service !== undefined) service.onHanging = resolve;
      });
    },
  };
}

async function callerIdentity(
  host: Host,
  endpoint: string,
  credentials: Awaited<ReturnType<CredentialProvider>>,
): Promise<{ readonly status: number; readonly body: string }> {
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  const headers = {
    host: endpoint.replace(/^https?:\/\//, ""),
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
  };
  const signed = signRequest({ method: "POST", path: "/", headers, body }, {
    credentials,
    timeMs: host.now(),
    region: "us-east-1",
    service: "sts",
  });
  const send = host.httpClient({ serverCertificate: "verify" });
  const response = await send(`${endpoint}/`, {
    method: "POST",
    headers: { ...headers, ...signed.headers },
    body,
    redirect: "manual",
  });
  return { status: response.status, body: await response.text() };
}
