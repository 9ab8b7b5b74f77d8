// runtimes: node20
import { verify } from "node:crypto";
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { mlDsaAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { ed25519PublicKey } from "../../../core/crypto/spki-encoding.ts";
import { openSequence } from "../../../core/der/reader.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { VERSION } from "../../../core/version.ts";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { GOLDEN_PEM } from "../../core/sign/golden-identity.ts";
import { largeRevocationList } from "../../support/large-revocation-list.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { commandLines, type Ended, runProgram } from "../../support/programs.ts";
import { CANARY_CREDENTIALS } from "../../support/scripted-answers.ts";
import { startScriptedService } from "../../support/scripted-service.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testRandom } from "../../support/test-authority.ts";
import { unsignedCertificate } from "../../support/x509-fixtures.ts";
import { KEYS, PASSWORD } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/cli/output");

const programs = await commandLines();
const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issueBelow("client");
const encrypted = await authority.issue("encrypted client", {
  keyPem: KEYS["P-256-pkcs8"],
});
const server = await authority.issue("localhost", { kind: "server" });
const emulator = trustingEmulator(authority, Date.now);
const plain = await startService(nodeHost(), emulator);
const secure = await startService(nodeHost(), emulator, server);
const late = await startService(nodeHost(), trustingEmulator(authority, () => Date.now() + 3_600_000));
const scripted = await startScriptedService();

const root = folder.write("root.pem", authority.root.certificatePem);
const good = [
  "--certificate",
  folder.write("cert.pem", client.certificatePem),
  "--private-key",
  folder.write("key.pem", client.keyPem),
  "--intermediates",
  folder.write("chain.pem", authority.intermediate.certificatePem),
  ...SESSION_FLAGS,
];
const verified = ["verify", ...good.slice(0, 2), ...good.slice(4, 6), "--trust-anchor", root];
const large = folder.write(
  "large.crl",
  await largeRevocationList({
    entries: 120_000,
    issuer: [{ type: "CN", value: authority.intermediate.name }],
    thisUpdate: Date.UTC(2020, 0, 1),
    nextUpdate: Date.UTC(2199, 0, 1),
  }, authority.intermediate.signer),
);
const golden = folder.write("golden.pem", GOLDEN_PEM);

test.after(async () => {
  await Promise.all([plain.close(), secure.close(), late.close(), scripted.close()]);
  folder.remove();
});

const PRINTED =
  /^\{"Version":1,"AccessKeyId":"ASIA[A-Z0-9]{16}","SecretAccessKey":"[^"]{40}","SessionToken":"[^"]+","Expiration":"[0-9T:-]+Z","AccountId":"123456789012"\}$/;

/** How the signatures of the golden key begin. */
const GOLDEN_STARTS = {
  SHA256: "5fd00b7ceb752c87ce08c1b355fa1169c2486e3f9c304c341318cc6fb871deea",
  SHA384: "089ad2a23396810e02d04f361fa66fb3b54b59887f76f039a5d31530758488eb",
  SHA512: "66a72ae5e5da3b3e4c9584f28d507b4151a3a31148a9ffc7bc5898705e26d30f",
} as const;

type Start = (words: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>;

for (const { name, command, missing } of programs) {
  const add = (title: string, body: (start: Start) => Promise<void>): void =>
    test(title.replace("()", ` on ${name}`), async () => {
      if (command === undefined) return skip(missing!);
      await body((words, environment) => runProgram(command, words, environment));
    });

  add("credential-process() prints exactly the credentials", async (start) => {
    const ended = await start([
      "credential-process",
      ...good,
      "--endpoint",
      scripted.endpoint("good"),
    ]);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = CANARY_CREDENTIALS;
    assert.equal(texts(ended), {
      code: 0,
      output: `{"Version":1,"AccessKeyId":"${accessKeyId}","SecretAccessKey":"${secretAccessKey}",` +
        `"SessionToken":"${sessionToken}","Expiration":"${expiration}","AccountId":"123456789012"}`,
      errors: "",
    });
  });

  add(
    "credential-process() gets credentials of the local service, and corrects its clock",
    async (start) => {
      for (const { endpoint } of [plain, late]) {
        const { code, output, errors } = texts(await start(["credential-process", ...good, "--endpoint", endpoint]));
        assert.is(errors, "");
        assert.is(code, 0);
        assert.match(output, PRINTED);
      }
    },
  );

  add(
    "credential-process() decrypts a key with --pkcs8-password",
    async (start) => {
      const certificate = folder.write("known.pem", encrypted.certificatePem);
      for (const form of ["encrypted-aes-256-cbc-hmac-sha512", "encrypted-scrypt"] as const) {
        const key = folder.write(`${form}.pem`, KEYS[form]);
        const flags = ["--certificate", certificate, "--private-key", key, "--pkcs8-password", PASSWORD];
        const words = [
          "credential-process",
          ...flags,
          ...SESSION_FLAGS,
          "--endpoint",
          plain.endpoint,
        ];
        const { output, errors } = texts(await start(words));
        assert.is(errors, "");
        assert.match(output, PRINTED);
      }
    },
  );

  add(
    "credential-process() trusts AWS_CA_BUNDLE over HTTPS, or anybody with --no-verify-ssl",
    async (start) => {
      const words = [
        "credential-process",
        ...good,
        "--endpoint",
        secure.endpoint,
      ];
      const trusting = texts(await start(words, { AWS_CA_BUNDLE: root }));
      assert.is(trusting.errors, "");
      assert.match(trusting.output, PRINTED);
      const blind = texts(await start([...words, "--no-verify-ssl"]));
      if (name === "Deno") {
        assert.is(blind.code, 1);
        assert.is(blind.output, "");
        assert.match(
          blind.errors,
          /Deno allows it only on its own command line; add the server's CA with AWS_CA_BUNDLE/,
        );
      } else {
        // Node itself may warn of the missing check.
        assert.match(blind.output, PRINTED);
        assert.is(blind.code, 0);
      }
    },
  );

  add("verify() answers by its exit code, and reads a list of any size", async (start) => {
    assert.is(texts(await start(verified)).code, 0);
    assert.equal(texts(await start([...verified, "--time", "2200-01-01T00:00:00Z"])).code, 1);
    assert.is((await start([...verified, "--crl", large])).code, 2, "nothing is known of the intermediate");
    const { code, output, errors } = texts(await start([...verified, "--crl", large, "--unknown-revocation", "allow"]));
    assert.is(errors, "");
    assert.is(code, 0);
    assert.match(output, /CN=client, serial number \d+, not revoked\n/);
  });

  add(
    "sign-string() signs with the golden key in every format and digest",
    async (start) => {
      for (const [digest, begin] of Object.entries(GOLDEN_STARTS)) {
        const words = ["sign-string", "--certificate", golden, "--digest", digest];
        const text = texts(await start([...words, "--format", "text"]));
        assert.equal({ ...text, output: text.output.slice(0, 64) }, {
          code: 0,
          output: begin,
          errors: "",
        });
        assert.match(text.output, /^[0-9a-f]{512}$/);
        if (digest !== "SHA256") continue;
        assert.is(texts(await start(["sign-string", "--private-key", golden])).output, JSON.stringify(text.output));
        assert.is(encodeHex((await start([...words, "--format=bin"])).output), text.output);
      }
    },
  );
}

/** The command line as it is published, on the Node that runs the tests. */
async function anyrole(...words: readonly string[]): Promise<Ended> {
  const [node20] = programs;
  return await runProgram(node20!.command!, words);
}

test("sign-string signs with EC keys, and node:crypto verifies it", async () => {
  for (const curve of ["P-256", "P-384", "P-521"] as const) {
    const key = folder.write(`${curve}.pem`, KEYS[`${curve}-sec1`]);
    for (const digest of ["SHA256", "SHA384", "SHA512"]) {
      const words = [
        "sign-string",
        "--private-key",
        key,
        "--format",
        "bin",
        "--digest",
        digest,
      ];
      const { code, output, errors } = await anyrole(...words);
      assert.is(code, 0, errors);
      const message = signedText(KEYS[`${curve}-public`]);
      assert.ok(verify(digest, message, KEYS[`${curve}-public`], output), `${curve} ${digest}`);
    }
  }
});

test("sign-string signs with ML-DSA keys and ignores the digest", async () => {
  const portable = portableProvider({ random: testRandom("sign-string") });
  const key = await portable.generatePrivateKey({
    type: "ml-dsa",
    parameterSet: "ML-DSA-65",
  });
  const algorithm = mlDsaAlgorithm("ML-DSA-65");
  const path = folder.write("ml-dsa.pem", encodePem("PRIVATE KEY", encodePkcs8(key)));
  const { code, output, errors } = await anyrole(
    "sign-string",
    "--private-key",
    path,
    "--format=bin",
    "--digest=SHA512",
  );
  assert.is(code, 0, errors);
  const { publicKey } = await portable.importPrivateKey(key, algorithm);
  const verifier = await portable.importPublicKey(parseSubjectPublicKeyInfo(publicKey), algorithm);
  const message = new TextEncoder().encode("AWS Roles Anywhere Credential Helper Signing Test1");
  assert.ok(await verifier.verify(message, new Uint8Array(output)));
});

test("read-certificate-data prints type, DER, serial number and algorithms of the first certificate", async () => {
  const p256 = await authority.issue("p256", {
    serialNumber: 0x0a1b2c3d4e5f60718293n,
  });
  const rsa = await authority.issue("rsa", {
    keyPem: KEYS["rsa-pkcs8"],
    serialNumber: 1,
  });
  const mlDsa = await authority.issue("ml-dsa", {
    key: { type: "ml-dsa", parameterSet: "ML-DSA-87" },
    serialNumber: 128,
  });
  const ed25519 = await unsignedCertificate({
    publicKey: ed25519PublicKey({ key: new Uint8Array(32).fill(3) }).spki,
  });
  const cases: readonly (readonly [
    der: Uint8Array<ArrayBuffer>,
    type: string,
    serial: string,
    algorithms: string,
  ])[] = [
    [rsa.certificate.der, "RSA", "1", '"RSASHA256","RSASHA384","RSASHA512"'],
    [p256.certificate.der, "EC", "47724914708969405121171", '"ECSHA256","ECSHA384","ECSHA512"'],
    [mlDsa.certificate.der, "ML-DSA-87", "128", '"ML-DSA-87"'],
    [ed25519, "", "7", '"SHA256","SHA384","SHA512"'],
  ];
  for (const [der, type, serial, algorithms] of cases) {
    const pem = encodePem("CERTIFICATE", der);
    for (const contents of [pem, `text\n${pem}${authority.root.certificatePem}`, der]) {
      const path = folder.write("read.pem", contents);
      assert.equal(
        texts(await anyrole("read-certificate-data", "--certificate", path)),
        {
          code: 0,
          output: `{"keyType":"${type}","certificateData":"${encodeBase64(der)}","serialNumber":"${serial}",` +
            `"supportedAlgorithms":[${algorithms}]}`,
          errors: "",
        },
      );
    }
  }
});

test("version, help and the bare program print on standard output and end with 0", async () => {
  assert.equal(texts(await anyrole("version")), {
    code: 0,
    output: `${VERSION}\n`,
    errors: "",
  });
  const bare = texts(await anyrole());
  assert.is(bare.code, 0);
  assert.is(bare.errors, "");
  assert.match(bare.output, "anyrole [command]");
  assert.equal(texts(await anyrole("help")), bare);
  const help = texts(await anyrole("credential-process", "--help"));
  assert.is(help.code, 0);
  assert.match(help.output, "--trust-anchor-arn string");
});

test("usage errors go to standard error with the usage and end with 1", async () => {
  const flag = texts(await anyrole("credential-process", "--unknown"));
  assert.is(flag.code, 1);
  assert.is(flag.output, "");
  assert.match(
    flag.errors,
    /^Error: unknown flag: --unknown\nUsage:\n {2}anyrole credential-process \[flags\]\n[^]+\n\n\S+ \S+ unknown flag: --unknown \[ERR_USAGE_UNKNOWN_FLAG\]\n$/,
  );
  const command = texts(await anyrole("credential-proces"));
  assert.is(command.code, 1);
  assert.is(command.output, "");
  assert.match(
    command.errors,
    /^Error: unknown command .*did you mean credential-process\?\nRun 'anyrole --help' for usage\.\n\n/,
  );
});

interface EndedText {
  readonly code: Ended["code"];
  readonly output: string;
  readonly errors: string;
}

function texts({ code, output, errors }: Ended): EndedText {
  return { code, output: new TextDecoder().decode(output), errors };
}

/** The text that sign-string signs with the key of this public key, PEM. */
function signedText(publicPem: string): Uint8Array {
  const spki = openSequence(decodePem(publicPem)[0]!.octets, "SubjectPublicKeyInfo");
  spki.skip("algorithm");
  const point = spki.octetAlignedBitString("subjectPublicKey");
  const text = new TextEncoder();
  const prefix = text.encode("IAM RA");
  const hash = nodeHost().sha256.digest(new Uint8Array([...prefix, ...point]));
  return new Uint8Array([
    ...text.encode("AWS Roles Anywhere Credential Helper Signing Test1"),
    ...hash,
  ]);
}

test.run();
