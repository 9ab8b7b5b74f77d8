// runtimes: node20
/**
 * The container images and the Kubernetes manifest, whose start command, probes and files are tried as a plain process:
 * nothing here starts a container.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { readJson } from "../architecture/entry-points.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { freePort } from "../support/free-port.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../support/local-service.ts";
import { runtimeProgram } from "../support/programs.ts";
import { assert, skip, suite } from "../support/suite.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const test = suite("build/container");

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly tcpSocket?: { readonly port: string };
}

interface Container {
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly securityContext: Record<string, unknown>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

interface Pod {
  readonly spec: {
    readonly securityContext: Record<string, unknown>;
    readonly initContainers: readonly [Container & { readonly restartPolicy: string }];
    readonly containers: readonly [Container];
    readonly volumes: readonly {
      readonly name: string;
      readonly secret?: { readonly defaultMode: number };
      readonly emptyDir?: object;
    }[];
  };
}

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));
const started: ChildProcess[] = [];

test.after(async () => {
  for (const child of started) child.kill("SIGKILL");
  await service.close();
  folder.remove();
});

test("the images copy programs that npm run binaries makes, run as nobody, and start nothing through a shell", async () => {
  const text = source("build/container/Containerfile").replace(/\\\n/g, " ");
  const lines = text.split("\n").filter((line) => /^[A-Z]+ /.test(line));
  const { version } = readJson<{ version: string }>("package.json");
  const { BUN_TARGETS } = await import(join(repositoryRoot(), "build", "binary-runtimes.mjs"));
  for (const image of ["musl", "glibc"]) {
    const from = lines.findIndex((line) => line.endsWith(` AS ${image}`));
    const rest = lines.slice(from + 1);
    const end = rest.findIndex((line) => line.startsWith("FROM "));
    const stage = rest.slice(0, end < 0 ? undefined : end);
    assert.ok(stage.includes("USER 65532:65532"), image);
    assert.ok(stage.includes('ENTRYPOINT ["/usr/local/bin/anyrole"]'), image);
    assert.not(stage.some((line) => line.startsWith("RUN ")), image);
    const [, name] = /dist\/binaries\/anyrole-\$\{VERSION\}-(\S+) \/usr\/local\/bin\/anyrole$/m.exec(stage.join("\n"))!;
    for (const arch of ["x64", "arm64"]) assert.ok(name!.replace("${ARCH}", arch) in BUN_TARGETS, name);
    for (const line of stage.filter((each) => /^(CMD|ENTRYPOINT) /.test(each))) JSON.parse(line.replace(/^\w+ /, ""));
  }
  assert.match(text, `VERSION=${version}`);
});

test("the sidecar may do nothing, writes nowhere but to the token, and reads files of mode 0400", async () => {
  const { spec } = await pod();
  const [sidecar] = spec.initContainers;
  const [program] = spec.containers;
  assert.is(spec.securityContext["runAsNonRoot"], true);
  assert.is(spec.securityContext["runAsUser"], 65532);
  assert.is(sidecar.restartPolicy, "Always");
  for (const { securityContext } of [sidecar, program]) {
    assert.is(securityContext["allowPrivilegeEscalation"], false);
    assert.is(securityContext["readOnlyRootFilesystem"], true);
    assert.equal(securityContext["capabilities"], { drop: ["ALL"] });
  }
  const identity = spec.volumes.find(({ name }) => name === "identity")!;
  assert.match(source("build/kubernetes/sidecar.yaml"), "defaultMode: 0400\n");
  assert.ok(identity.secret !== undefined);
  const writable = sidecar.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name);
  assert.equal(writable, ["token"]);
  assert.is(program.volumeMounts.find(({ name }) => name === "token")?.readOnly, true);
});

test("the sidecar's start command serves its probes, and credentials to whoever has the token", async () => {
  const { spec } = await pod();
  const [sidecar] = spec.initContainers;
  const [program] = spec.containers;
  const port = await freePort();
  const root = join(folder.path, "root");
  /** The image's paths, below a folder, and its port, which may be taken on this machine. */
  const here = (text: string) => text.replace(/^\/run\//, `${root}/run/`).replace(/9911/, String(port));
  for (const { mountPath } of sidecar.volumeMounts) mkdirSync(here(mountPath), { recursive: true });
  for (const [name, text] of Object.entries({ "tls.crt": client.certificatePem, "tls.key": client.keyPem })) {
    const path = here(`/run/anyrole/identity/${name}`);
    writeFileSync(path, text, { mode: 0o400 });
  }
  chmodSync(here("/run/anyrole/identity"), 0o500);

  const args = sidecar.args!.map(here);
  // The ARNs are examples: those of the service that listens here.
  for (const [i, flag] of SESSION_FLAGS.entries()) {
    if (i % 2 === 0) args[args.indexOf(flag) + 1] = SESSION_FLAGS[i + 1]!;
  }
  const bin = join(repositoryRoot(), "dist", "bin", "anyrole.cjs");
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: "/",
    env: { PATH: process.env["PATH"], ANYROLE_NO_CACHE: "1", AWS_ENDPOINT_URL_ROLESANYWHERE: service.endpoint },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${said.join("")}`)));
  });

  const ports = Object.fromEntries(sidecar.ports!.map((each) => [each.name, Number(here(String(each.containerPort)))]));
  for (const { httpGet, tcpSocket } of [sidecar.startupProbe, sidecar.readinessProbe, sidecar.livenessProbe]) {
    assert.is(ports[(httpGet ?? tcpSocket)!.port], port);
    // The kubelet asks by the pod's address.
    if (httpGet !== undefined) assert.is((await fetch(`http://127.0.0.1:${port}${httpGet.path}`)).status, 200);
  }

  const environment = Object.fromEntries(program.env!.map(({ name, value }) => [name, here(value)]));
  const url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]!;
  const tokenFile = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]!;
  assert.is(statSync(tokenFile).mode & 0o777, 0o600);
  assert.is((await fetch(url)).status, 401);
  const answer = await fetch(url, { headers: { authorization: readFileSync(tokenFile, "utf8") } });
  assert.match(((await answer.json()) as { AccessKeyId: string }).AccessKeyId, /^ASIA/);

  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  assert.is(await ended, 0);
  assert.not(existsSync(tokenFile));
  assert.not(said.join("").includes("PRIVATE KEY"));
});

function source(path: string): string {
  return readFileSync(join(repositoryRoot(), path), "utf8");
}

/** The manifest, read by Bun, which knows YAML. */
async function pod(): Promise<Pod> {
  const { program } = await runtimeProgram("bun");
  if (program === undefined) skip("no Bun to read YAML with");
  const script = "console.log(JSON.stringify(Bun.YAML.parse(await Bun.stdin.text())))";
  const result = spawnSync(program!, ["-e", script], {
    input: source("build/kubernetes/sidecar.yaml"),
    encoding: "utf8",
  });
  assert.is(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

test.run();
