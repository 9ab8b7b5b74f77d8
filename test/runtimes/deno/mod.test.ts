// runtimes: deno
import { denoHost, fromRolesAnywhere } from "../../../runtimes/deno/mod.ts";
import { testAuthority } from "../../support/local-service.ts";
import { addRuntimeTests } from "../../support/runtime-tests.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/mod");

await addRuntimeTests(test, { host: denoHost, fromRolesAnywhere, skipsServerCertificate: false });

test("denoHost() ends an answer without end, also with a bundle of trusted certificates", async () => {
  const authority = await testAuthority();
  const { certificatePem, keyPem } = await authority.issue("localhost", { kind: "server" });
  const host = denoHost();
  const chunk = new Uint8Array(65_536).fill(0x20);
  const endless = () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
  const tls = { certificate: certificatePem, privateKey: keyPem };
  const server = await host.serve(endless, { hostname: "127.0.0.1", port: 0, tls });
  const send = host.httpClient({ serverCertificate: "verify", caBundle: () => authority.root.certificatePem });
  const init = { method: "GET", headers: {}, redirect: "manual" } as const;
  const text = await (await send(`https://localhost:${server.port}/`, init)).text();
  await server.close();
  assert.ok(text.length > 1_048_576 && text.length < 2_000_000, String(text.length));
});

test.run();
