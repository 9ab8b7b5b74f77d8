// runtimes: node20
/**
 * `update`, `env` and `exec` as users start them: as processes, in every runtime.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { environmentText } from "../../../../runtimes/cli/environment-text.ts";
import { SESSION_FLAGS, testAuthority } from "../../../support/local-service.ts";
import { commandLines, type Program, runProgram } from "../../../support/programs.ts";
import { CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { startScriptedService } from "../../../support/scripted-service.ts";
import { assert, skip, suite } from "../../../support/suite.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const test = suite("runtimes/cli/commands/programs");

const folder = temporaryFolder();
const client = await (await testAuthority()).issue("client");
const scripted = await startScriptedService();
const FLAGS = [
  "--certificate",
  folder.write("cert.pem", client.certificatePem),
  "--private-key",
  folder.write("key.pem", client.keyPem),
  ...SESSION_FLAGS,
  "--endpoint",
  scripted.endpoint("good"),
];
const { accessKeyId, secretAccessKey, sessionToken, expiration } = CANARY_CREDENTIALS;

test.after(async () => {
  await scripted.close();
  folder.remove();
});

/** The command line with what these commands need on Deno besides. */
async function programs(): Promise<readonly Program[]> {
  return (await commandLines()).map((program): Program => {
    if (program.name !== "Deno" || program.command === undefined) return program;
    const [deno, run, ...rest] = program.command;
    return { ...program, command: [deno, run!, "--allow-write", "--allow-run", ...rest] };
  });
}

/** Prints what it got, and ends as its first argument says. */
const REPORT = folder.write(
  "report.mjs",
  `import process from "node:process";
   const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
     "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_SECURITY_TOKEN", "KEPT"];
   let input = "";
   process.stdin.on("data", (data) => input += data).on("end", () => {
     const environment = Object.fromEntries(names.map((name) => [name, process.env[name]]));
     console.log(JSON.stringify({ args: process.argv.slice(3), environment, input }));
     console.error("to standard error");
     process.exit(Number(process.argv[2]));
   });`,
);

/** Tells every signal that it gets, and ends with the third. */
const SIGNALLED = folder.write(
  "signalled.mjs",
  `import process from "node:process";
   let count = 0;
   for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"]) {
     process.on(signal, () => {
       console.log(signal);
       if (++count === 3) process.exit(7);
     });
   }
   console.log("ready");
   setInterval(() => {}, 1000);`,
);

interface Running {
  readonly child: ChildProcess;
  /** Waits until its output, since it was last asked, holds the text. */
  seen(text: string): Promise<void>;
  readonly ended: Promise<number | string | null>;
  errors(): string;
}

function start(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command[0]!, command.slice(1), {
    env: { PATH: process.env["PATH"], NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    timeout: 40_000,
  });
  let output = "";
  let errors = "";
  let look = () => {};
  child.stdout.setEncoding("utf8").on("data", (data: string) => (output += data, look()));
  child.stderr.setEncoding("utf8").on("data", (data: string) => (errors += data, look()));
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    ended,
    errors: () => errors,
    seen: (text) =>
      new Promise((resolve, reject) => {
        const end = () => reject(new Error(`it ended without "${text}": ${output}${errors}`));
        child.on("close", end);
        look = () => {
          if (!(output + errors).includes(text)) return;
          output = "";
          look = () => {};
          child.off("close", end);
          resolve();
        };
        look();
      }),
  };
}

const HOSTILE = ["a b", "$(exit 3)", "`x`", "'\"", "\\", "*", "", "-h", "--", "zoë"];

for (const { name, command, missing } of await programs()) {
  const add = (title: string, body: (command: readonly [string, ...string[]]) => Promise<void>): void =>
    test(title.replace("()", ` on ${name}`), async () => {
      if (command === undefined) return skip(missing!);
      await body(command);
    });

  add("exec() gives a program its words, its environment and the streams, and answers its exit code", async (words) => {
    const child = spawn(words[0], [
      ...words.slice(1),
      "exec",
      ...FLAGS,
      "--",
      process.execPath,
      REPORT,
      "42",
      ...HOSTILE,
    ], {
      env: { PATH: process.env["PATH"], KEPT: "yes", AWS_PROFILE: "edge", AWS_SECURITY_TOKEN: "old" },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: 40_000,
    });
    child.stdin.end("a line\n");
    const texts = await Promise.all([child.stdout, child.stderr].map(async (stream) => {
      let text = "";
      for await (const data of stream.setEncoding("utf8")) text += data;
      return text;
    }));
    assert.is(texts[1], "to standard error\n");
    assert.equal(JSON.parse(texts[0]!), {
      args: HOSTILE,
      environment: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_CREDENTIAL_EXPIRATION: expiration,
        AWS_REGION: "us-east-1",
        AWS_DEFAULT_REGION: "us-east-1",
        KEPT: "yes",
      },
      input: "a line\n",
    });
    assert.is(child.exitCode ?? await new Promise((resolve) => child.on("close", resolve)), 42);
  });

  add("exec() passes signals on", async (words) => {
    const running = start([...words, "exec", ...FLAGS, "--", process.execPath, SIGNALLED]);
    await running.seen("ready");
    for (const signal of ["SIGHUP", "SIGTERM"] as const) {
      process.kill(running.child.pid!, signal);
      await running.seen(signal);
    }
    process.kill(running.child.pid!, "SIGINT");
    assert.is(await running.ended, 7);
    assert.is(running.errors(), "");
  });

  add("exec() tells how a program ended that a signal killed, or that there is none", async (words) => {
    const kill = "process.kill(process.pid, 'SIGKILL')";
    assert.is((await runProgram(words, ["exec", ...FLAGS, "--", process.execPath, "-e", kill])).code, 137);
    const none = await runProgram(words, ["exec", ...FLAGS, "--", join(folder.path, "nothing")]);
    assert.is(none.code, 127);
    assert.match(none.errors, "[ERR_PROGRAM_NOT_FOUND]");
    const plain = await runProgram(words, ["exec", ...FLAGS, "--", folder.write("plain.txt", "")]);
    assert.is(plain.code, 126, plain.errors);
    assert.match(plain.errors, "[ERR_PROGRAM_NOT_STARTED]");
    assert.not.match(none.errors + plain.errors, "canary");
  });

  add("env() prints what a shell takes", async (words) => {
    const { code, output, errors } = await runProgram(words, ["env", ...FLAGS]);
    assert.equal([code, errors], [0, ""]);
    const script = `${Buffer.from(output)}printf %s "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN"`;
    const shell = await runProgram(["sh", "-c"], [script]);
    assert.is(Buffer.from(shell.output).toString(), `${accessKeyId} ${secretAccessKey} ${sessionToken}`);
  });

  add("env() adds to the file of GitHub Actions", async (words) => {
    const file = folder.write(`github-env-${name}`, "");
    const { code, output } = await runProgram(words, ["env", ...FLAGS, "--format", "github-actions"], {
      GITHUB_ENV: file,
    });
    assert.is(code, 0);
    assert.is(Buffer.from(output).toString().split("\n").filter((line) => line.startsWith("::add-mask::")).length, 3);
    assert.match(readFileSync(file, "utf8"), `\nAWS_SESSION_TOKEN=${sessionToken}\n`);
  });

  add("update() ends with a failure at its start", async (words) => {
    const { code, errors } = await runProgram(
      words,
      ["update", ...FLAGS, "--endpoint", scripted.endpoint("forbidden")],
      {
        HOME: join(folder.path, `nobody-${name}`),
      },
    );
    assert.is(code, 1);
    assert.match(errors, "Untrusted certificate");
  });

  add("update() writes the file, stays, and ends when it is asked to", async (words) => {
    const home = join(folder.path, `home-${name}`);
    const running = start([...words, "update", ...FLAGS, "--profile", "edge"], { HOME: home });
    await running.seen("Credentials will be refreshed at");
    const text = readFileSync(join(home, ".aws/credentials"), "utf8");
    assert.is(
      text,
      `[edge]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n` +
        `aws_session_token = ${sessionToken}\n\n`,
    );
    assert.is(statSync(join(home, ".aws")).mode & 0o777, 0o700);
    assert.is(statSync(join(home, ".aws/credentials")).mode & 0o777, 0o600);
    running.child.kill("SIGTERM");
    assert.is(await running.ended, 0);
    assert.not.match(running.errors(), "canary");
    assert.equal(readdirSync(join(home, ".aws")), ["credentials"]);
  });
}

test("environmentText() means each value to a real shell", async () => {
  const values = [
    "it's",
    "$HOME",
    "`id`",
    "a\\b",
    'a"b',
    "two\nlines",
    "*",
    "!x",
    "~",
    "zoë\u2019",
    "a;b&c|d",
    " ",
    "\t",
  ];
  const script = values.map((value, i) => environmentText("sh", [[`V${i}`, value]])).join("");
  const print = values.map((_, i) => `"$V${i}"`).join(" ");
  const { output } = await runProgram(["sh", "-c"], [`${script}printf '%s\\0' ${print}`]);
  assert.equal(Buffer.from(output).toString().split("\0").slice(0, -1), values);
});

test.slow("update() loses nothing when twenty processes write at once", 120_000, async () => {
  const [program] = (await programs()).filter(({ name }) => name === "current Node");
  if (program?.command === undefined) return skip(program?.missing ?? "no current Node");
  const { command } = program;
  const home = join(folder.path, "home-of-twenty");
  mkdirSync(join(home, ".aws"), { recursive: true });
  writeFileSync(join(home, ".aws/credentials"), "# first\n[default]\nregion = x");
  const ended = await Promise.all(
    Array.from(
      { length: 20 },
      (_, i) => runProgram(command, ["update", ...FLAGS, "--once", "--profile", `p${i}`], { HOME: home }),
    ),
  );
  assert.equal(ended.map(({ code, errors }) => `${code}${errors}`), Array(20).fill("0"));
  const text = readFileSync(join(home, ".aws/credentials"), "utf8");
  assert.ok(text.startsWith("# first\n[default]\nregion = x\n["));
  for (let i = 0; i < 20; i++) assert.match(text, `[p${i}]\naws_access_key_id = ${accessKeyId}\n`);
  assert.is(text.split("\n").length, 4 + 20 * 5);
  assert.equal(readdirSync(join(home, ".aws")), ["credentials"]);
});

test.run();
