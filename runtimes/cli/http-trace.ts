/**
 * Requests and answers on standard error, for `--debug`, as the AWS SDKs log them: `SDK YYYY/MM/DD HH:MM:SS DEBUG …`. What
 * must stay secret is left out.
 *
 * @module
 */

import type { FetchInit, FetchResponse } from "../../core/ports.ts";
import { decodeLatin1 } from "../../core/bytes/text.ts";
import { readBoundedBody } from "../../core/response-body.ts";
import type { Host, HttpClient } from "../host.ts";
import { logLine } from "./log-line.ts";

/**
 * Sends a request and tells of it and of its answer.
 *
 * Secret: signatures, session tokens, secret access keys and external ids are shown as `…`; so is everything in a body
 * that is not read as JSON or XML, but for its length.
 */
export async function tracedRequest(
  host: Pick<Host, "writeError" | "now">,
  send: HttpClient,
  url: string,
  init: FetchInit,
): Promise<FetchResponse> {
  const known = secretsOf(init.headers);
  const tell = (line: string) => {
    const shown = known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line);
    host.writeError(`SDK ${logLine(host.now(), `DEBUG ${shown}`)}`);
  };
  tell(`> ${init.method} ${url}`);
  for (const [name, value] of Object.entries(init.headers)) {
    if (name.toLowerCase() === "authorization") tell(`> ${name}: ${value.replace(/(Signature=)\S+/, `$1${HIDDEN}`)}`);
    else tell(`> ${name}: ${value}`);
  }
  if (init.body !== undefined) {
    tell(`> ${shownBody(typeof init.body === "string" ? init.body : decodeLatin1(init.body))}`);
  }
  let response: FetchResponse;
  try {
    response = await send(url, init);
  } catch (error) {
    tell(`< no answer: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
  const { status, headers } = response;
  tell(`< ${status}`);
  for (const name of ANSWER_FIELDS) {
    const value = headers.get(name);
    if (value !== null) tell(`< ${name}: ${value}`);
  }
  const body = await readBoundedBody(response, MAX_BODY_OCTETS);
  tell(`< ${body === undefined ? `a body of more than ${MAX_BODY_OCTETS} octets` : shownBody(body)}`);
  // Whoever reads it has a bound below this one, and refuses what is longer.
  return { status, headers, text: () => Promise.resolve(body ?? " ".repeat(MAX_BODY_OCTETS + 1)) };
}

/** What the request itself carries: a service that refuses a signature may repeat it. */
function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const field = name.toLowerCase();
    if (field === "x-amz-security-token") return [value];
    return field === "authorization" ? /Signature=(\S+)/.exec(value)?.slice(1) ?? [] : [];
  }).filter((secret) => secret !== "").flatMap((secret) => [secret, encodeURIComponent(secret)]);
}

function shownBody(text: string): string {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.stringify(JSON.parse(text, (name, value) => SECRET.test(name) ? HIDDEN : value));
    } catch {
      return withoutText(text);
    }
  }
  if (/^\s*</.test(text)) {
    const shown = text.replace(XML_SECRET, `<$1>${HIDDEN}</$1>`);
    // An element that does not end, or whose name is written in some other way, is not looked for.
    return /<!|&#/.test(text) || (text.match(XML_BEGIN)?.length ?? 0) !== (text.match(XML_SECRET)?.length ?? 0)
      ? withoutText(text)
      : shown;
  }
  if (/^[\w.]+=/.test(text)) {
    return text.replace(/(^|&)(ExternalId|[^=&]*(?:secret|token)[^=&]*)=[^&]*/gi, `$1$2=${HIDDEN}`);
  }
  return withoutText(text);
}

function withoutText(text: string): string {
  return text === "" ? "no body" : `a body of ${text.length} characters, neither JSON nor XML`;
}

const HIDDEN = "…";

/** Names of members and elements that hold a secret. */
const SECRET = /secret|token|password|^externalId$/i;
const XML_SECRET = /<((?:\w+:)?\w*(?:secret|token|password)\w*)(?:\s[^>]*)?>[^<]*<\/\1>/gi;
const XML_BEGIN = /<(?:\w+:)?\w*(?:secret|token|password)\w*[\s>/]/gi;

/** What the host's client answers is asked for by name. */
const ANSWER_FIELDS = [
  "date",
  "content-type",
  "content-length",
  "x-amzn-requestid",
  "x-amzn-errortype",
  "retry-after",
  "server",
  "via",
  "location",
];

const MAX_BODY_OCTETS = 4_194_304;
