/**
 * The signing protocol over standard input and output, from the side of the program that holds the key.
 *
 * @see core/sign/signing-protocol.ts
 * @module
 */

import { encodeBase64 } from "../../core/bytes/base64.ts";
import { readJsonObject, readSignDocument, SIGNING_PROTOCOL_VERSION } from "../../core/sign/signing-protocol.ts";
import { LineSplitter } from "./line-splitter.ts";
import { GrantedSigner, type GrantPorts, maxDocumentLength, type Refusal, type SigningGrant } from "./signing-grant.ts";

/** Whom standard input and output belong to, in records. */
const PEER = "stdio";

/** Where requests come from and answers go. */
export interface ExecServiceOptions extends GrantPorts {
  /** What the client may have: whoever started this program. */
  readonly grant: SigningGrant;
  /** Pieces of standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes to standard output and waits until it is out. */
  readonly write: (text: string) => Promise<void>;
}

/**
 * Answers until the input ends, or holds a line that is too long, which is refused; what is under way is answered first.
 *
 * @throws {TypeError} for an option that does not exist
 * @throws {RangeError} for a limit of the grant that is none
 */
export async function serveExecProtocol(options: ExecServiceOptions): Promise<void> {
  const { grant, input, write, now, keepRecord, onError, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`serveExecProtocol() has no option "${name}"`);
  const granted = new GrantedSigner(grant, { now, keepRecord, onError });
  const lines = new LineSplitter(maxDocumentLength(grant.messages));
  const underWay = new Set<Promise<void>>();
  // One line after the other, whatever the output does with long ones.
  let written = Promise.resolve();
  const answer = (text: string): Promise<void> => written = written.then(() => write(`${text}\n`));

  const refusalText = (refusal: Refusal, id?: number) => JSON.stringify({ id, error: refusal });
  const malformed = (message: string, id?: number) => answer(refusalText({ code: "Malformed", message }, id));

  const hello = async (version: unknown): Promise<void> => {
    if (version !== SIGNING_PROTOCOL_VERSION) {
      return await malformed(`this program speaks version ${SIGNING_PROTOCOL_VERSION} of the protocol`);
    }
    const refusal = granted.expired();
    const kept = await granted.record("key", refusal?.code ?? "answered", PEER);
    const refused = kept?.refusal ?? refusal;
    await answer(refused === undefined ? granted.keyDocument : refusalText(refused));
  };

  const take = async (line: string): Promise<void> => {
    const request = readJsonObject(line);
    if (request === undefined) return await malformed("the line is no JSON object");
    if ("hello" in request) return await hello(request["hello"]);
    const { id, sign } = request;
    if (typeof id !== "number") return await malformed("the line is neither hello nor a request with an id");
    const document = typeof sign === "object" && sign !== null
      ? readSignDocument(sign as Readonly<Record<string, unknown>>)
      : "there is no sign document";
    if (typeof document === "string") return await malformed(document, id);
    const signed = await granted.sign(document, PEER);
    const text = "refusal" in signed
      ? refusalText(signed.refusal, id)
      : JSON.stringify({ id, signature: encodeBase64(signed.signature) });
    await answer(text);
  };

  for await (const piece of input) {
    const complete = lines.push(piece);
    if (complete === undefined) {
      await malformed("a line is too long, or not UTF-8");
      break;
    }
    for (const line of complete) {
      const work = take(line).catch(onError).finally(() => underWay.delete(work));
      underWay.add(work);
    }
  }
  await Promise.all(underWay);
  await written;
}
