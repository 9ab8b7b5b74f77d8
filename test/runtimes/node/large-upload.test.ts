// runtimes: node
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAwsFetch } from "../../../core/fetch/mod.ts";
import { CRC32 } from "../../../core/sigv4/mod.ts";
import { decodeBody, verifyChunks } from "../../../runtimes/emulator/s3/aws-chunked.ts";
import { nodeSha256 } from "../../../runtimes/node/sha256.ts";
import { ADMINISTRATOR } from "../../support/emulated-account.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/large-upload");

const PIECE_OCTETS = 1_048_576;
const PIECES = 100;

/** A server that verifies each chunk as the local service does, which takes no more than 64 MiB. */
async function verified(request: { headers: Record<string, string>; body: Buffer<ArrayBuffer> }): Promise<string> {
  const { headers, body } = request;
  const received = { method: "PUT", path: "/photos/large", query: "", headers: Object.entries(headers), body };
  const [, scope, signature] = /Credential=[^/]*\/(\S*), .*Signature=(\w+)$/.exec(headers["authorization"]!)!;
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const key = scope!.split("/").reduce<string | Buffer>(hmac, `AWS4${ADMINISTRATOR.secretAccessKey}`);
  const question = received as unknown as Parameters<typeof verifyChunks>[0];
  await verifyChunks(question, {
    algorithm: "AWS4-HMAC-SHA256",
    verify: (text, given) => hmac(key, text).toString("hex") === given,
    date: headers["x-amz-date"]!,
    scope: scope!,
    seedSignature: signature!,
    sha256: nodeSha256,
  });
  return createHash("sha256").update(decodeBody(question).data).digest("hex");
}

test.slow("createAwsFetch() streams 100 MB, of which every chunk verifies", 240_000, async () => {
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", async () => {
      const headers = incoming.headers as Record<string, string>;
      const body = Buffer.concat(pieces);
      const outcome = await verified({ headers, body }).catch((error: unknown) => String(error));
      outgoing.end(`${headers["content-length"] === String(body.length)} ${outcome}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const piece = new Uint8Array(PIECE_OCTETS).map((_, at) => at * 7);
  const hash = createHash("sha256");
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === PIECES) return controller.close();
      hash.update(piece);
      controller.enqueue(piece);
    },
  });
  const options = { credentials: ADMINISTRATOR, hosts: [host], service: "s3", region: "us-east-1" };
  try {
    const response = await createAwsFetch(options, { sha256: nodeSha256 })(`http://${host}/photos/large`, {
      method: "PUT",
      headers: { "content-length": String(PIECES * PIECE_OCTETS) },
      body,
      aws: { checksum: CRC32 },
    });
    assert.is(await response.text(), `true ${hash.digest("hex")}`);
  } finally {
    server.close();
  }
});

test.run();
