/**
 * Presigned URLs, opened by curl, which knows nothing of us.
 *
 * @module
 */

import { createAwsFetch, encodeObjectKey, type PresignedUrl } from "../../core/fetch/mod.ts";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { type FetchService, NASTY_KEYS, startFetchService } from "../support/aws-fetch-tests.ts";
import { ADMINISTRATOR } from "../support/emulated-account.ts";
import { runProgram } from "../support/programs.ts";
import { type InteropItem, requireProgram } from "./interop.ts";

/** The items of this file. */
export function presignedUrlItems(): readonly InteropItem[] {
  const item = (name: string, run: (service: FetchService) => Promise<void>): InteropItem => ({
    name: `curl: ${name}`,
    quick: false,
    run: async () => {
      requireProgram("curl", ["--version"], "install curl with your system's packages");
      const service = await startFetchService(nodeHost());
      try {
        await run(service);
      } finally {
        await service.close();
      }
    },
  });
  return [
    item("presigned URLs write and read objects whatever their keys", writeAndRead),
    item("presigned URLs of SigV4a, with a header that must be sent, and of a part", headersAndParts),
    item("presigned URLs are refused when they are over, changed, or used for another method", refusals),
  ];
}

async function writeAndRead({ awsFetch, url }: FetchService): Promise<void> {
  for (const key of NASTY_KEYS) {
    const put = await awsFetch.presign(url(key), { method: "PUT" });
    await expectAnswer(put, ["--request", "PUT", "--data-binary", `of ${key}`], 200);
    await expectAnswer(await awsFetch.presign(url(key)), [], 200, `of ${key}`);
  }
}

async function headersAndParts({ awsFetch, url }: FetchService): Promise<void> {
  const options = { method: "PUT", headers: { "content-type": "text/x" }, aws: { region: "*" } };
  const put = await awsFetch.presign(url("a b/../c"), options);
  if (!put.url.includes("X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256")) throw new Error(`that is no SigV4a: ${put.url}`);
  await expectAnswer({ ...put, headers: {} }, ["--request", "PUT", "--data-binary", "0123456789"], 403);
  await expectAnswer(put, ["--request", "PUT", "--data-binary", "0123456789"], 200);
  const get = await awsFetch.presign(url("a b/../c"), { aws: { region: "us-east-1,eu-*" } });
  await expectAnswer(get, ["--range", "2-4"], 206, "234");
  await expectAnswer(await awsFetch.presign(url("a b/../c"), { method: "HEAD" }), ["--head"], 200);
}

async function refusals({ awsFetch, url, endpoint }: FetchService): Promise<void> {
  const get = await awsFetch.presign(url("key"));
  await expectAnswer(get, ["--request", "DELETE"], 403);
  await expectAnswer({ ...get, url: get.url.replace("/key?", "/other?") }, [], 403);
  await expectAnswer({ ...get, url: get.url.replace("Expires=900", "Expires=901") }, [], 403);
  const early = createAwsFetch(
    { credentials: ADMINISTRATOR, hosts: [new URL(endpoint).host], service: "s3", region: "us-east-1" },
    { now: () => Date.now() - 3_600_000 },
  );
  await expectAnswer(await early.presign(`${endpoint}/photos/${encodeObjectKey("key")}`), [], 403);
}

/** Opens a URL by curl and looks at the status, and at the body where one is expected. */
async function expectAnswer(
  { url, headers }: Pick<PresignedUrl, "url" | "headers">,
  options: readonly string[],
  status: number,
  body?: string,
): Promise<void> {
  // Without a Content-Type of curl's own, which is not signed, services keep none.
  const fields = Object.entries({ "content-type": "", ...headers }).flatMap(([name, value]) => [
    "--header",
    `${name}:${value && " "}${value}`,
  ]);
  const args = [
    "--silent",
    "--globoff",
    "--max-time",
    "20",
    "--write-out",
    "\n%{http_code}",
    ...fields,
    ...options,
    url,
  ];
  const { code, output, errors } = await runProgram(["curl"], args);
  const text = typeof output === "string" ? output : new TextDecoder().decode(output);
  const end = text.lastIndexOf("\n");
  if (code !== 0) throw new Error(`curl ended with ${code}: ${errors}`);
  if (Number(text.slice(end)) !== status || (body !== undefined && text.slice(0, end) !== body)) {
    throw new Error(`${url} was answered ${text}, in place of ${status} ${body ?? ""}`);
  }
}
