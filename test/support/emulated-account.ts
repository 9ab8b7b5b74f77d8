/**
 * An emulated account whose administrator, and whoever else has credentials, calls IAM, STS and S3.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { signRequest, type SigV4Credentials } from "../../core/sigv4/mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../runtimes/emulator/mod.ts";
import { assert } from "./suite.ts";
import { NOW, testRandom } from "./test-authority.ts";

/** The administrator's key. */
export const ADMINISTRATOR: SigV4Credentials = {
  accessKeyId: "AKIATESTADMINISTRATOR",
  secretAccessKey: "administrator/of+the/test/account/000000",
};

/** The account. */
export const ACCOUNT = "123456789012";

/** What a service said. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text. */
  readonly text: string;
  /** What stands in the first element of this name, entities decoded; undefined when there is none. */
  element(name: string): string | undefined;
  /** What stands in all elements of this name. */
  elements(name: string): readonly string[];
}

/** A request to S3. */
export interface S3TestRequest {
  readonly method: string;
  /** Percent-encoded, as it goes over the wire. */
  readonly path: string;
  readonly query?: string;
  /** Default `127.0.0.1:8080`. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Bytes;
}

/** How a call is signed. */
export interface Signing {
  /** Default {@link ADMINISTRATOR}; null: not at all. */
  readonly credentials?: SigV4Credentials | null;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Default {@link NOW}. */
  readonly timeMs?: number;
}

/** An emulator and how to call it. */
export interface EmulatedAccount {
  readonly emulator: Emulator;
  /** Calls STS or IAM; parameters that are undefined are left out. */
  query(
    action: string,
    parameters?: Readonly<Record<string, string | undefined>>,
    signing?: Signing,
  ): Promise<ServiceAnswer>;
  /** Calls S3. */
  s3(request: S3TestRequest, signing?: Signing): Promise<ServiceAnswer>;
  /** Calls AssumeRole, which must succeed. */
  assume(role: string, parameters?: Readonly<Record<string, string>>, signing?: Signing): Promise<SigV4Credentials>;
}

/** Makes an account. */
export function emulatedAccount(options: Partial<EmulatorOptions> = {}): EmulatedAccount {
  const emulator = createEmulator({
    accessKeys: [ADMINISTRATOR as Required<SigV4Credentials>].map(({ accessKeyId, secretAccessKey }) => ({
      accessKeyId,
      secretAccessKey,
    })),
    now: () => NOW,
    crypto: portableProvider({ random: testRandom("account") }),
    ...options,
  });
  const query: EmulatedAccount["query"] = async (action, parameters = {}, signing = {}) => {
    const iam = !STS_ACTIONS.includes(action);
    const form = new URLSearchParams({ Action: action, Version: iam ? "2010-05-08" : "2011-06-15" });
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.append(name, value);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = { method: "POST", path: "/", headers, body: form.toString() };
    return await send(emulator, request, iam ? "iam" : "sts", signing);
  };
  return {
    emulator,
    query,
    s3: (request, signing = {}) => send(emulator, request, "s3", signing),
    async assume(role, parameters = {}, signing = {}) {
      const answer = await query("AssumeRole", {
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        RoleSessionName: "test",
        ...parameters,
      }, signing);
      assert.is(answer.status, 200, answer.text);
      return {
        accessKeyId: answer.element("AccessKeyId")!,
        secretAccessKey: answer.element("SecretAccessKey")!,
        sessionToken: answer.element("SessionToken")!,
      };
    },
  };
}

/** Sends a request as it is, dot segments of its path included. */
export async function send(
  emulator: Emulator,
  { method, path, query = "", host = "127.0.0.1:8080", headers = {}, body }: S3TestRequest,
  service: string,
  { credentials = ADMINISTRATOR, region = "us-east-1", timeMs = NOW }: Signing,
): Promise<ServiceAnswer> {
  const signed = credentials === null ? {} : signRequest(
    { method, path, query, headers: { host, ...headers }, body },
    { credentials, region, service, timeMs },
  ).headers;
  const target = `${path}${query === "" ? "" : `?${query}`}`;
  const request = new Request(`http://${host}${target}`, {
    method,
    headers: { ...headers, ...signed },
    ...(body === undefined ? {} : { body: typeof body === "string" ? encodeUtf8(body) : body }),
  });
  // A server hands the target over as it was sent.
  Object.defineProperty(request, "url", { value: `http://${host}${target}` });
  return await readAnswer(await emulator.fetch(request));
}

/** Reads an answer to its end. */
export async function readAnswer(response: Response): Promise<ServiceAnswer> {
  const text = await response.text();
  const elements = (name: string): string[] =>
    Array.from(
      text.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, "g")),
      ([, value]) => unescape(value!),
    );
  return { status: response.status, headers: response.headers, text, elements, element: (name) => elements(name)[0] };
}

/** Checks that a call was refused with this status and code, without a stack trace; answers the message. */
export function assertRefused(answer: ServiceAnswer, status: number, code: string): string {
  assert.equal([answer.status, answer.element("Code")], [status, code], answer.text);
  assert.not.match(answer.text, /\bat [A-Za-z]+ \(/);
  assert.not.match(answer.text, ADMINISTRATOR.secretAccessKey);
  return answer.element("Message")!;
}

/** A policy with these statements, as JSON text. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A trust policy for this principal. */
export function trusting(principal: object, condition?: object): string {
  const Action = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
  return policy({ Effect: "Allow", Principal: principal, Action, ...(condition ? { Condition: condition } : {}) });
}

/** A trust policy for everybody in the account whose own policies allow it. */
export const TRUSTS_ACCOUNT: string = /* @__PURE__ */ trusting({ AWS: ACCOUNT });

function unescape(text: string): string {
  return text.replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&#13;/g, "\r")
    .replace(/&amp;/g, "&");
}

const STS_ACTIONS: readonly string[] = ["AssumeRole", "GetCallerIdentity"];
