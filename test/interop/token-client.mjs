/**
 * A program that uses `anyrole/hsm` as it is published: reads one job as JSON from standard input, does it, and prints its
 * outcome as JSON. PINs come with the job, never on the command line.
 */
import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import process from "node:process";
import { createCredentialProvider } from "anyrole/credentials";
import {
  generateTokenKey,
  importTokenCertificate,
  listTokenCertificates,
  listTokens,
  pkcs11Identity,
  pkcs11Signer,
} from "anyrole/hsm";
import { issueCertificateRequest } from "anyrole/issue";
import { portableProvider } from "anyrole/portable";
import { layeredProvider, webCryptoProvider } from "anyrole/sign";

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const provider = layeredProvider([webCryptoProvider(), portableProvider({ random })]);
const base64 = (octets) => Buffer.from(octets).toString("base64");
const octets = (text) => new Uint8Array(Buffer.from(text, "base64"));

const text = [];
for await (const chunk of process.stdin) text.push(chunk);
const job = JSON.parse(Buffer.concat(text).toString());
const requests = [];
const reach = {
  ...(job.module === undefined ? {} : { module: job.module }),
  ...(job.pin === undefined ? {} : {
    pin: (request) => {
      requests.push(request);
      return new TextEncoder().encode(job.pin);
    },
  }),
};
const options = { ...reach, crypto: provider, ...(job.reusePin ? { reusePin: true } : {}) };
const message = (i) => new TextEncoder().encode(`message ${i}`);

const jobs = {
  async generate() {
    const { key, alwaysAuthenticate = false, subject } = job;
    const made = await generateTokenKey(job.uri, { ...options, key, alwaysAuthenticate });
    const signer = await pkcs11Signer(made.uri, options);
    const request = await issueCertificateRequest({ subject: [{ type: "CN", value: subject }] }, signer);
    await signer.close();
    return { uri: made.uri, publicKey: base64(made.publicKey), request: base64(request) };
  },
  import: () =>
    importTokenCertificate(job.uri, { ...options, certificate: octets(job.certificate), others: job.others }),
  async credentials() {
    const source = pkcs11Identity({ ...options, ...job.identity });
    const provide = createCredentialProvider({ source, ...job.session }, {
      fetch,
      now: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random,
    });
    const credentials = await provide();
    const { chain } = await source.identity();
    await source.close();
    return { accessKeyId: credentials.accessKeyId, chain: chain.length };
  },
  async sign() {
    const source = job.key === undefined ? pkcs11Identity({ ...options, ...job.identity }) : undefined;
    const signer = source === undefined ? await pkcs11Signer(job.key, options) : (await source.identity()).signer;
    const signatures = await Promise.all(Array.from({ length: job.count }, (_, i) => signer.sign(message(i))));
    const result = { algorithm: signer.algorithm.name, publicKey: base64(signer.publicKey) };
    await (source ?? signer).close();
    return { ...result, signatures: signatures.map(base64), requests: requests.length };
  },
  /** What the signer does wrong, by the tests of every signer. */
  async conform() {
    const { signerFaults } = await import("./signer-faults.mjs");
    const source = job.key === undefined ? pkcs11Identity({ ...options, ...job.identity }) : undefined;
    const identity = await source?.identity();
    const signer = identity?.signer ?? await pkcs11Signer(job.key, options);
    const faults = await signerFaults({ signer, ...identity && { publicKey: identity.certificate.spki } });
    await (source ?? signer).close();
    return { faults };
  },
  /** Signs, has the token taken away, and put back. */
  async reseat() {
    const source = pkcs11Identity({ ...options, ...job.identity });
    const identity = await source.identity();
    await identity.signer.sign(message(0));
    act(job.away);
    const gone = await outcome(() => identity.signer.sign(message(0)));
    const absent = await outcome(() => source.identity());
    act(job.back);
    const signature = await identity.signer.sign(message(0));
    const same = await source.identity() === identity;
    await source.close();
    const publicKey = base64(identity.signer.publicKey);
    return { gone: gone.error?.code, absent: absent.error?.code, same, publicKey, signatures: [base64(signature)] };
  },
  async list() {
    const { module, info, tokens } = await listTokens({ ...reach, uri: job.uri, login: job.login ?? "skip" });
    return {
      module,
      library: info.libraryDescription,
      tokens: tokens.map(({ uri, tries, objects }) => ({
        uri,
        tries,
        objects: objects.map(({ type, uri, keyType }) => ({ type, uri, keyType })),
      })),
    };
  },
  /** Verifies ML-DSA signatures, which Node 20 does not know, with OpenSSL. */
  async verify() {
    const { createPublicKey, verify } = await import("node:crypto");
    const key = createPublicKey({ key: Buffer.from(job.publicKey, "base64"), format: "der", type: "spki" });
    return job.signatures.every((signature, i) => verify(null, message(i), key, Buffer.from(signature, "base64")));
  },
  certificates: async () => (await listTokenCertificates({ ...reach, uri: job.uri })).map(({ uri }) => uri),
};

/** Renames folders, or runs a program. */
function act({ rename = [], run }) {
  for (const [from, to] of rename) renameSync(from, to);
  if (run !== undefined) execFileSync(run[0], run.slice(1), { stdio: "ignore" });
}

async function outcome(work) {
  try {
    return { value: await work() };
  } catch (error) {
    // Everything that a log could show of it.
    const { inspect } = await import("node:util");
    const shown = `${inspect(error, { showHidden: true, depth: 9 })} ${JSON.stringify(error)}`;
    return { error: { code: error.code, message: error.message, shown } };
  }
}

// Time limits of requests that were answered would keep the process waiting.
process.stdout.write(JSON.stringify(await outcome(jobs[job.do])) + "\n", () => process.exit());
