import fc from "fast-check";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { decodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import {
  type AwsChunkedOptions,
  type AwsChunkedPlan,
  type BodyPieces,
  type ChunkSigner,
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
} from "../../../core/sigv4/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/aws-chunked");

const TIME = Date.UTC(2013, 4, 24);
const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const HMAC = createHmacSigner(CREDENTIALS, { region: "us-east-1", service: "s3" });
const GUIDE_BODY = encodeUtf8("a".repeat(66560));

function sign(plan: AwsChunkedPlan, headers: Record<string, string> = {}): SignedRequest {
  return HMAC.sign({
    method: "PUT",
    path: "/examplebucket/chunkObject.txt",
    headers: { host: "s3.amazonaws.com", ...headers, ...plan.headers },
  }, TIME);
}

async function collect(body: BodyPieces, plan: AwsChunkedPlan, signer?: ChunkSigner): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of encodeAwsChunked(body, plan, signer)) pieces.push(piece);
  return concatBytes(pieces);
}

interface Decoded {
  readonly sizes: readonly number[];
  readonly data: string;
  readonly signatures: readonly string[];
  readonly trailers: readonly string[];
}

/** A second reader, which knows no plan. */
function decode(encoded: Bytes): Decoded {
  const text = decodeLatin1(encoded);
  const sizes: number[] = [];
  const signatures: string[] = [];
  let data = "";
  for (let at = 0;;) {
    const end = text.indexOf("\r\n", at);
    const [length, signature] = text.slice(at, end).split(";chunk-signature=");
    const size = parseInt(length!, 16);
    sizes.push(size);
    if (signature !== undefined) signatures.push(signature);
    at = end + 2;
    if (size === 0) {
      const rest = text.slice(at).split("\r\n");
      assert.equal(rest.slice(-2), rest.length === 1 ? rest : ["", ""], "ends with an empty line");
      return { sizes, data, signatures, trailers: rest.slice(0, -2) };
    }
    data += text.slice(at, at + size);
    assert.is(text.slice(at + size, at + size + 2), "\r\n");
    at += size + 2;
  }
}

test("encodeAwsChunked() signs the chunks of the S3 guide's example", async () => {
  const plan = planAwsChunked({ decodedLength: 66560, signing: "AWS4-HMAC-SHA256" });
  assert.is(plan.contentLength, 66824);
  const signed = sign(plan, { "content-length": "66824", "x-amz-storage-class": "REDUCED_REDUNDANCY" });
  assert.is(signed.signature, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
  const encoded = await collect([GUIDE_BODY], plan, hmacChunkSigner(CREDENTIALS, signed));
  assert.is(encoded.length, 66824);
  const { sizes, signatures, trailers, data } = decode(encoded);
  assert.equal(sizes, [65536, 1024, 0]);
  assert.equal(signatures, [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
  ]);
  assert.equal(trailers, []);
  assert.is(data, decodeLatin1(GUIDE_BODY));
});

test("encodeAwsChunked() signs the same whoever hashes the chunks", async () => {
  const plan = planAwsChunked({ decodedLength: 66560, signing: "AWS4-HMAC-SHA256", checksum: CRC32 });
  const signed = sign(plan);
  const expected = await collect([GUIDE_BODY], plan, hmacChunkSigner(CREDENTIALS, signed));
  for (const crypto of [portableProvider(), webCryptoProvider()]) {
    assert.equal(await collect([GUIDE_BODY], plan, hmacChunkSigner(CREDENTIALS, signed, undefined, crypto)), expected);
  }
});

test("encodeAwsChunked() signs the trailer of the S3 guide's example", async () => {
  const plan = planAwsChunked({ decodedLength: 66560, signing: "AWS4-HMAC-SHA256", checksum: CRC32C });
  const signed = sign(plan, { "x-amz-storage-class": "REDUCED_REDUNDANCY" });
  assert.is(signed.signature, "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
  const { signatures, trailers } = decode(await collect([GUIDE_BODY], plan, hmacChunkSigner(CREDENTIALS, signed)));
  assert.equal(signatures, [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
  ]);
  assert.equal(trailers, [
    "x-amz-checksum-crc32c:sOO8/Q==",
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
  ]);
});

const ALGORITHMS = [CRC32, CRC32C, CRC64NVME, SHA1, SHA256, undefined];

test("encodeAwsChunked() is as long as planned, and decodes to the body, in whatever pieces it comes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 8000, max: 20_000 })), { maxLength: 8 }),
      fc.constantFrom(...ALGORITHMS),
      fc.boolean(),
      fc.integer({ min: 8192, max: 10_000 }),
      fc.boolean(),
      async (lengths, checksum, signs, chunkOctets, later) => {
        let octet = 0;
        const pieces = lengths.map((length) => Uint8Array.from({ length }, () => octet++));
        const decodedLength = octet;
        if (!signs && checksum === undefined) return;
        const options: AwsChunkedOptions = {
          decodedLength,
          chunkOctets,
          checksum,
          signing: signs ? "AWS4-HMAC-SHA256" : "unsigned",
        };
        const plan = planAwsChunked(options);
        const signer = signs ? hmacChunkSigner(CREDENTIALS, sign(plan)) : undefined;
        const body = later ? asynchronously(pieces) : pieces;
        const encoded = await collect(body, plan, signer);
        assert.is(encoded.length, plan.contentLength);
        const { data, sizes, signatures, trailers } = decode(encoded);
        assert.is(data, decodeLatin1(concatBytes(pieces)));
        assert.ok(sizes.slice(0, -2).every((size) => size === chunkOctets));
        assert.is(signatures.length, signs ? sizes.length : 0);
        assert.is(trailers.length, checksum === undefined ? 0 : signs ? 2 : 1);
      },
    ),
    { numRuns: 60, seed: 20260601 },
  );
});

async function* asynchronously(pieces: readonly Bytes[]): AsyncGenerator<Bytes, void, undefined> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

test("encodeAwsChunked() takes pieces whose memory is used again", async () => {
  const plan = planAwsChunked({ decodedLength: 30_000, signing: "unsigned", checksum: CRC32, chunkOctets: 8192 });
  const memory = new Uint8Array(1000);
  function* reusing(): Generator<Bytes> {
    for (let i = 0; i < 30; i++) yield memory.fill(i);
  }
  const { data } = decode(await collect(reusing(), plan));
  assert.is(data, Array.from({ length: 30 }, (_, i) => String.fromCharCode(i).repeat(1000)).join(""));
});

test("encodeAwsChunked() holds no more than a chunk, and lets go of the body when nobody reads on", async () => {
  const plan = planAwsChunked({ decodedLength: 1 << 20, signing: "unsigned", checksum: CRC32, chunkOctets: 8192 });
  let asked = 0;
  let ended = false;
  async function* body(): AsyncGenerator<Bytes, void, undefined> {
    try {
      for (;;) {
        asked++;
        yield new Uint8Array(4096);
      }
    } finally {
      ended = true;
    }
  }
  const chunks = encodeAwsChunked(body(), plan);
  const first = await chunks.next();
  assert.is(first.value!.length, "2000\r\n".length + 8192 + 2);
  assert.is(asked, 2);
  await chunks.return();
  assert.ok(ended);
});

test("encodeAwsChunked() refuses a body of another length than announced, before its end goes out", async () => {
  for (const length of [0, 9999, 10_001, 20_000]) {
    const plan = planAwsChunked({ decodedLength: 10_000, signing: "unsigned", checksum: CRC32, chunkOctets: 8192 });
    const sent: Bytes[] = [];
    await assertRejects(async () => {
      for await (const piece of encodeAwsChunked([new Uint8Array(length)], plan)) sent.push(piece);
    }, "ERR_SIGNING_BODY_LENGTH");
    assert.not.match(decodeLatin1(concatBytes(sent)), /(^|\r\n)0\r\n/);
  }
});

test("encodeAwsChunked() wants the signer that was planned for", async () => {
  const unsigned = planAwsChunked({ decodedLength: 1, signing: "unsigned", checksum: CRC32 });
  const signed = planAwsChunked({ decodedLength: 1, signing: "AWS4-ECDSA-P256-SHA256" });
  const signer = hmacChunkSigner(CREDENTIALS, sign(unsigned));
  for (
    const attempt of [() => collect([], unsigned, signer), () => collect([], signed), () => collect([], signed, signer)]
  ) {
    try {
      await attempt();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TypeError);
    }
  }
});

test("encodeAwsChunked() signs chunks with SigV4a, signatures filled up to 144 characters, chained without that", async () => {
  const crypto = portableProvider();
  const signer = await createSigV4aSigner(CREDENTIALS, { regionSet: ["*"], service: "s3", crypto });
  const body = Uint8Array.from({ length: 20_000 }, (_, i) => i);
  const plan = planAwsChunked({
    decodedLength: body.length,
    signing: "AWS4-ECDSA-P256-SHA256",
    checksum: CRC32,
    chunkOctets: 8192,
  });
  assert.is(plan.headers["x-amz-content-sha256"], "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER");
  const request = { method: "PUT", path: "/key", headers: { host: "h", ...plan.headers } };
  const signed = await signer.sign(request, TIME);
  const texts: string[] = [];
  const recording = {
    ...signer.key,
    sign: (message: Bytes) => {
      texts.push(decodeLatin1(message));
      return signer.key.sign(message);
    },
  };
  const encoded = await collect([body], plan, sigV4aChunkSigner(recording, signed));
  assert.is(encoded.length, plan.contentLength);
  const { signatures, trailers, data } = decode(encoded);
  const trailer = trailers[0]!;
  const all = [signed.signature, ...signatures, trailers[1]!.slice("x-amz-trailer-signature:".length)];
  for (const one of all.slice(1)) assert.match(one, /^(?=.{144}$)[0-9a-f]{130,144}\**$/);
  const [part, ...parts] = [data.slice(0, 8192), data.slice(8192, 16384), data.slice(16384), ""].map((each) =>
    `AWS4-ECDSA-P256-SHA256-PAYLOAD\n20130524T000000Z\n20130524/s3/aws4_request\n@\n${portableSha256.hex("")}\n${
      portableSha256.hex(Uint8Array.from(each, (character) => character.charCodeAt(0)))
    }`
  );
  const last = `AWS4-ECDSA-P256-SHA256-TRAILER\n20130524T000000Z\n20130524/s3/aws4_request\n@\n${
    portableSha256.hex(trailer + "\n")
  }`;
  const expected = [part!, ...parts, last].map((text, i) => text.replace("@", all[i]!.replace(/\*+$/, "")));
  assert.equal(texts, expected);
  // The portable provider is deterministic: each signature is that of its text.
  for (const [i, text] of expected.entries()) {
    assert.is(encodeHex(await signer.key.sign(encodeUtf8(text))), all[i + 1]!.replace(/\*+$/, ""));
  }
});

test("planAwsChunked() says in the headers what the body is", () => {
  assert.equal(planAwsChunked({ decodedLength: 5, signing: "AWS4-HMAC-SHA256" }).headers, {
    "content-encoding": "aws-chunked",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x-amz-decoded-content-length": "5",
  });
  const options = { decodedLength: 0, signing: "unsigned", checksum: SHA256, contentEncoding: "gzip" } as const;
  assert.equal(planAwsChunked(options).headers, {
    "content-encoding": "aws-chunked,gzip",
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-decoded-content-length": "0",
    "x-amz-trailer": "x-amz-checksum-sha256",
  });
});

test("planAwsChunked() counts bodies of many gigabytes", () => {
  const decodedLength = 5 * 2 ** 40;
  const { contentLength } = planAwsChunked({ decodedLength, signing: "AWS4-HMAC-SHA256" });
  const each = "10000;chunk-signature=".length + 64 + 4;
  assert.is(contentLength, decodedLength + decodedLength / 65536 * each + "0;chunk-signature=".length + 64 + 4);
});

test("planAwsChunked() refuses what no service takes", () => {
  const options = { decodedLength: 1, signing: "AWS4-HMAC-SHA256" } as const;
  for (const decodedLength of [-1, 0.5, NaN, Infinity]) {
    assert.throws(() => planAwsChunked({ ...options, decodedLength }), RangeError, `${decodedLength}`);
  }
  for (const chunkOctets of [0, 8191, 8192.5, Infinity]) {
    assert.throws(() => planAwsChunked({ ...options, chunkOctets }), RangeError, `${chunkOctets}`);
  }
  assert.throws(() => planAwsChunked({ decodedLength: 1, signing: "unsigned" }), TypeError);
});

test("planAwsChunked() takes the checksum's algorithm, not its name", () => {
  for (const checksum of ["CRC32", {}, () => {}]) {
    const options = { decodedLength: 1, signing: "unsigned", checksum };
    assert.throws(() => planAwsChunked(options as never), /"checksum" must be an algorithm, as CRC32 is/);
  }
});

test.run();
