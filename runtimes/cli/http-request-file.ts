/**
 * A request as HTTP/1.1 carries it (RFC 9112 §2.1), from a file.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import type { SessionRequest } from "../../core/decision/mod.ts";
import type { Files } from "../host.ts";
import { unusable } from "./input-files.ts";

/** Longest file, in octets. */
const MAX_LENGTH = 1_048_576;

/**
 * Reads a request: its line, its header fields, an empty line, and its body, which ends with the file. Lines end with
 * CRLF or LF.
 *
 * @throws {HostError} when the file cannot be read
 * @throws {InputFileError} when it is no such request
 */
export function readHttpRequest(files: Files, path: string): SessionRequest {
  const octets = files.readFile(path, MAX_LENGTH);
  const end = headEnd(octets);
  if (end === undefined) throw unusable(path, "no empty line ends the header fields");
  const head = decodeUtf8(octets.subarray(0, end.head));
  if (head === undefined) throw unusable(path, "its header fields are not UTF-8");
  const [requestLine = "", ...fields] = head.split(/\r?\n/);
  const [, method, target] = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) {
    throw unusable(path, "its first line is not that of a request, POST /sessions HTTP/1.1 for instance");
  }
  const headers = fields.map((field): readonly [string, string] => {
    const colon = field.indexOf(":");
    const name = field.slice(0, colon);
    if (colon < 1 || /\s/.test(name)) throw unusable(path, `a header field cannot be read: ${field.slice(0, 40)}`);
    return [name, field.slice(colon + 1).trim()];
  });
  const question = target.indexOf("?");
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? "" : target.slice(question + 1),
    headers,
    body: octets.slice(end.body),
  };
}

/** Where the header fields end, and where the body begins. */
function headEnd(octets: Bytes): { readonly head: number; readonly body: number } | undefined {
  for (let at = 0; at + 1 < octets.length; at++) {
    if (octets[at] !== 0x0a) continue;
    const next = octets[at + 1] === 0x0d ? at + 2 : at + 1;
    if (octets[next] === 0x0a) return { head: octets[at - 1] === 0x0d ? at - 1 : at, body: next + 1 };
  }
  return undefined;
}
