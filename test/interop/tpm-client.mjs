/**
 * A program that uses TPM keys of `anyrole/hsm` as it is published: reads one job as JSON from standard input, does it,
 * and prints its outcome as JSON. Passwords come with the job, never on the command line.
 */
import process from "node:process";
import { createCredentialProvider } from "anyrole/credentials";
import { createTpmKey, encodeTpmKeyFile, openTpm, persistTpmKey, tpmIdentity, tpmSigner } from "anyrole/hsm";
import { issueCertificateRequest } from "anyrole/issue";

const base64 = (octets) => Buffer.from(octets).toString("base64");
const octets = (text) => new Uint8Array(Buffer.from(text, "base64"));
const utf8 = (text) => text === undefined ? undefined : new TextEncoder().encode(text);
const message = (i) => utf8(`message ${i}`);

const text = [];
for await (const chunk of process.stdin) text.push(chunk);
const job = JSON.parse(Buffer.concat(text).toString());

/** Options of a signer; a password is given, or answered as often as it is asked for. */
const requests = [];
const options = {
  tpm: job.tpm,
  key: job.key,
  password: job.ask
    ? (request) => {
      requests.push(request.attempt);
      return utf8(job.password);
    }
    : utf8(job.password),
  parentPassword: utf8(job.parentPassword),
};

const jobs = {
  async sign() {
    const signer = await tpmSigner(options);
    try {
      const sign = (i) => signer.sign(message(i));
      const signatures = await Promise.all(Array.from({ length: job.count }, (_, i) => sign(i)));
      const result = { algorithm: signer.algorithm.name, publicKey: base64(signer.publicKey) };
      return { ...result, signatures: signatures.map(base64), requests };
    } finally {
      await signer.close();
    }
  },
  /** What the signer does wrong, by the tests of every signer. */
  async conform() {
    const { signerFaults } = await import("./signer-faults.mjs");
    const signer = await tpmSigner(options);
    try {
      return { faults: await signerFaults({ signer }) };
    } finally {
      await signer.close();
    }
  },
  async credentials() {
    const source = tpmIdentity({ ...options, ...job.identity });
    const provide = createCredentialProvider({ source, ...job.session }, {
      fetch,
      now: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    try {
      return { accessKeyId: (await provide()).accessKeyId };
    } finally {
      await source.close();
    }
  },
  async create() {
    const { tpm, password, parentPassword } = options;
    const { pem, publicKey } = await createTpmKey({ tpm, password, parentPassword, ...job.create });
    const signer = await tpmSigner({ ...options, key: pem });
    const request = await issueCertificateRequest({ subject: [{ type: "CN", value: "TPM" }] }, signer);
    await signer.close();
    return { pem, publicKey: base64(publicKey), request: base64(request) };
  },
  async persist() {
    await persistTpmKey({ tpm: job.tpm, key: job.key, handle: job.handle });
  },
  /** Writes a key file of parts that other tools made. */
  file() {
    const { policy, secret, ...rest } = job.parts;
    const parts = { ...rest, publicPart: octets(rest.publicPart), privatePart: octets(rest.privatePart) };
    return encodeTpmKeyFile({
      ...parts,
      ...(secret === undefined ? {} : { secret: octets(secret) }),
      ...(policy === undefined
        ? {}
        : { policy: policy.map(({ commandCode, parameters }) => ({ commandCode, parameters: octets(parameters) })) }),
    });
  },
  /** Signs many times and fails many times; answers the memory before and after. */
  async endure() {
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    const tpm = await openTpm(job.tpm);
    const good = await tpmSigner({ ...options, tpm });
    const bad = await tpmSigner({ ...options, tpm, key: job.wrongKey, password: utf8("wrong") });
    const round = async (signatures, failures) => {
      for (let i = 0; i < signatures; i++) await good.sign(message(i));
      let failed = 0;
      for (let i = 0; i < failures; i++) await bad.sign(message(i)).catch(() => failed++);
      if (failed !== failures) throw new Error(`${failed} of ${failures} failed`);
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await round(500, 50);
    const after = await round(job.signatures, job.failures);
    await tpm.close();
    return { before, after };
  },
};

async function outcome(work) {
  try {
    return { value: await work() };
  } catch (error) {
    // Everything that a log could show of it.
    const { inspect } = await import("node:util");
    const shown = `${inspect(error, { showHidden: true, depth: 9 })} ${JSON.stringify(error)}`;
    return { error: { code: error.code, message: error.message, shown, requests } };
  }
}

// A provider of credentials waits for the time to renew them.
process.stdout.write(JSON.stringify(await outcome(jobs[job.do])) + "\n", () => process.exit(0));
