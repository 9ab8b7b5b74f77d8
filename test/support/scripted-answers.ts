/**
 * What a service may answer, wrong as it may be. Runs in every runtime.
 *
 * @module
 */

/** Credentials that tests look for in places where they must not be. */
export const CANARY_CREDENTIALS = {
  accessKeyId: "ASIACANARYCANARY0001",
  secretAccessKey: "canary/secret/access/key/0123456789abcde",
  sessionToken: "canary-session-token+0123456789==",
  expiration: "2199-01-01T00:00:00Z",
} as const;

/** One answer. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Header of an answer in JSON. */
export const JSON_TYPE = { "content-type": "application/json" };
const HTML = "<!DOCTYPE html><title>Sign in</title><p>Please sign in to the guest network";

/** The answers by name. */
export const ANSWERS = {
  good: credentialSet([{ credentials: CANARY_CREDENTIALS }]),
  html: { status: 200, headers: { "content-type": "text/html" }, body: HTML },
  "html-403": { status: 403, headers: { "content-type": "text/html" }, body: HTML },
  "html-500": { status: 500, headers: { "content-type": "text/html" }, body: HTML },
  "not-json": { status: 201, headers: JSON_TYPE, body: '{"credentialSet":[' },
  forbidden: refusal(403, "AccessDeniedException", "Untrusted certificate. Insufficient certificate"),
  throttled: refusal(429, "ThrottlingException", "Rate exceeded"),
  "too-many": { status: 429, body: "" },
  "server-error": refusal(500, "InternalServerException", "Something broke"),
  unavailable: { status: 503, body: "" },
  moved: { status: 301, headers: { location: "https://elsewhere.example/sessions" }, body: "moved" },
  redirect: { status: 307, headers: { location: "https://elsewhere.example/sessions?token=1" }, body: "" },
  "empty-set": credentialSet([]),
  "no-set": { status: 201, headers: JSON_TYPE, body: "{}" },
  "null-set": { status: 201, headers: JSON_TYPE, body: '{"credentialSet":null}' },
  "no-credentials": credentialSet([{ roleArn: "arn:aws:iam::123456789012:role/A" }]),
  "no-access-key": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, accessKeyId: undefined } }]),
  "no-secret": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, secretAccessKey: undefined } }]),
  "no-token": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, sessionToken: "" } }]),
  "no-expiration": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, expiration: null } }]),
  "bad-expiration": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, expiration: "tomorrow" } }]),
  "past-expiration": credentialSet([{ credentials: { ...CANARY_CREDENTIALS, expiration: "2001-01-01T00:00:00Z" } }]),
  huge: { status: 201, headers: JSON_TYPE, body: " ".repeat(3_000_000) },
  // Always an hour late, whatever the client signs with.
  "wrong-clock": {
    ...refusal(403, "AccessDeniedException", "Invalid signature"),
    headers: {
      ...JSON_TYPE,
      "x-amzn-errortype": "AccessDeniedException",
      date: "Thu, 01 Jan 2004 00:00:00 GMT",
    },
  },
} as const satisfies Record<string, ScriptedAnswer>;

function credentialSet(set: readonly unknown[]): ScriptedAnswer {
  return { status: 201, headers: JSON_TYPE, body: JSON.stringify({ credentialSet: set, subjectArn: "arn" }) };
}

function refusal(status: number, code: string, message: string): ScriptedAnswer {
  return {
    status,
    headers: { ...JSON_TYPE, "x-amzn-errortype": `${code}:http://internal.amazon.com/` },
    body: JSON.stringify({ message }),
  };
}
