/**
 * Prints a table of what the suites about paths, names, lists and their signatures score: `node
 * test/conformance/scores.mjs [--data DIR]`, further flags as for `npm run conformance`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../../build/bootstrap.mjs";

/** Measured scores of others, each of as many cases as it says: the READMEs of the data tell how. */
const OTHERS = {
  "pkits": "of all 249: OpenSSL 3.5 247; PKI.js 4.0 204, 22 false accepts",
  "x509-limbo":
    "of all 208 less what each cannot express: pyca/cryptography 50 162 of 198; OpenSSL 3.5 strict 155 of 206; " +
    "Go 1.26 137 of 192",
  "bettertls": "of all 81 paths: Go 1.26 81, OpenSSL 3.5 55; of 2,496 name constraints: Go 2,496, OpenSSL 2,466",
  "boringssl-chains": "of 108 plain cases of all 197: OpenSSL 3.5 88, Go 1.26 87",
  "boringssl-crl": "of all 66: OpenSSL 3.5 52, 10 false accepts",
  "boringssl-names": "",
  "boringssl-parse": "",
  "boringssl-signed-data": "",
  "botan-name-constraints":
    "of all 290 that are not contested: OpenSSL 3.5 251, 35 false accepts; Go 1.26 235, 37 false accepts",
  "botan-x509test": "OpenSSL 3.5 37 of 37",
  "botan-pss": "of 91 chains: OpenSSL 3.5 91",
  "webpki-names": "",
  "fuzz-der": "",
};

const args = ["--suite", Object.keys(OTHERS).join(","), "--json", ...process.argv.slice(2)];
const script = join(ROOT, "test", "conformance", "run.mjs");
const { stdout, status } = spawnSync(process.execPath, [script, ...args], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
const results = stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
console.log(
  "| suite | cases here | scored | as they should be | false accepts | false rejects | not scored | others |",
);
console.log("|---|--:|--:|--:|--:|--:|--:|---|");
for (const name of Object.keys(OTHERS)) {
  const result = results.find(({ suite }) => suite === name);
  if (result === undefined) continue;
  const { passed, failed, excepted, skipped } = result;
  const scored = passed + failed + excepted;
  const times = (kind) => /\((\d+)\)$/.exec((result.notes ?? []).find((note) => note.startsWith(kind)) ?? "")?.[1] ?? 0;
  const cells = [name, scored + skipped, scored, passed, times("false accept"), times("false reject"), skipped];
  console.log(`| ${[...cells, OTHERS[name]].join(" | ")} |`);
}
process.exitCode = status ?? 1;
