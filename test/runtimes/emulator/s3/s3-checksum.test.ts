// runtimes: node20 node deno bun workerd
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { checksumAlgorithm, verifyChecksums } from "../../../../runtimes/emulator/s3/s3-checksum.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/s3-checksum");

const crypto = portableProvider({});

async function checksum(data: string): Promise<Readonly<Record<string, string>>> {
  const body = { data: encodeUtf8(data), trailers: new Map<string, string>() };
  return await verifyChecksums({ method: "PUT", path: "/b/k", query: "", headers: [], body: body.data }, body, crypto);
}

test("verifyChecksums() computes CRC64NVME when the client sends nothing", async () => {
  assert.equal(await checksum(""), { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" });
  assert.equal(await checksum("123456789"), { "x-amz-checksum-crc64nvme": "rosUhgp5mIg=" });
});

test("checksumAlgorithm() names the algorithm of a header field", () => {
  assert.is(checksumAlgorithm("x-amz-checksum-crc32c"), "CRC32C");
  assert.is(checksumAlgorithm("content-md5"), undefined);
});

test.run();
