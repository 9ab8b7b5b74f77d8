/**
 * The software bill of materials of programs in one file: CycloneDX 1.6 in JSON, without a time and a serial number, so
 * that the same sources make the same octets.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { readManifest } from "./entry-points.mjs";
import { inlinedPackages } from "./licences.mjs";

/** The text; `runtimes` are `{ name, version, licence }`. */
export function billOfMaterials(metafiles, runtimes) {
  const { name, version, license } = readManifest();
  const inlined = [...new Set(metafiles.flatMap(inlinedPackages))].map((each) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "node_modules", each, "package.json"), "utf8"));
    return { name: each, version: manifest.version, licence: manifest.license };
  });
  const components = [
    ...inlined.map((each) => component("library", each)),
    ...runtimes.map((each) => component("platform", each)),
  ].sort((a, b) => a["bom-ref"] < b["bom-ref"] ? -1 : 1);
  const own = component("application", { name, version, licence: license });
  return JSON.stringify(
    {
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: { component: own },
      components,
      dependencies: [
        { ref: own["bom-ref"], dependsOn: components.map((each) => each["bom-ref"]) },
        ...components.map((each) => ({ ref: each["bom-ref"] })),
      ],
    },
    null,
    2,
  ) + "\n";
}

function component(type, { name, version, licence }) {
  // Package URL: the @ of a scope is percent-encoded.
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { type, "bom-ref": purl, name, version, licenses: [{ license: { id: licence } }], purl };
}
