// runtimes: node20
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "../../support/capabilities.ts";
import { runProgram, runtimeProgram } from "../../support/programs.ts";
import { assert, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/node/bin: koffi");

const folder = temporaryFolder();
const ADDON = `@koromix/koffi-${process.platform}-${process.arch}`;

test.after(() => folder.remove());

/** What stands in for koffi or its addon: it loads nothing, and says who it is. */
const speaking = (name: string, version: string): string =>
  `exports.version = "${version}";
  exports.config = () => ({ async_stack_size: 1e9 });
  exports.load = () => { throw new Error("asked was ${name} ${version}"); };
  exports.default = exports;`;

/** What the command says of a module, with these packages beside it. */
async function complaint(place: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const modules = join(folder.path, place, "node_modules");
  for (const [name, text] of Object.entries(packages)) {
    mkdirSync(join(modules, name), { recursive: true });
    writeFileSync(join(modules, name, "index.js"), text);
  }
  const bin = join(modules, "anyrole", "dist", "bin");
  cpSync(join(repositoryRoot(), "dist", "bin"), bin, { recursive: true });
  const { program } = await runtimeProgram("node20");
  const ended = await runProgram([program!, join(bin, "anyrole.cjs")], ["token", "list", "--pkcs11-lib", "/m.so"]);
  assert.is(ended.code, 1);
  return ended.errors;
}

test("bin takes the addon beside koffi, of koffi 3", async () => {
  const koffi = speaking("koffi", "3.3.4");
  assert.match(await complaint("both", { koffi, [ADDON]: speaking("addon", "3.3.4") }), /asked was addon 3\.3\.4/);
  assert.match(await complaint("other", { koffi, [ADDON]: speaking("addon", "4.0.0") }), /asked was koffi 3\.3\.4/);
});

test("bin takes koffi where its addon is not found, or does not load, or is something else", async () => {
  const koffi = speaking("koffi", "3.3.4");
  assert.match(await complaint("alone", { koffi }), /asked was koffi/);
  for (const [place, text] of [["broken", "throw new Error('wrong ELF class')"], ["empty", ""]] as const) {
    assert.match(await complaint(place, { koffi, [ADDON]: text }), /asked was koffi/);
  }
});

test("bin says what is wrong with koffi, and what to do where there is none", async () => {
  const koffi = "throw new Error('wrong ELF class')";
  assert.match(
    await complaint("wrong", { koffi, [ADDON]: koffi }),
    /koffi: it is installed and does not start \(wrong/,
  );
  assert.match(await complaint("none", {}), /npm install koffi/);
});

test.run();
