/**
 * The `fetch` for AWS over a real socket, against S3 of the local service. For Node, Bun and Deno.
 *
 * @module
 */

import fc from "fast-check";
import { type AwsFetch, createAwsFetch, encodeObjectKey } from "../../core/fetch/mod.ts";
import { CRC32 } from "../../core/sigv4/mod.ts";
import { createEmulator } from "../../runtimes/emulator/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { ADMINISTRATOR } from "./emulated-account.ts";
import { assert, assertNone, type Suite } from "./suite.ts";

/** Keys that a URL, a proxy or a canonicaliser is tempted to change. */
export const NASTY_KEYS: readonly string[] = [
  "plain",
  "a b+c%2B",
  "ä/€/🦀",
  "a//b/",
  "/lead",
  "../up",
  "a/../b",
  "a/./b",
  "a/..",
  "%2e%2E/x",
  "?#[]@!$&'()*,;=:\\^`{|}\"<>~",
  "a\tb",
];

/** A service with a bucket, and a client of it. */
export interface FetchService {
  readonly awsFetch: AwsFetch;
  /** `http://127.0.0.1:…`. */
  readonly endpoint: string;
  /** URL of an object. */
  url(key: string): string;
  close(): Promise<void>;
}

/** Starts it. */
export async function startFetchService(host: Host): Promise<FetchService> {
  const { accessKeyId, secretAccessKey } = ADMINISTRATOR;
  const { fetch } = createEmulator({
    accessKeys: [{ accessKeyId, secretAccessKey }],
    now: host.now,
    crypto: host.crypto(),
  });
  const server = await host.serve(fetch, { hostname: "127.0.0.1", port: 0 });
  const name = `127.0.0.1:${server.port}`;
  const awsFetch = createAwsFetch({ credentials: ADMINISTRATOR, hosts: [name], service: "s3", region: "us-east-1" });
  const created = await awsFetch(`http://${name}/photos`, { method: "PUT" });
  assert.is(created.status, 200, await created.text());
  return {
    awsFetch,
    endpoint: `http://${name}`,
    url: (key) => `http://${name}/photos/${encodeObjectKey(key)}`,
    close: () => server.close(),
  };
}

/** Adds the tests. */
export async function addAwsFetchTests(test: Suite, host: Host): Promise<void> {
  const { awsFetch, url, endpoint, close } = await startFetchService(host);
  test.after(close);

  test("createAwsFetch() writes, reads, lists and deletes objects whatever their keys", async () => {
    const faults: string[] = [];
    for (const key of NASTY_KEYS) {
      const written = await awsFetch(url(key), { method: "PUT", body: `of ${key}` });
      if (!written.ok) faults.push(`${key}: ${await written.text()}`);
      const read = await awsFetch(url(key));
      if (await read.text() !== `of ${key}`) faults.push(`${key}: read ${read.status}`);
    }
    assertNone(faults);
    const listing = await (await awsFetch(`${endpoint}/photos?list-type=2&encoding-type=url`)).text();
    const keys = [...listing.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) =>
      decodeURIComponent(match[1]!.replaceAll("+", " "))
    );
    assert.equal(keys.sort(), [...NASTY_KEYS].sort());
    for (const key of NASTY_KEYS) assert.is((await awsFetch(url(key), { method: "DELETE" })).status, 204, key);
  });

  test("createAwsFetch() streams a body in signed chunks, with and without a checksum", async () => {
    for (const checksum of [undefined, CRC32]) {
      const octets = new Uint8Array(200_000).map((_, at) => at);
      const written = await awsFetch(url("streamed"), {
        method: "PUT",
        headers: { "content-length": String(octets.length) },
        body: new Response(octets).body,
        aws: { checksum },
      });
      assert.is(written.status, 200, await written.text());
      assert.equal(new Uint8Array(await (await awsFetch(url("streamed"))).arrayBuffer()), octets);
    }
  });

  test("presign() makes URLs that anybody opens", async () => {
    const put = await awsFetch.presign(url("a b/../c"), { method: "PUT", headers: { "content-type": "text/x" } });
    const written = await fetch(put.url, { method: "PUT", headers: put.headers, body: "by URL" });
    assert.is(written.status, 200, await written.text());
    const get = await awsFetch.presign(url("a b/../c"), { expiresSeconds: 60 });
    const read = await fetch(get.url);
    assert.is(await read.text(), "by URL");
    assert.is(read.headers.get("content-type"), "text/x");
    const other = await fetch(get.url.replace("%2F..%2F", "%2F...%2F"));
    assert.is(other.status, 403);
    await other.text();
  });

  test("createAwsFetch() signs what the platform sends, whatever path, query, fields and body", async () => {
    const marks = "a + %20 %2B %2f = & é 🦀 ' ( * ~ ! / : @ $ , ; | ^ [ ] { } \" < ` \\ %C3%A9 %27 // ?".split(" ");
    const text = fc.array(fc.constantFrom(" ", ...marks), { maxLength: 6 }).map((parts) => parts.join(""));
    const value = fc.array(fc.constantFrom("a", " ", "  ", ",", '"', "b c", "="), { maxLength: 5 }).map((parts) =>
      parts.join("")
    );
    const name = fc.constantFrom("x-amz-meta-a", "X-Amz-Meta-A", "content-type", "Content-Language");
    const body = fc.option(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()), { nil: undefined });
    const request = fc.tuple(text, text, fc.array(fc.tuple(name, value), { maxLength: 3 }), body, fc.boolean());
    await fc.assert(
      fc.asyncProperty(request, async ([path, query, headers, body, byQuery]) => {
        const target = `${endpoint}/photos/x${path.replaceAll("?", "")}?x-id=1&${query}`;
        const response = await awsFetch(target, {
          method: body === undefined ? "GET" : "PUT",
          headers,
          ...(body === undefined ? {} : { body: body as BodyInit }),
          aws: { signBy: byQuery ? "query" : "headers", maxAttempts: 1 },
        });
        assert.not.match(await response.text(), /SignatureDoesNotMatch|AccessDenied/);
      }),
      { numRuns: 150 },
    );
  });

  test("sign() makes requests that the platform's fetch sends", async () => {
    const response = await fetch(await awsFetch.sign(new Request(url("signed"), { method: "PUT", body: "x" })));
    assert.is(response.status, 200, await response.text());
  });
}
