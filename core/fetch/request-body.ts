/**
 * Bodies that are neither text nor a `Uint8Array`: read into memory up to a bound, or left to stream.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { FetchError } from "./fetch-error.ts";

/** A body that is sent as it comes. */
export interface StreamedBody {
  /** Its octets; a new stream each time where `replayable`, else the one that there is. */
  open(): ReadableStream<Uint8Array>;
  /** How many; undefined: not known. */
  readonly length: number | undefined;
  /** Whether it can be opened again. */
  readonly replayable: boolean;
}

/** A body as it was read: octets and what they are, or a stream. */
export interface BodyReading {
  /** All of it. */
  readonly octets?: Bytes;
  /** Where it is not read. */
  readonly stream?: StreamedBody;
  /** `Content-Type` of what the platform encodes. */
  readonly contentType?: string | undefined;
}

/**
 * Reads a body as far as it must be.
 *
 * @param stated octets of a stream, as its `content-length` says
 * @param streaming whether what is of known length, or all, is left to stream
 * @param maxOctets the longest that is read
 * @param signal ends the reading
 * @throws {FetchError} `ERR_FETCH_BODY_LENGTH`
 */
export async function readRequestBody(
  body: unknown,
  stated: string | undefined,
  streaming: "never" | "known-length" | "always",
  maxOctets: number,
  signal: AbortSignal | undefined,
): Promise<BodyReading> {
  if (body instanceof URLSearchParams) return { octets: encodeUtf8(body.toString()), contentType: FORM_TYPE };
  if (body instanceof ArrayBuffer) return { octets: new Uint8Array(body) };
  if (ArrayBuffer.isView(body)) {
    return { octets: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength) };
  }
  let open: () => ReadableStream<Uint8Array>;
  let length = stated ? lengthOf(stated) : undefined;
  let contentType: string | undefined;
  let replayable = false;
  if (body instanceof Blob) {
    const blob = body;
    [open, length, replayable] = [() => blob.stream(), blob.size, true];
    contentType = blob.type || undefined;
  } else if (body instanceof ReadableStream) open = () => body as ReadableStream<Uint8Array>;
  else if (typeof body === "object" && body !== null && Symbol.asyncIterator in body) {
    open = () => streamOf(body as AsyncIterable<Uint8Array>);
  } else {
    // A form: the platform draws its boundary, and writes it.
    const written = new Response(body as BodyInit);
    contentType = written.headers.get("content-type") ?? undefined;
    return { octets: new Uint8Array(await written.arrayBuffer()), contentType };
  }
  if (streaming === "always" || (streaming === "known-length" && length !== undefined)) {
    const source = open;
    const sized = streaming === "always" && length !== undefined ? () => ofLength(source(), length) : source;
    return { stream: { open: sized, length, replayable }, contentType };
  }
  return { octets: await readOctets(open(), maxOctets, signal), contentType };
}

/** A stream whose length its request says: workerd takes that from streams of its own alone, others from the header. */
export function ofLength(stream: ReadableStream<Uint8Array>, length: number): ReadableStream<Uint8Array> {
  const { FixedLengthStream } = globalThis as { FixedLengthStream?: new (length: number) => TransformStream };
  return FixedLengthStream === undefined ? stream : stream.pipeThrough(new FixedLengthStream(length));
}

/** A stream of what is asked for piece by piece. */
export function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  }, { highWaterMark: 0 });
}

/** The octets of a stream, piece by piece; the stream is cancelled, and ends, when no more are wanted. */
export async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Bytes, void, undefined> {
  const reader = stream.getReader();
  // What cancelling meets is no concern of who has stopped reading.
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel);
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value as Bytes;
    }
    ended = true;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if (!ended) cancel();
  }
}

/** RFC 9110 §8.6: digits alone. */
function lengthOf(stated: string): number {
  if (!/^\d{1,15}$/.test(stated)) {
    throw new FetchError(
      "ERR_FETCH_BODY_LENGTH",
      `content-length is ${JSON.stringify(stated)}, and must be digits alone`,
    );
  }
  return Number(stated);
}

async function readOctets(
  stream: ReadableStream<Uint8Array>,
  maxOctets: number,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let total = 0;
  signal?.throwIfAborted();
  for await (const piece of piecesOf(stream, signal)) {
    total += piece.length;
    if (total > maxOctets) {
      throw new FetchError(
        "ERR_FETCH_BODY_LENGTH",
        `the body is a stream of more than ${maxOctets} octets, and must be read to be signed; say its length to S3 ` +
          'by content-length, give it as octets, or choose payload: "unsigned" where the service takes that',
      );
    }
    pieces.push(piece);
  }
  signal?.throwIfAborted();
  return concatBytes(pieces);
}

const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";
