// runtimes: node20 node deno bun workerd
import {
  CREDENTIAL_EXCLUSIONS,
  CREDENTIAL_FLAGS,
  READ_CERTIFICATE_EXCLUSIONS,
  READ_CERTIFICATE_FLAGS,
  SIGN_STRING_EXCLUSIONS,
  SIGN_STRING_FLAGS,
} from "../../../runtimes/cli/flag-tables.ts";
import { type Flag, type FlagValues, flagVariable, parseFlags } from "../../../runtimes/cli/flags.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/flags");

const FLAGS: readonly Flag[] = [
  { name: "text", type: "string", help: "Text" },
  {
    name: "preset",
    type: "string",
    default: "MY",
    help: "Text with a default",
  },
  {
    name: "choice",
    type: "string",
    default: "json",
    oneOf: ["json", "text"],
    help: "One of two",
  },
  { name: "count", type: "integer", default: 3600, help: "Number" },
  { name: "zero", type: "integer", help: "Number without a default" },
  { name: "debug", type: "boolean", help: "Switch" },
  { name: "file", type: "string", repeatable: true, help: "Any number of files" },
];

function parse(...words: readonly string[]): FlagValues {
  const parsed = parseFlags(words, FLAGS, []);
  if (parsed.help) throw new Error("help was asked for");
  return parsed.values;
}

test("parseFlags() takes a value after a space and after an equals sign", () => {
  assert.is(parse("--text", "a b").text("text"), "a b");
  assert.is(parse("--text=a b").text("text"), "a b");
  assert.is(parse("--text=a=b=").text("text"), "a=b=");
  assert.is(parse("--count", "900").integer("count"), 900);
});

test("parseFlags() takes any next word as the value, even one that looks like a flag", () => {
  assert.is(parse("--text", "--debug").text("text"), "--debug");
  assert.is(parse("--text", "--").text("text"), "--");
  assert.is(parse("--text", "-h").text("text"), "-h");
});

test("parseFlags() answers defaults for what is not mentioned", () => {
  const values = parse();
  assert.is(values.text("text"), undefined);
  assert.is(values.text("preset"), "MY");
  assert.is(values.integer("count"), 3600);
  assert.is(values.integer("zero"), 0);
  assert.is(values.boolean("debug"), false);
  assert.is(values.mentioned.size, 0);
});

test("parseFlags() takes an empty text for one that is not given, and remembers that it was mentioned", () => {
  const values = parse("--text=", "--preset", "");
  assert.is(values.text("text"), undefined);
  assert.is(values.text("preset"), undefined);
  assert.equal([...values.mentioned], ["text", "preset"]);
});

test("parseFlags() lets the last mention win", () => {
  assert.is(parse("--text", "a", "--text=b").text("text"), "b");
  assert.is(parse("--debug", "--debug=false").boolean("debug"), false);
  assert.is(parse("--count=1", "--count", "2").integer("count"), 2);
});

test("parseFlags() gives switches no separate value", () => {
  assert.is(parse("--debug").boolean("debug"), true);
  assertThrows(() => parse("--debug", "false"), "ERR_USAGE_STRAY_WORD");
});

test("parseFlags() knows Go's twelve words for switches and no other", () => {
  for (const word of ["1", "t", "T", "TRUE", "true", "True"]) {
    assert.is(parse(`--debug=${word}`).boolean("debug"), true);
  }
  for (const word of ["0", "f", "F", "FALSE", "false", "False"]) {
    assert.is(parse("--debug", `--debug=${word}`).boolean("debug"), false);
  }
  for (const word of ["", "yes", "no", "on", "tRUE", "2", " true"]) {
    const { message } = assertThrows(() => parse(`--debug=${word}`), "ERR_USAGE_INVALID_VALUE");
    assert.is(message, `invalid argument "${word}" for "--debug" flag: parsing "${word}": invalid syntax`);
  }
});

test("parseFlags() reads integers in the base of their prefix, with underscores", () => {
  const numbers: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["900", 900],
    ["+900", 900],
    ["-900", -900],
    ["0x384", 900],
    ["0X384", 900],
    ["0xDeaD", 0xdead],
    ["0o1604", 900],
    ["0O1604", 900],
    ["01604", 900],
    ["0b1110000100", 900],
    ["0B11_1000_0100", 900],
    ["43_200", 43_200],
    ["0x_a8_c0", 43_200],
    ["0_7", 7],
    ["-0x10", -16],
  ];
  for (const [text, value] of numbers) {
    assert.is(parse("--count", text).integer("count"), value, text);
  }
});

test("parseFlags() refuses what is no integer", () => {
  const words = [
    "",
    " ",
    "9 00",
    "900s",
    "1e3",
    "9.5",
    "0x",
    "0b2",
    "0o8",
    "08",
    "_900",
    "900_",
    "9__00",
    "--1",
    "Infinity",
  ];
  for (const word of words) {
    const { message } = assertThrows(() => parse(`--count=${word}`), "ERR_USAGE_INVALID_VALUE");
    assert.is(message, `invalid argument "${word}" for "--count" flag: parsing "${word}": invalid syntax`);
  }
});

test("parseFlags() refuses integers beyond 64 bits", () => {
  for (const word of ["9223372036854775808", "-9223372036854775809", "0x1_0000_0000_0000_0000", "9".repeat(400)]) {
    const { message } = assertThrows(() => parse("--count", word), "ERR_USAGE_INVALID_VALUE");
    assert.is(message, `invalid argument "${word}" for "--count" flag: parsing "${word}": value out of range`);
  }
});

test("parseFlags() refuses a choice that is not one of the words, also in another case", () => {
  assert.is(parse("--choice", "text").text("choice"), "text");
  for (const word of ["TEXT", "Json", "xml", ""]) {
    const { message } = assertThrows(() => parse(`--choice=${word}`), "ERR_USAGE_INVALID_VALUE");
    assert.is(message, `invalid argument "${word}" for "--choice" flag: must be one of json, text`);
  }
});

test("parseFlags() names a flag that does not exist, and takes no abbreviation", () => {
  for (
    const [word, name] of [["--unknown", "unknown"], ["--unknown=1", "unknown"], ["--tex", "tex"], ["--Text", "Text"]]
  ) {
    assert.is(assertThrows(() => parse(word!), "ERR_USAGE_UNKNOWN_FLAG").message, `unknown flag: --${name}`);
  }
  assert.is(
    assertThrows(() => parse("-debug"), "ERR_USAGE_UNKNOWN_FLAG").message,
    "unknown shorthand flag: 'd' in -debug",
  );
});

test("parseFlags() names a flag whose value is missing", () => {
  for (const name of ["text", "count", "choice"]) {
    const { message } = assertThrows(() => parse("--debug", `--${name}`), "ERR_USAGE_MISSING_VALUE");
    assert.is(message, `flag needs an argument: --${name}`);
  }
});

test("parseFlags() ends the flags at two dashes", () => {
  assert.is(parse("--debug", "--").boolean("debug"), true);
  assert.match(assertThrows(() => parse("--", "--debug"), "ERR_USAGE_STRAY_WORD").message, /"--debug"/);
});

test("parseFlags() refuses stray words and names the flag that would be lost", () => {
  const { message } = assertThrows(() => parse("--debug", "\\", "--text", "a"), "ERR_USAGE_STRAY_WORD");
  assert.is(
    message,
    'unexpected argument "\\\\" after --debug: every flag from --text on would be lost; ' +
      "AWS config files know no line continuation",
  );
  assert.is(
    assertThrows(() => parse("stray"), "ERR_USAGE_STRAY_WORD").message,
    'unexpected argument "stray": flags are written --name value or --name=value',
  );
  assert.is(
    assertThrows(() => parse("--text", "a", "b"), "ERR_USAGE_STRAY_WORD")
      .message,
    'unexpected argument "b" after --text: flags are written --name value or --name=value',
  );
  assertThrows(() => parse(""), "ERR_USAGE_STRAY_WORD");
  assertThrows(() => parse("-"), "ERR_USAGE_STRAY_WORD");
  // What a shell makes of "\ --text": one word with a blank in front.
  assert.match(
    assertThrows(() => parse("--debug", " --text", "a"), "ERR_USAGE_STRAY_WORD")
      .message,
    / --text/,
  );
});

test("parseFlags() shows no part of a secret in what it refuses", () => {
  const secret = "hunter2";
  const rows: (readonly string[])[] = [
    ["--pkcs8-password", "correct", secret],
    ["--pkcs8-password=correct", secret],
    ["--pkcs8-password", "correct", `-${secret}`],
    ["--tpm-key-password", "correct", secret],
    ["--no-tpm-key-password", secret],
    [`--no-tpm-key-password=${secret}`],
    ["\\", `--pkcs8-password=${secret}`],
    [` --pkcs8-password=${secret}`],
    [`-pkcs8-password=${secret}`],
    [`--pkcs8-pasword=${secret}`],
  ];
  for (const words of rows) {
    try {
      parseFlags(words, CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS);
    } catch (error) {
      assert.is((error as Error).name, "UsageError");
      assert.not.match((error as Error).message, "unter2", words.join(" "));
      continue;
    }
    assert.unreachable(words.join(" "));
  }
});

test("parseFlags() answers help whatever else is right", () => {
  for (const words of [["-h"], ["--help"], ["--debug", "-h"], ["--text", "a", "--help", "stray"]]) {
    assert.is(parseFlags(words, FLAGS, [["debug", "text"]]).help, true);
  }
});

test("parseFlags() refuses a pair when both were mentioned, whatever the values", () => {
  for (const words of [["--text=", "--debug=false"], ["--debug=0", "--text", "a"]]) {
    const { message } = assertThrows(() => parseFlags(words, FLAGS, [["text", "debug"]]), "ERR_USAGE_EXCLUSIVE_FLAGS");
    assert.is(
      message,
      "if any flags in the group [text debug] are set none of the others can be; [debug text] were all set",
    );
  }
  assert.is(parseFlags(["--text", "a"], FLAGS, [["text", "debug"]]).help, false);
});

test("parseFlags() takes flags from elsewhere that no word names", () => {
  const flags: readonly Flag[] = [
    ...FLAGS,
    { name: "each", type: "string", repeatable: true, help: "" },
    { name: "count", type: "integer", default: 3, help: "" },
  ];
  const variables: Record<string, string> = { text: "there", debug: "true", each: "a b\r\n\nc\n", count: "" };
  const parse = (...words: readonly string[]) => {
    const parsed = parseFlags(words, flags, [], false, (name) => variables[name]);
    assert.not.ok(parsed.help);
    return (parsed as { values: FlagValues }).values;
  };
  const values = parse("--each", "z");
  assert.is(values.text("text"), "there");
  assert.is(values.boolean("debug"), true);
  assert.equal(values.texts("each"), ["z"]);
  assert.equal(parse().texts("each"), ["a b", "c"]);
  assert.is(parse("--text", "here").text("text"), "here");
  // Empty is not given, and not mentioned.
  assert.is(values.integer("count"), 3);
  assert.equal([...values.mentioned].sort(), ["debug", "each", "text"]);
});

test("parseFlags() passes over what excludes a flag that a word names, and refuses two from elsewhere", () => {
  const parse = (words: readonly string[], elsewhere: Record<string, string>) =>
    parseFlags(words, FLAGS, [["text", "debug"]], false, (name) => elsewhere[name]);
  const parsed = parse(["--debug"], { text: "there" }) as { values: FlagValues };
  assert.is(parsed.values.text("text"), undefined);
  assertThrows(() => parse([], { text: "there", debug: "1" }), "ERR_USAGE_EXCLUSIVE_FLAGS");
  assertThrows(() => parse([], { debug: "perhaps" }), "ERR_USAGE_INVALID_VALUE");
});

test("flagVariable() is the name in capitals behind ANYROLE_", () => {
  assert.is(flagVariable("trust-anchor-arn"), "ANYROLE_TRUST_ANCHOR_ARN");
});

/** The pairs of the helper's specification, in the order of their declaration. */
const PAIRS: readonly (readonly [first: string, second: string, commands: string])[] = [
  ["certificate", "cert-selector", "csr"],
  ["certificate", "system-store-name", "csr"],
  ["private-key", "cert-selector", "cs"],
  ["private-key", "system-store-name", "cs"],
  ["private-key", "use-latest-expiring-certificate", "cs"],
  ["use-latest-expiring-certificate", "intermediates", "c"],
  ["use-latest-expiring-certificate", "reuse-pin", "cs"],
  ["cert-selector", "intermediates", "c"],
  ["cert-selector", "reuse-pin", "cs"],
  ["system-store-name", "reuse-pin", "cs"],
  ["tpm-key-password", "cert-selector", "cs"],
  ["tpm-key-password", "reuse-pin", "cs"],
  ["no-tpm-key-password", "cert-selector", "cs"],
  ["no-tpm-key-password", "reuse-pin", "s"],
  ["no-tpm-key-password", "tpm-key-password", "cs"],
  ["pkcs8-password", "tpm-key-password", "cs"],
  // Of flags that the helper does not have.
  ["pkcs8-password", "password-file", "csr"],
  ["pkcs8-password", "password-fd", "csr"],
  ["pkcs8-password", "password-env", "csr"],
  ["password-file", "password-fd", "csr"],
  ["password-file", "password-env", "csr"],
  ["password-fd", "password-env", "csr"],
  ["pkcs11-pin-file", "pkcs11-pin-fd", "csr"],
  ["pkcs11-pin-file", "pkcs11-pin-env", "csr"],
  ["pkcs11-pin-fd", "pkcs11-pin-env", "csr"],
  ["tpm-key-password", "tpm-key-password-file", "cs"],
  ["tpm-key-password", "tpm-key-password-fd", "cs"],
  ["tpm-key-password", "tpm-key-password-env", "cs"],
  ["tpm-key-password-file", "tpm-key-password-fd", "cs"],
  ["tpm-key-password-file", "tpm-key-password-env", "cs"],
  ["tpm-key-password-fd", "tpm-key-password-env", "cs"],
  ["no-tpm-key-password", "tpm-key-password-file", "cs"],
  ["no-tpm-key-password", "tpm-key-password-fd", "cs"],
  ["no-tpm-key-password", "tpm-key-password-env", "cs"],
  ["tpm-parent-password-file", "tpm-parent-password-fd", "cs"],
  ["tpm-parent-password-file", "tpm-parent-password-env", "cs"],
  ["tpm-parent-password-fd", "tpm-parent-password-env", "cs"],
  ["bridge-token-file", "bridge-token-fd", "cs"],
  ["bridge-token-file", "bridge-token-env", "cs"],
  ["bridge-token-fd", "bridge-token-env", "cs"],
  ["private-key", "tpm-key-handle", "cs"],
  ["cert-selector", "tpm-key-handle", "cs"],
  ["cert-directory", "tpm-key-handle", "cs"],
  ["system-store-name", "tpm-key-handle", "cs"],
  ["certificate", "cert-directory", "csr"],
  ["private-key", "cert-directory", "cs"],
  ["cert-directory", "system-store-name", "csr"],
  ["cert-directory", "intermediates", "c"],
];

const COMMANDS = {
  c: ["credential-process", CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS],
  s: ["sign-string", SIGN_STRING_FLAGS, SIGN_STRING_EXCLUSIONS],
  r: ["read-certificate-data", READ_CERTIFICATE_FLAGS, READ_CERTIFICATE_EXCLUSIONS],
} as const;

for (const [letter, [command, flags, exclusions]] of Object.entries(COMMANDS)) {
  test(`the flags of ${command} exclude each other in the pairs of the specification and no others`, () => {
    const excluded: string[] = [];
    const expected = PAIRS.filter(([, , commands]) => commands.includes(letter));
    const words = ({ name, type }: Flag) =>
      type === "boolean" ? [`--${name}=false`] : [`--${name}`, sample(type, name)];
    flags.forEach((a, index) => {
      for (const b of flags.slice(index + 1)) {
        const pair = expected.find((names) => names.includes(a.name) && names.includes(b.name));
        const parseBoth = () => parseFlags([...words(b), ...words(a)], flags, exclusions);
        if (pair === undefined) {
          assert.is(parseBoth().help, false, `${a.name} ${b.name}`);
          continue;
        }
        const [first, second] = pair;
        const sorted = [first, second].sort().join(" ");
        excluded.push(sorted);
        assert.is(
          assertThrows(parseBoth, "ERR_USAGE_EXCLUSIVE_FLAGS").message,
          `if any flags in the group [${first} ${second}] are set none of the others can be; [${sorted}] were all set`,
        );
      }
    });
    assert.is(excluded.length, expected.length);
  });
}

function sample(type: Flag["type"], name: string): string {
  if (type === "integer") return "900";
  return name === "format" ? "json" : name === "digest" ? "SHA256" : "x";
}

test("the flag tables name the flags and defaults of the specification, and our own", () => {
  const common = "password-file password-fd password-env tpm-key-handle pkcs11-pin-file pkcs11-pin-fd pkcs11-pin-env " +
    "pkcs11-pin-last-try tpm-key-password-file tpm-key-password-fd tpm-key-password-env " +
    "tpm-parent-password-file tpm-parent-password-fd tpm-parent-password-env " +
    "bridge-token-file bridge-token-fd bridge-token-env bridge-ca " +
    "certificate private-key cert-selector cert-directory system-store-name use-latest-expiring-certificate pkcs11-lib " +
    "reuse-pin tpm-key-password no-tpm-key-password pkcs8-password debug";
  const credential =
    "role-arn profile-arn trust-anchor-arn session-duration region endpoint no-verify-ssl with-proxy " +
    "intermediates role-session-name " +
    "assume-role-arn assume-role-session-name external-id session-policy";
  const names = (flags: readonly Flag[]) => flags.map(({ name }) => name).sort();
  const sorted = (text: string) => text.split(" ").sort();
  assert.equal(names(CREDENTIAL_FLAGS), sorted(`${common} ${credential}`));
  assert.equal(names(SIGN_STRING_FLAGS), sorted(`${common} format digest`));
  assert.equal(
    names(READ_CERTIFICATE_FLAGS),
    sorted(
      "certificate cert-selector cert-directory system-store-name pkcs11-lib debug pkcs8-password " +
        "password-file password-fd password-env pkcs11-pin-file pkcs11-pin-fd pkcs11-pin-env " +
        "pkcs11-pin-last-try",
    ),
  );
  const defaults = [...CREDENTIAL_FLAGS, ...SIGN_STRING_FLAGS]
    .filter((flag) => flag.default !== undefined).map((flag) => `${flag.name}=${flag.default}`);
  assert.equal(
    [...new Set(defaults)].sort(),
    ["digest=SHA256", "format=json", "session-duration=3600", "system-store-name=MY"],
  );
});

test("parseFlags() keeps every value of a repeatable flag, and the last one of the others", () => {
  const values = parse("--file", "a", "--text", "x", "--file=b", "--text=y", "--file", "", "--file", "a");
  assert.equal(values.texts("file"), ["a", "b", "a"]);
  assert.is(values.text("text"), "y");
  assert.equal(values.texts("text"), []);
  assert.equal(parse().texts("file"), []);
  assert.ok(values.mentioned.has("file"));
});

test("parseFlags() leaves what stands behind two dashes to the program of a command that takes one", () => {
  const parsed = parseFlags(["--debug", "--", "ls", "--debug", "--", "", "-h"], FLAGS_WITH_DEBUG, [], true);
  if (parsed.help) throw new Error("it took another's flag");
  assert.equal(parsed.values.program, ["ls", "--debug", "--", "", "-h"]);
  assert.ok(parsed.values.boolean("debug"));
  const none = parseFlags(["--debug"], FLAGS_WITH_DEBUG, [], true);
  assert.equal(none.help ? undefined : none.values.program, []);
  for (const words of [["ls"], ["-"], ["-x"], ["--debug", "ls", "--", "ls"]]) {
    assertThrows(
      () => parseFlags(words, FLAGS_WITH_DEBUG, [], true),
      words[0] === "-x" ? "ERR_USAGE_UNKNOWN_FLAG" : "ERR_USAGE_STRAY_WORD",
    );
  }
});

const FLAGS_WITH_DEBUG: readonly Flag[] = [{ name: "debug", type: "boolean", help: "Say more" }];

test.run();
