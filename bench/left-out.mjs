/**
 * What of a run the machine lacks: told at once, and kept for the page.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Programs of the machine, the Debian packages that bring them, and what a run leaves out without them. */
const PROGRAMS = [
  { program: "cc", packages: ["gcc", "libssl-dev"], without: "libcrypto" },
  { program: "go", packages: ["golang-go"], without: "Go's standard library", elsewhere: ["/usr/local/go/bin"] },
  { program: "redis-server", packages: ["redis-server"], without: "the store in Redis" },
  { program: "softhsm2-util", packages: ["softhsm2"], without: "keys in PKCS#11 tokens" },
  { program: "swtpm", packages: ["swtpm", "swtpm-tools", "tpm2-tools"], without: "keys in a TPM" },
  {
    program: "make",
    packages: ["make", "g++", "python3"],
    without: "pkcs11js, which is compiled when it is installed",
  },
];

const told = new Set();
let ofTopic = new Set();

/** Says what a topic leaves out, and why. */
export function leaveOut(sentence) {
  if (!told.has(sentence)) console.error(sentence);
  told.add(sentence);
  ofTopic.add(sentence);
}

/** What was left out since this was last asked. */
export function takeLeftOut() {
  const sentences = [...ofTopic];
  ofTopic = new Set();
  return sentences;
}

/** Says before a long run what it will leave out, and how to get it; nothing where nothing is missing. */
export function missingPrograms() {
  const missing = PROGRAMS.filter(({ program, elsewhere = [] }) => !isOnPath(program, elsewhere));
  if (missing.length === 0) return [];
  return [
    ...missing.map(({ program, without }) => `There is no ${program} on this machine: left out is ${without}`),
    `On Debian: apt-get install ${missing.flatMap(({ packages }) => packages).join(" ")}`,
  ];
}

function isOnPath(program, elsewhere) {
  return [...(process.env.PATH ?? "").split(delimiter), ...elsewhere].some((folder) => {
    try {
      accessSync(join(folder, process.platform === "win32" ? `${program}.exe` : program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
