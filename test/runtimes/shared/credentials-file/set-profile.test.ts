// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from "../../../../core/bytes/text.ts";
import { checkProfileName, setProfile } from "../../../../runtimes/shared/credentials-file/set-profile.ts";
import { CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/credentials-file/set-profile");

const NEW = { accessKeyId: "ASIANEW", secretAccessKey: "new/secret+key", sessionToken: "new-token==" };
const ID = "aws_access_key_id = ASIANEW";
const KEY = "aws_secret_access_key = new/secret+key";
const TOKEN = "aws_session_token = new-token==";

/** Lines of a file, each with its ending. */
const lf = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const crlf = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join("");

function golden(name: string, before: string, after: string, profile: string = "default"): void {
  test(`setProfile() ${name}`, () => {
    const edited = setProfile(before, profile, NEW);
    assert.is(edited, after);
    assert.is(setProfile(edited, profile, NEW), after, "again");
  });
}

golden("makes a section and an empty line in an empty file", "", lf("[default]", ID, KEY, TOKEN, ""));

golden(
  "adds a section at the end, as the original helper does",
  lf("[a]", "region = x", "", "# b", "#[default]"),
  lf("[a]", "region = x", "", "# b", "#[default]", "[default]", ID, KEY, TOKEN, ""),
);

golden(
  "ends the last line before a section that it adds",
  "[a]\r\nregion = x",
  crlf("[a]", "region = x", "[default]", ID, KEY, TOKEN, ""),
);

golden(
  "replaces keys in their places and keeps everything else",
  lf(
    "# before",
    "[default]",
    "aws_session_token=old",
    "region = x",
    "aws_access_key_id   =   OLD ; mine",
    "cli_pager =",
    "aws_secret_access_key = old",
    "aws_access_key_id_of_old = kept",
    "",
    "",
    "[defaults]",
    "aws_access_key_id = THEIRS",
  ),
  lf(
    "# before",
    "[default]",
    TOKEN,
    "region = x",
    ID,
    "cli_pager =",
    KEY,
    "aws_access_key_id_of_old = kept",
    "",
    "",
    "[defaults]",
    "aws_access_key_id = THEIRS",
  ),
);

golden(
  "loses nothing of a section that is the last",
  "[default]\naws_access_key_id = OLD\nregion = x",
  lf("[default]", ID, "region = x", KEY, TOKEN),
);

golden(
  "keeps a missing newline behind a key that it replaces",
  "[default]\naws_secret_access_key = o\naws_access_key_id = o\naws_session_token = o",
  `[default]\n${KEY}\n${ID}\n${TOKEN}`,
);

golden("fills a header that is the last line", "[default]", lf("[default]", ID, KEY, TOKEN));

golden(
  "keeps the header of the next section when that is the last line",
  "[default]\n[next]",
  `${lf("[default]", ID, KEY, TOKEN)}[next]`,
);

golden(
  "adds keys before the empty lines and the comment of the next section",
  lf("[default]", "region = x", "# of x", "", "# of next", "[next]"),
  lf("[default]", "region = x", "# of x", ID, KEY, TOKEN, "", "# of next", "[next]"),
);

golden(
  "keeps each line's ending, and ends new ones like the line above",
  "[default]\naws_access_key_id = o\r\nregion = x\r\n\n[b]\n",
  `[default]\n${ID}\r\nregion = x\r\n${KEY}\r\n${TOKEN}\r\n\n[b]\n`,
);

golden(
  "finds keys in any case and indent, with a colon too",
  lf("[default]", "  AWS_ACCESS_KEY_ID: o", "\t aws_Secret_access_key = o", "  aws_session_token=o", "  region = x"),
  lf("[default]", `  ${ID}`, `\t ${KEY}`, `  ${TOKEN}`, "  region = x"),
);

golden(
  "leaves nested keys alone",
  lf("[default]", "s3 =", "  aws_access_key_id = nested", "  max = 1", ID, KEY, TOKEN),
  lf("[default]", "s3 =", "  aws_access_key_id = nested", "  max = 1", ID, KEY, TOKEN),
);

golden(
  "moves a key that is indented below another property",
  lf("[default]", "region = x", "  aws_access_key_id = o", "  output = json", "[b]"),
  lf("[default]", "region = x", "  output = json", ID, KEY, TOKEN, "[b]"),
);

golden(
  "drops a key that is nested below another one",
  lf("[default]", "aws_session_token =", "  aws_access_key_id = nested", "region = x"),
  lf("[default]", TOKEN, "region = x", ID, KEY),
);

golden(
  "drops what continued an old value, and keeps what only seems to",
  lf("[default]", "aws_session_token = abc", "  defgh==", "  # note", "  region = x", ID, KEY),
  lf("[default]", TOKEN, "  # note", "  region = x", ID, KEY),
);

golden(
  "changes the first of several sections alone, and every key in it",
  lf("[default]", "aws_access_key_id = a", "aws_access_key_id = b", "[default]", "aws_access_key_id = c"),
  lf("[default]", ID, ID, KEY, TOKEN, "[default]", "aws_access_key_id = c"),
);

golden(
  "takes a header with something behind it",
  lf("[default] # mine", "region = x", "  [default2]"),
  lf("[default] # mine", "region = x", "  [default2]", ID, KEY, TOKEN),
);

golden(
  "tells names apart that have a common beginning, other case or white space",
  lf("[my profile 2]", "[My profile]", "[ my profile ]", "[my profile"),
  lf("[my profile 2]", "[My profile]", "[ my profile ]", "[my profile", "[my profile]", ID, KEY, TOKEN, ""),
  "my profile",
);

golden(
  "looks behind a byte order mark",
  "\xef\xbb\xbf[default]\nregion = x\n",
  `\xef\xbb\xbf${lf("[default]", "region = x", ID, KEY, TOKEN)}`,
);

golden(
  "keeps octets that are no UTF-8, and long lines",
  lf("[default]", "# \xff\xfe\x80", `x = ${"y".repeat(100_000)}`, ID, KEY, TOKEN, "[z]", `# ${"z".repeat(70_000)}`),
  lf("[default]", "# \xff\xfe\x80", `x = ${"y".repeat(100_000)}`, ID, KEY, TOKEN, "[z]", `# ${"z".repeat(70_000)}`),
);

test("setProfile() writes the profile's name in UTF-8, and finds it", () => {
  const before = lf("[Zoë]", "region = x");
  const text = decodeLatin1(encodeUtf8(before));
  const after = decodeUtf8(encodeLatin1(setProfile(text, "Zoë", NEW))!);
  assert.is(after, lf("[Zoë]", "region = x", ID, KEY, TOKEN));
  assert.is(decodeUtf8(encodeLatin1(setProfile("", "東京", NEW))!), lf("[東京]", ID, KEY, TOKEN, ""));
});

test("checkProfileName() refuses names that would be another section, or none", () => {
  for (const name of ["", " a", "a\t", "a]", "[a", "a\n[b", "a\rb", "a\0", "a\u0085"]) {
    assertThrows(() => checkProfileName(name), "ERR_CREDENTIALS_FILE_PROFILE");
    assertThrows(() => setProfile("", name, NEW), "ERR_CREDENTIALS_FILE_PROFILE");
  }
  for (const name of ["a b", "a:b", "#", "a=b", "ü", '"']) checkProfileName(name);
});

test("setProfile() refuses values that would break their line, and does not show them", () => {
  for (const member of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
    for (const bad of ["a\nb", "a\rb", "a b", "é", "a\0"]) {
      const value = `${CANARY_CREDENTIALS.secretAccessKey}${bad}`;
      const { message } = assertThrows(
        () => setProfile("", "default", { ...NEW, [member]: value }),
        "ERR_CREDENTIALS_FILE_VALUE",
      );
      assert.not.match(message, "canary");
    }
  }
});

test("setProfile() refuses UTF-16, which it would make unreadable", () => {
  assertThrows(() => setProfile("\xff\xfe[\0d\0]\0", "default", NEW), "ERR_CREDENTIALS_FILE_ENCODING");
});

const OURS = /^[ \t]*aws_(access_key_id|secret_access_key|session_token)[ \t]*[=:]/i;

/** Lines with their endings. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Everything but the keys of the first section of this name, one line each, without a missing last newline's sake. */
function others(text: string, profile: string): readonly string[] {
  let section = 0;
  let inside = false;
  return linesOf(text).filter((line) => {
    if (/^\[/.test(line)) {
      inside = line.replace(/\].*/s, "]") === `[${profile}]` && section++ === 0;
      return true;
    }
    return !(inside && OURS.test(line));
  });
}

/** What the AWS SDK for JavaScript finds (its loader takes the last of several values, and trims comments). */
function valueOf(text: string, profile: string, key: string): string | undefined {
  let section = "";
  let seen = false;
  let value: string | undefined;
  for (const line of text.replace(/^\xef\xbb\xbf/, "").split(/\r?\n/)) {
    const trimmed = line.split(/(^|\s)[;#]/)[0]!.trim();
    if (/^\[.*\]$/.test(trimmed)) {
      if (seen && section === profile) break;
      section = trimmed.slice(1, -1);
      seen ||= section === profile;
    } else if (section === profile && trimmed.split("=")[0]!.trim() === key) {
      value = trimmed.slice(trimmed.indexOf("=") + 1).trim();
    }
  }
  return value;
}

const endings = fc.constantFrom("\n", "\r\n");
const lineTexts = fc.oneof(
  fc.constantFrom(
    "[default]",
    "[other]",
    "[default] ; first",
    "[profile x]",
    "",
    "   ",
    "# comment",
    "; comment = x",
    "region = eu-central-1",
    "output=json",
    "s3 =",
    "no assignment",
    "aws_access_key_id = OLD",
    "aws_secret_access_key=old",
    "AWS_Session_Token : old",
    "aws_access_key_id_2 = kept",
    `long = ${"x".repeat(100_000)}`,
  ),
  fc.string({ unit: "binary-ascii" }).map((text) => `x${text.replace(/[\n\0\r[\]]/g, "")} = 1`),
  fc.string({ unit: "grapheme" }).map((text) => `# ${decodeLatin1(encodeUtf8(text.replace(/[\n\0\r]/g, "")))}`),
);
const files = fc.record({
  mark: fc.constantFrom("", "", "\xef\xbb\xbf"),
  lines: fc.array(fc.tuple(lineTexts, endings), { maxLength: 25 }),
  endless: fc.boolean(),
}).map(({ mark, lines, endless }) => {
  const text = mark + lines.map(([line, ending]) => line + ending).join("");
  return endless ? text.replace(/\r?\n$/, "") : text;
});

test("setProfile() changes nothing but the keys, whatever the file", () => {
  fc.assert(
    fc.property(files, fc.constantFrom("default", "other", "new"), (before, profile) => {
      const after = setProfile(before, profile, NEW);
      const bare = (text: string) => text.replace(/^\xef\xbb\xbf/, "");
      const kept = others(bare(before), profile);
      const found = others(bare(after), profile);
      const added = found.slice(kept.length);
      // A last line without an end gets one when something follows.
      assert.equal(found.slice(0, Math.max(0, kept.length - 1)), kept.slice(0, -1));
      if (kept.length > 0) {
        const last = kept[kept.length - 1]!;
        assert.ok([last, `${last}\n`, `${last}\r\n`].includes(found[kept.length - 1]!));
      }
      assert.ok(added.length === 0 || (added.length === 2 && added[0]!.trim() === `[${profile}]`), added.join("|"));
      assert.is(after.startsWith("\xef\xbb\xbf"), before.startsWith("\xef\xbb\xbf"));
      assert.is(setProfile(after, profile, NEW), after);
    }),
    { numRuns: 300 },
  );
});

test("setProfile() leaves what the AWS SDK for JavaScript reads as the new credentials", () => {
  fc.assert(
    fc.property(files, fc.constantFrom("default", "other", "new"), (before, profile) => {
      const after = setProfile(before, profile, NEW);
      assert.is(valueOf(after, profile, "aws_access_key_id"), NEW.accessKeyId);
      assert.is(valueOf(after, profile, "aws_secret_access_key"), NEW.secretAccessKey);
      assert.is(valueOf(after, profile, "aws_session_token"), NEW.sessionToken);
    }),
    { numRuns: 300 },
  );
});

test.run();
