/**
 * What every runtime with files must do with a directory of certificates. For Node, Bun and Deno.
 *
 * @module
 */

import { mkdirSync, symlinkSync } from "node:fs";
import { identityFromFiles } from "../../runtimes/shared/identity-files.ts";
import type { Host } from "../../runtimes/host.ts";
import { assert, assertRejects, assertThrows, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { testIdentity } from "./test-identity.ts";

/** Adds the tests. */
export function addDirectoryTests(test: Suite, makeHost: () => Host): void {
  const folder = temporaryFolder();
  test.after(() => folder.remove());

  test("listFiles() names files and links to them, not directories", () => {
    const path = `${folder.path}/list`;
    mkdirSync(`${path}/below`, { recursive: true });
    folder.write("list/a.pem", "a");
    folder.write("list/.hidden", "b");
    folder.write("list/below/c.pem", "c");
    symlinkSync("a.pem", `${path}/link.pem`);
    assert.equal([...makeHost().listFiles(path)].sort(), [".hidden", "a.pem", "link.pem"]);
  });

  test("listFiles() says what is wrong with a directory", () => {
    const file = folder.write("file", "x");
    assertThrows(() => makeHost().listFiles(`${folder.path}/none`), "ERR_FILE_NOT_FOUND");
    assertThrows(() => makeHost().listFiles(file), "ERR_FILE_NOT_FOUND");
  });

  test("identityFromFiles() chooses out of a directory as a Kubernetes volume has it", async () => {
    const client = await testIdentity("edge");
    const path = `${folder.path}/volume`;
    mkdirSync(`${path}/..2026_11_22`, { recursive: true });
    folder.write("volume/..2026_11_22/tls.crt", client.certificatePem);
    folder.write("volume/..2026_11_22/tls.key", client.keyPem);
    symlinkSync("..2026_11_22", `${path}/..data`);
    for (const name of ["tls.crt", "tls.key"]) symlinkSync(`..data/${name}`, `${path}/${name}`);
    const place = { directory: path, several: "refuse", password: { ask: "never" } } as const;
    const { certificate, chain } = await identityFromFiles(makeHost(), place).identity();
    assert.equal(certificate.der, client.certificate.der);
    assert.equal(chain, []);
    await assertRejects(
      async () => await identityFromFiles(makeHost(), { ...place, selector: "Key=x509Serial,Value=1" }).identity(),
      "ERR_SELECTION_NONE",
    );
  });
}
