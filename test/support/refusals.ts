/**
 * Everything that a command line can be given and must refuse: with exit code 1, one clear line on standard error,
 * nothing on standard output, and no secret printed. For Node, Bun and Deno.
 *
 * @module
 */

import { KEYS, PASSWORD as KEY_PASSWORD } from "../vectors/keys/keys.ts";
import { SESSION_ARNS, SESSION_FLAGS, type TestAuthority } from "./local-service.ts";
import { CANARY_CREDENTIALS } from "./scripted-answers.ts";
import type { AnswerName, ScriptedService } from "./scripted-service.ts";
import { assert } from "./suite.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** A command line that is refused. */
export interface Refusal {
  /** Completes "the command line refuses". */
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The error's code. */
  readonly code: string;
  /** What the line says. */
  readonly says: RegExp;
  /** The same command line is tried again after a while: too slow for a test that starts a process. */
  readonly retried?: boolean;
}

/** The files that refusals name, and those that work. */
export interface RefusalFiles {
  readonly folder: TemporaryFolder;
  /** Flags of a certificate, a key and intermediates that are fine. */
  readonly good: readonly string[];
  /** Flags of the same with an encrypted key, the password aside. */
  readonly encrypted: readonly string[];
  /** What must never be printed: passwords, lines of private keys, credentials. */
  readonly secrets: readonly string[];
}

/** A password that is given on command lines and must not come back. */
export const WRONG_PASSWORD = "canary-password-0123";

/** Writes the files. */
export async function writeRefusalFiles(authority: TestAuthority): Promise<RefusalFiles> {
  const folder = temporaryFolder();
  const leaf = await authority.issueBelow("client");
  const other = await authority.issueBelow("other client");
  const known = await authority.issue("encrypted client", { keyPem: KEYS["P-256-pkcs8"] });
  const expired = await authority.issue("expired", {
    keyPem: leaf.keyPem,
    notBefore: Date.UTC(2001, 0, 1),
    notAfter: Date.UTC(2002, 0, 1),
  });
  const early = await authority.issue("early", { keyPem: leaf.keyPem, notBefore: Date.UTC(2198, 0, 1) });
  folder.write("cert.pem", leaf.certificatePem);
  folder.write("key.pem", leaf.keyPem);
  folder.write("chain.pem", authority.intermediate.certificatePem);
  folder.write("other-key.pem", other.keyPem);
  folder.write("expired.pem", expired.certificatePem);
  folder.write("early.pem", early.certificatePem);
  folder.write("known.pem", known.certificatePem);
  folder.write("encrypted.pem", KEYS["encrypted-aes-256-cbc-hmac-sha256"]);
  folder.write("empty", "");
  folder.write("binary", Uint8Array.from({ length: 4096 }, (_, index) => (index * 167 + 13) & 0xff));
  folder.write("big", new Uint8Array(10_000_000).fill(0x41));
  folder.write("text.pem", "This is no certificate and no key.\n");
  folder.write("cut-cert.pem", leaf.certificatePem.slice(0, 300));
  folder.write("cut-key.pem", leaf.keyPem.slice(0, 100));
  folder.write("cut-cert.der", leaf.certificate.der.slice(0, 200));
  folder.write("broken-cert.pem", shorten(leaf.certificatePem));
  folder.write("broken-key.pem", shorten(leaf.keyPem));
  for (const name of ["P-224", "secp256k1", "brainpoolP256r1", "ed25519", "dsa", "rsa-512"] as const) {
    folder.write(`${name}.pem`, KEYS[`other-${name}`]);
  }
  const path = (name: string) => `${folder.path}/${name}`;
  const files = (cert: string, key: string) => ["--certificate", path(cert), "--private-key", path(key)];
  return {
    folder,
    good: [...files("cert.pem", "key.pem"), "--intermediates", path("chain.pem")],
    encrypted: files("known.pem", "encrypted.pem"),
    secrets: [
      WRONG_PASSWORD,
      KEY_PASSWORD,
      CANARY_CREDENTIALS.secretAccessKey,
      CANARY_CREDENTIALS.sessionToken,
      ...[leaf.keyPem, other.keyPem, ...Object.values(KEYS).filter((pem) => pem.includes("PRIVATE KEY"))].flatMap(
        linesOf,
      ),
    ],
  };
}

/** Every refusal of `credential-process`. */
export function refusals(
  { folder, good, encrypted }: RefusalFiles,
  service: ScriptedService,
  refusing: string,
): readonly Refusal[] {
  const path = (name: string) => `${folder.path}/${name}`;
  const session = [...SESSION_FLAGS, "--endpoint", service.endpoint("good")];
  const command = (...flags: readonly string[]) => ["credential-process", ...session, ...flags];
  const files = (cert: string, key: string, ...more: readonly string[]) =>
    command("--certificate", path(cert), "--private-key", path(key), ...more);
  const answer = (
    name: AnswerName,
  ) => ["credential-process", ...good, ...SESSION_FLAGS, "--endpoint", service.endpoint(name)];
  const list: Refusal[] = [];
  const add = (name: string, argv: readonly string[], code: string, says: RegExp, rest: Partial<Refusal> = {}) =>
    void list.push({ name, argv, code, says, ...rest });

  // Files that are none.
  const places = {
    certificate: (file: string) => files(file, "key.pem"),
    "private key": (file: string) => files("cert.pem", file),
    intermediates: (file: string) => files("cert.pem", "key.pem", "--intermediates", path(file)),
  } as const;
  for (const [what, argv] of Object.entries(places)) {
    const kind = what === "private key" ? "KEY" : "CERTIFICATE";
    const none = kind === "KEY" ? "ERR_KEY_MISSING" : "ERR_CERTIFICATE_NOT_FOUND";
    add(`a missing ${what} file`, argv("none.pem"), "ERR_FILE_NOT_FOUND", /none\.pem: there is no such file/);
    add(`a folder as ${what} file`, argv("."), "ERR_FILE_ACCESS", /it is a directory/);
    add(`a ${what} file of 10 MB`, argv("big"), "ERR_FILE_TOO_LARGE", /big: it is larger than 1048576 octets/);
    add(`an empty ${what} file`, argv("empty"), none, /the (input|file) is empty|is empty/);
    add(`a ${what} file of plain text`, argv("text.pem"), none, /neither PEM nor DER/);
    add(`a binary ${what} file`, argv("binary"), kind === "KEY" ? none : none, /./);
  }
  add("a certificate file that was cut off", files("cut-cert.pem", "key.pem"), "ERR_CERTIFICATE_MALFORMED", /END/);
  add("a key file that was cut off", files("cert.pem", "cut-key.pem"), "ERR_KEY_MALFORMED", /END/);
  add("a DER certificate that was cut off", files("cut-cert.der", "key.pem"), "ERR_CERTIFICATE_MALFORMED", /./);
  add(
    "a certificate whose PEM holds a piece of it",
    files("broken-cert.pem", "key.pem"),
    "ERR_CERTIFICATE_MALFORMED",
    /./,
  );
  add("a key whose PEM holds a piece of it", files("cert.pem", "broken-key.pem"), "ERR_KEY_MALFORMED", /./);
  add(
    "intermediates that were cut off",
    places.intermediates("cut-cert.pem"),
    "ERR_CERTIFICATE_MALFORMED",
    /END/,
  );
  add("a certificate in place of the key", files("cert.pem", "cert.pem"), "ERR_KEY_MISSING", /only CERTIFICATE/);
  add(
    "a key in place of the certificate",
    files("key.pem", "key.pem"),
    "ERR_CERTIFICATE_NOT_FOUND",
    /only PRIVATE KEY/,
  );

  // Certificates and keys that do not do.
  add(
    "the key of another certificate",
    files("cert.pem", "other-key.pem"),
    "ERR_IDENTITY_KEY_MISMATCH",
    /123456789ab/,
  );
  add(
    "an expired certificate",
    files("expired.pem", "key.pem"),
    "ERR_SESSION_CERTIFICATE_EXPIRED",
    /2002-01-01T00:00:00Z/,
  );
  add(
    "a certificate of the future",
    files("early.pem", "key.pem"),
    "ERR_SESSION_CERTIFICATE_NOT_YET_VALID",
    /2198-01-01/,
  );
  for (const [name, says] of Object.entries(UNSUPPORTED)) {
    add(`a key that is ${says.source}`, files("cert.pem", `${name}.pem`), "ERR_KEY_UNSUPPORTED", says);
  }
  add(
    "an encrypted key without a password",
    command(...encrypted),
    "ERR_KEY_PASSWORD_MISSING",
    /encrypted.*--password-file/,
  );
  add(
    "an encrypted key with a wrong password",
    command(...encrypted, "--pkcs8-password", WRONG_PASSWORD),
    "ERR_KEY_PASSWORD_WRONG",
    /password/,
  );
  add(
    "a password for a key that is not encrypted",
    command(...good, "--pkcs8-password", WRONG_PASSWORD),
    "ERR_KEY_NOT_ENCRYPTED",
    /not encrypted|no private key in the input is encrypted|password/,
  );

  // ARNs, region, endpoint, duration: the last mention wins.
  const wrong = (flag: string, value: string) => [...command(...good), flag, value];
  for (const flag of ["--trust-anchor-arn", "--profile-arn", "--role-arn"]) {
    add(`no ${flag}`, wrong(flag, ""), "ERR_ARN_PREFIX", /ARN/i);
    add(`a ${flag} that is no ARN`, wrong(flag, "trust-anchor/1"), "ERR_ARN_PREFIX", /ARN/i);
    add(`a ${flag} that is too short`, wrong(flag, "arn:aws:rolesanywhere:us-east-1"), "ERR_ARN_SECTIONS", /ARN/i);
  }
  add(
    "a profile of another region",
    wrong("--profile-arn", SESSION_ARNS.profileArn.replace("us-east-1", "eu-central-1")),
    "ERR_SESSION_REGION_MISMATCH",
    /us-east-1.*eu-central-1/,
  );
  add("a duration of a second", wrong("--session-duration", "1"), "ERR_SESSION_DURATION", /900 to 43200/);
  add("an endpoint that is no URL", wrong("--endpoint", "127.0.0.1:1"), "ERR_ENDPOINT_SYNTAX", /endpoint/);
  add(
    "a bundle of trusted server certificates that holds none",
    ["credential-process", ...good, ...SESSION_FLAGS, "--endpoint", "https://127.0.0.1:1"],
    "ERR_SESSION_NETWORK",
    /StatusCode: 0.*Cannot use AWS_CA_BUNDLE: .*text\.pem holds no PEM certificate/,
    { environment: { AWS_CA_BUNDLE: path("text.pem") } },
  );

  // Services that are none.
  add("an endpoint that answers HTML", answer("html"), "ERR_SESSION_RESPONSE", /HTML|JSON/);
  add("an answer that is cut JSON", answer("not-json"), "ERR_SESSION_RESPONSE", /JSON/);
  add("an answer without end", answer("huge"), "ERR_SESSION_RESPONSE_SIZE", /longer|octets/);
  add("a refusal in HTML", answer("html-403"), "ERR_SERVICE_OTHER", /StatusCode: 403/);
  add(
    "a refusal of the service",
    answer("forbidden"),
    "ERR_SERVICE_ACCESS_DENIED",
    /operation error RolesAnywhere: CreateSession, https response error StatusCode: 403, RequestID: 11111111-2222-4333-8444-555555555555, AccessDeniedException: Untrusted certificate/,
  );
  add(
    "a service whose clock never fits",
    answer("wrong-clock"),
    "ERR_SERVICE_ACCESS_DENIED",
    /clock is \d+ minutes fast/,
  );
  for (const name of ["moved", "redirect"] as const) {
    add(`an answer "${name}"`, answer(name), "ERR_SESSION_REDIRECT", /elsewhere\.example, which is not followed/);
  }
  for (const name of ["empty-set", "no-set", "null-set"] as const) {
    add(`an answer "${name}"`, answer(name), "ERR_SESSION_EMPTY_CREDENTIAL_SET", /credential/);
  }
  for (const name of ["no-credentials", "no-access-key", "no-secret", "no-token", "no-expiration"] as const) {
    add(`an answer "${name}"`, answer(name), "ERR_SESSION_INCOMPLETE_CREDENTIALS", /credential/);
  }
  for (const name of ["bad-expiration", "past-expiration"] as const) {
    add(`an answer "${name}"`, answer(name), "ERR_SESSION_EXPIRATION", /expir/);
  }

  // What may pass is tried again.
  const retried = { retried: true };
  for (const name of ["throttled", "too-many"] as const) {
    add(`an answer "${name}"`, answer(name), "ERR_SERVICE_THROTTLED", /attempts, 3,.*StatusCode: 429/, retried);
  }
  for (const [name, status] of [["server-error", 500], ["html-500", 500], ["unavailable", 503]] as const) {
    add(
      `an answer "${name}"`,
      answer(name),
      "ERR_SERVICE_UNAVAILABLE",
      new RegExp(`attempts, 3,.*StatusCode: ${status}`),
      retried,
    );
  }
  const network =
    /exceeded maximum number of attempts, 3, .*request send failed, Post "http:\/\/127\.0\.0\.1:\d+\/\w+\/sessions.*": ./;
  add(
    "an endpoint where nobody listens",
    [
      "credential-process",
      ...good,
      ...SESSION_FLAGS,
      "--endpoint",
      refusing,
    ],
    "ERR_SESSION_NETWORK",
    network,
    retried,
  );
  add("an endpoint that hangs up", answer("break"), "ERR_SESSION_NETWORK", network, retried);
  add("an answer that is cut off", answer("cut"), "ERR_SESSION_NETWORK", network, retried);
  add("an endpoint that never answers", answer("hang"), "ERR_SESSION_TIMEOUT", /no answer within 30000 ms/, retried);
  return list;
}

const UNSUPPORTED: Readonly<Record<string, RegExp>> = {
  "P-224": /P-224|secp224r1/,
  secp256k1: /secp256k1/,
  brainpoolP256r1: /brainpoolP256r1/,
  ed25519: /Ed25519/,
  dsa: /DSA/,
  "rsa-512": /512-bit RSA/,
};

/** Checks how a refused command line ended. */
export function assertRefused(
  refusal: Refusal,
  secrets: readonly string[],
  ended: { readonly code: unknown; readonly output: string; readonly errors: string },
): void {
  const { code, output, errors } = ended;
  assert.is(code, 1, `${refusal.name}: exit code, ${errors}`);
  assert.is(output, "", `${refusal.name}: standard output`);
  const line = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d ([^\n]+) \[(\w+)\]\n$/.exec(errors);
  if (line === null) throw new Error(`not one line with a code: ${JSON.stringify(errors)}`);
  assert.is(line[2], refusal.code, errors);
  assert.match(line[1]!, refusal.says);
  assertNoSecret(errors, secrets);
}

/** Checks that a text holds none of the secrets in play. */
export function assertNoSecret(text: string, secrets: readonly string[]): void {
  const shown = secrets.filter((secret) => text.includes(secret));
  if (shown.length > 0) throw new Error(`a secret is printed: ${shown.join(", ")}`);
}

/** Lines of base64 of a private key in PEM. */
function linesOf(pem: string): readonly string[] {
  return pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
}

/** The PEM block with its contents cut to half. */
function shorten(pem: string): string {
  const lines = pem.trim().split("\n");
  const [first, ...body] = lines.slice(0, -1);
  const text = body.join("");
  return `${first}\n${text.slice(0, (text.length >> 3) * 4)}\n${lines.at(-1)}\n`;
}
