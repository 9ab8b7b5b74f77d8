/**
 * Bodies in signed chunks and with trailers, streamed over a real socket to the S3 of the local service. For Node, Bun
 * and Deno.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { decodeLatin1 } from "../../core/bytes/text.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import { deriveSigningKey } from "../../core/sigv4/hmac-scheme.ts";
import {
  type AwsChunkedPlan,
  type ChecksumAlgorithm,
  CRC32,
  CRC32C,
  CRC64NVME,
  createHmacSigner,
  createSigV4aSigner,
  encodeAwsChunked,
  hmacChunkSigner,
  planAwsChunked,
  SHA1,
  SHA256,
  type SignedRequest,
  sigV4aChunkSigner,
} from "../../core/sigv4/mod.ts";
import { createEmulator } from "../../runtimes/emulator/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { ADMINISTRATOR } from "./emulated-account.ts";
import { assert, type Suite } from "./suite.ts";

const BODY = /* @__PURE__ */ Uint8Array.from({ length: 2 * 8192 + 100 }, (_, i) => (i * i) >> 3);

/** What an upload is made of. */
interface Upload {
  readonly signing: AwsChunkedPlan["signing"];
  readonly checksum: ChecksumAlgorithm | undefined;
}

/** Adds the tests. */
export async function addChunkedUploadTests(test: Suite, host: Host): Promise<void> {
  const { accessKeyId, secretAccessKey } = ADMINISTRATOR;
  const emulator = createEmulator({
    accessKeys: [{ accessKeyId, secretAccessKey }],
    now: host.now,
    crypto: host.crypto(),
  });
  const server = await host.serve(emulator.fetch, { hostname: "127.0.0.1", port: 0 });
  test.after(() => server.close());
  const origin = `127.0.0.1:${server.port}`;
  const hmac = createHmacSigner(ADMINISTRATOR, { region: "us-east-1", service: "s3" });
  const sigV4a = await createSigV4aSigner(ADMINISTRATOR, { regionSet: ["*"], service: "s3", crypto: host.crypto() });

  const call = async (method: string, path: string): Promise<Response> => {
    const { headers } = hmac.sign({ method, path, headers: { host: origin } }, host.now());
    return await fetch(`http://${origin}${path}`, { method, headers });
  };
  const put = async (
    path: string,
    { signing, checksum }: Upload,
    wrap: (chunks: AsyncIterable<Bytes>) => BodyInit | Promise<BodyInit>,
  ): Promise<Response> => {
    const plan = planAwsChunked({ decodedLength: BODY.length, signing, checksum, chunkOctets: 8192 });
    const multiRegion = signing === "AWS4-ECDSA-P256-SHA256";
    const request = { method: "PUT", path, headers: { host: origin, ...plan.headers } };
    const signed: SignedRequest = await (multiRegion ? sigV4a : hmac).sign(request, host.now());
    const signer = signing === "unsigned"
      ? undefined
      : multiRegion
      ? sigV4aChunkSigner(sigV4a.key, signed)
      : hmacChunkSigner(ADMINISTRATOR, signed);
    const body = await wrap(encodeAwsChunked([BODY], plan, signer));
    const streamed = body instanceof ReadableStream ? { duplex: "half" } : {};
    const headers = { ...plan.headers, ...signed.headers };
    return await fetch(`http://${origin}${path}`, { method: "PUT", headers, body, ...streamed } as RequestInit);
  };

  const uploads: readonly Upload[] = [undefined, CRC32, CRC32C, CRC64NVME, SHA1, SHA256].flatMap((checksum) => [
    { signing: "AWS4-HMAC-SHA256" as const, checksum },
    { signing: "AWS4-ECDSA-P256-SHA256" as const, checksum },
    ...checksum === undefined ? [] : [{ signing: "unsigned" as const, checksum }],
  ]);

  test("encodeAwsChunked() makes a stream of signed chunks and trailers that S3 accepts", async () => {
    await read(await call("PUT", "/bucket"), 200);
    for (const upload of uploads) {
      const name = upload.checksum?.name ?? "none";
      const path = `/bucket/${upload.signing}-${name}`;
      const answer = await put(path, upload, (chunks) => streamOf(chunks));
      const sum = answer.headers.get(`x-amz-checksum-${name.toLowerCase()}`);
      await read(answer, 200);
      if (upload.checksum !== undefined) assert.ok(sum, path);
      assert.equal(await read(await call("GET", path), 200), BODY, path);
    }
  });

  test("encodeAwsChunked() makes chunks and trailers of which S3 refuses every octet changed", async () => {
    await read(await call("PUT", "/changed"), 200);
    const checked: readonly Upload[] = [
      { signing: "AWS4-HMAC-SHA256", checksum: undefined },
      { signing: "AWS4-HMAC-SHA256", checksum: CRC32C },
      { signing: "AWS4-ECDSA-P256-SHA256", checksum: CRC32 },
      { signing: "unsigned", checksum: CRC64NVME },
    ];
    for (const upload of checked) {
      // Each signature of SigV4a takes its time in some runtimes.
      const step = upload.signing === "AWS4-ECDSA-P256-SHA256" ? 23 : upload.checksum === undefined ? 5 : 1;
      let length = Infinity;
      for (let at = 0; at < length; at = nextPosition(at, length, step)) {
        const answer = await put("/changed/key", upload, async (chunks) => {
          const octets = await collect(chunks);
          length = octets.length;
          octets[at]! ^= 1;
          return octets;
        });
        const text = new TextDecoder().decode(await answer.arrayBuffer());
        assert.ok(answer.status === 400 || answer.status === 403, `octet ${at}: ${answer.status} ${text}`);
      }
      await read(await call("GET", "/changed/key"), 404);
    }
  });

  test.slow("encodeAwsChunked() streams 100 MB whose chunks verify one by one as they arrive", 180_000, async () => {
    const decodedLength = 100_000_000;
    const plan = planAwsChunked({ decodedLength, signing: "AWS4-HMAC-SHA256", checksum: CRC32C });
    const receive = (request: Request) => verifyUpload(request, secretAccessKey, host.sha256);
    const receiver = await host.serve(receive, { hostname: "127.0.0.1", port: 0 });
    try {
      const headers = { host: `127.0.0.1:${receiver.port}`, ...plan.headers };
      const signed = hmac.sign({ method: "PUT", path: "/key", headers }, host.now());
      const signer = hmacChunkSigner(ADMINISTRATOR, signed, host.sha256);
      const answer = await fetch(`http://${headers.host}/key`, {
        method: "PUT",
        headers: { ...plan.headers, ...signed.headers },
        body: streamOf(encodeAwsChunked(pieces(decodedLength), plan, signer)),
        duplex: "half",
      } as RequestInit);
      assert.equal(await answer.json(), {
        octets: plan.contentLength,
        chunks: Math.ceil(decodedLength / 65536) + 1,
        verified: decodedLength,
      });
    } finally {
      await receiver.close();
    }
  });
}

/** Reads a body as it comes, and verifies each chunk before the next is there. */
async function verifyUpload(request: Request, secretAccessKey: string, sha256: Sha256): Promise<Response> {
  const { scope, seed } = /Credential=[^/]+\/(?<scope>[^,]+),.*Signature=(?<seed>\w{64})$/
    .exec(request.headers.get("authorization")!)!.groups!;
  const context = `${request.headers.get("x-amz-date")}\n${scope}`;
  const key = deriveSigningKey(secretAccessKey, scope!, sha256);
  const empty = sha256.hex("");
  let previous = seed!;
  let held: Bytes = new Uint8Array(0);
  let octets = 0;
  let chunks = 0;
  let verified = 0;
  let ended = false;
  for (const reader = request.body!.getReader();;) {
    const { done, value } = await reader.read();
    if (done) break;
    octets += value.length;
    held = concatBytes([held, value]);
    while (!ended) {
      const start = held.indexOf(0x0a) + 1;
      const [length, signature] = decodeLatin1(held.subarray(0, Math.max(start - 2, 0))).split(";chunk-signature=");
      const size = parseInt(length!, 16);
      if (start === 0 || held.length < start + size + 2) break;
      const hash = sha256.hex(held.slice(start, start + size));
      previous = key.hex(`AWS4-HMAC-SHA256-PAYLOAD\n${context}\n${previous}\n${empty}\n${hash}`);
      if (previous !== signature) return new Response(`"chunk ${chunks}"`);
      chunks++;
      verified += size;
      ended = size === 0;
      held = held.slice(start + (ended ? 0 : size + 2));
    }
  }
  const [trailer, signature] = decodeLatin1(held).split("\r\nx-amz-trailer-signature:");
  const expected = key.hex(`AWS4-HMAC-SHA256-TRAILER\n${context}\n${previous}\n${sha256.hex(`${trailer}\n`)}`);
  if (signature !== `${expected}\r\n\r\n`) return new Response('"trailer"');
  return Response.json({ octets, chunks, verified });
}

/** A body in pieces of many lengths, in one memory. */
function* pieces(length: number): Generator<Bytes> {
  const memory = new Uint8Array(200_000);
  for (let at = 0, size = 1; at < length; at += size) {
    size = Math.min(length - at, (at * 7 + 99_991) % memory.length + 1);
    yield memory.fill(at, 0, 1000).subarray(0, size);
  }
}

/** Every octet, or one in so many, of the first line and of what follows the data, and one in 331 between them. */
function nextPosition(at: number, length: number, step: number): number {
  const tail = length - 120;
  return at < 100 || at >= tail ? at + step : Math.min(at + 331, tail);
}

async function read(answer: Response, status: number): Promise<Bytes> {
  const octets = new Uint8Array(await answer.arrayBuffer());
  assert.is(answer.status, status, new TextDecoder().decode(octets));
  return octets;
}

async function collect(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of chunks) pieces.push(piece);
  return concatBytes(pieces);
}

function streamOf(chunks: AsyncIterable<Bytes>): ReadableStream<Bytes> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}
