// runtimes: node20 node deno bun workerd
import { VERSION } from "../../../core/version.ts";
import { logLine } from "../../../runtimes/cli/log-line.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/mod");

const COMMANDS = [
  "credential-process",
  "update",
  "exec",
  "env",
  "cache list",
  "cache clear",
  "read-certificate-data",
  "sign-string",
  "verify",
  "explain",
  "doctor",
  "init",
  "bridge",
  "emulator",
  "demo",
  "completion bash",
  "completion zsh",
  "completion fish",
  "completion powershell",
  "version",
  "help",
];

const LOG_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function end(...argv: readonly string[]): Promise<Ended> {
  const host = memoryHost();
  const code = await run(host, argv);
  return { code, output: host.output(), errors: host.errors.join("") };
}

test("run() prints the version and a newline", async () => {
  assert.equal(await end("version"), {
    code: 0,
    output: `${VERSION}\n`,
    errors: "",
  });
});

test("run() prints the help of the whole when it is called bare, with -h, --help or help", async () => {
  const bare = await end();
  assert.is(bare.code, 0);
  assert.is(bare.errors, "");
  assert.match(bare.output, /\nUsage:\n {2}anyrole \[command\]\n/);
  for (const name of COMMANDS) {
    assert.match(bare.output, new RegExp(`\\n  ${name} +[A-Z]`));
  }
  for (const words of [["-h"], ["--help"], ["help"]]) {
    assert.equal(await end(...words), bare);
  }
});

for (const name of COMMANDS) {
  test(`run() prints description, usage and flags of ${name} on standard output`, async () => {
    const { code, output, errors } = await end("help", ...name.split(" "));
    assert.is(code, 0);
    assert.is(errors, "");
    assert.match(
      output,
      new RegExp(`^[A-Z][^]+\\n\\nUsage:\\n  anyrole ${name} \\[flags\\]( -- program \\[arguments\\])?\\n\\nFlags:\\n`),
    );
    assert.match(output, new RegExp(`\\n  -h, --help +Help for ${name}\\n$`));
    for (const flag of ["-h", "--help"]) {
      assert.equal(await end(...name.split(" "), flag), { code, output, errors });
    }
  });
}

test("run() prints defaults and types in the help of a command", async () => {
  const { output } = await end("credential-process", "--help");
  assert.match(output, /\n {2}--session-duration int +Life of .+ \(default 3600\)\n/);
  assert.match(output, /\n {2}--system-store-name string +.+ \(default "MY"\)\n/);
  assert.match(output, /\n {2}--no-verify-ssl +Do not/);
});

test("run() writes a usage error as reason, usage, empty line and log line", async () => {
  const { code, output, errors } = await end("sign-string", "--format", "xml");
  assert.is(code, 1);
  assert.is(output, "");
  const reason = 'invalid argument "xml" for "--format" flag: must be one of json, text, bin';
  const { output: help } = await end("sign-string", "-h");
  const usage = help.slice(help.indexOf("Usage:"));
  const before = `Error: ${reason}\n${usage}\n`;
  assert.is(errors.slice(0, before.length), before);
  const last = errors.slice(before.length);
  assert.match(last, LOG_LINE);
  assert.is(last.replace(LOG_LINE, ""), `${reason} [ERR_USAGE_INVALID_VALUE]\n`);
});

test("run() answers an unknown command with a hint alone", async () => {
  const { code, output, errors } = await end("frobnicate", "--certificate", "x");
  assert.is(code, 1);
  assert.is(output, "");
  const [first, second, third, fourth, ...rest] = errors.split("\n");
  assert.is(first, 'Error: unknown command "frobnicate" for "anyrole"');
  assert.is(second, "Run 'anyrole --help' for usage.");
  assert.is(third, "");
  assert.is(fourth!.replace(LOG_LINE, ""), 'unknown command "frobnicate" for "anyrole" [ERR_USAGE_UNKNOWN_COMMAND]');
  assert.equal(rest, [""]);
});

test("run() suggests commands at an edit distance of two at most", async () => {
  const suggestions: readonly (readonly [string, string | undefined])[] = [
    ["sign-strin", "sign-string"],
    ["sing-string", "sign-string"],
    ["Version", "version"],
    ["versoin", "version"],
    ["hlp", "help"],
    ["credential_process", "credential-process"],
    ["credential-proc", "credential-process"],
    ["read-cert", "read-certificate-data"],
    ["sgn-strng2", undefined],
  ];
  for (const [word, suggestion] of suggestions) {
    const { code, errors } = await end(word);
    assert.is(code, 1);
    const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
    assert.is(errors.split("\n")[0], `Error: unknown command "${word}" for "anyrole"${hint}`);
  }
});

test("run() knows no --version flag", async () => {
  const { code, output, errors } = await end("--version");
  assert.is(code, 1);
  assert.is(output, "");
  assert.match(errors, /^Error: unknown flag: --version\n/);
});

test("run() refuses words and flags that version does not have", async () => {
  assert.match((await end("version", "--debug")).errors, /^Error: unknown flag: --debug\nUsage:\n {2}anyrole version /);
  assert.match((await end("version", "2")).errors, /^Error: unexpected argument "2": /);
});

test("run() refuses stray words and names the command's usage", async () => {
  const { code, output, errors } = await end("credential-process", "--debug", "\\", "--certificate", "/etc/c.pem");
  assert.is(code, 1);
  assert.is(output, "");
  assert.match(
    errors,
    /^Error: unexpected argument "\\\\" after --debug: every flag from --certificate on would be lost/,
  );
  assert.match(errors, "anyrole credential-process [flags]");
});

test("run() writes an error that is no usage error as one line with its code", async () => {
  const { code, output, errors } = await end("sign-string", "--private-key", "/none.pem");
  assert.is(code, 1);
  assert.is(output, "");
  assert.is(errors.replace(LOG_LINE, ""), "Cannot read /none.pem: there is no such file [ERR_FILE_NOT_FOUND]\n");
});

test("run() says what an identity needs when none is given", async () => {
  for (const name of ["credential-process", "sign-string", "read-certificate-data"]) {
    const { code, errors } = await end(name);
    assert.is(code, 1);
    assert.match(errors, /linux.*\[ERR_IDENTITY_NOT_GIVEN\]\n$/);
    assert.match((await end(name, "--cert-selector", "Key=x509Subject,Value=CN=a")).errors, /\[ERR_IDENTITY_KIND\]\n$/);
  }
  assert.match(
    (await end("credential-process", "--private-key", "k.pem")).errors,
    /--certificate \[ERR_IDENTITY_NOT_GIVEN\]/,
  );
});

test("logLine() writes local time and one line", () => {
  const time = new Date(2026, 1, 3, 4, 5, 6).getTime();
  assert.is(logLine(time, "a message"), "2026/02/03 04:05:06 a message\n");
  assert.is(logLine(time, "two\nlines \r\n and more"), "2026/02/03 04:05:06 two lines and more\n");
});

test.run();
