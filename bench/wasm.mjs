/**
 * The component of topic `wasm`, built once a run.
 */
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { RUNTIMES } from "../build/bootstrap.mjs";

const TOOLS = join(RUNTIMES, "node_modules", "@bytecodealliance");

let built;

/** What wasm.bench.ts asks for. */
export function wasmTarget() {
  return built ??= build();
}

/** Sizes, as a group of the topic. */
export async function wasmSizes() {
  const { megabytes } = await wasmTarget();
  return [{
    name: "size",
    unit: "MB",
    contenders: Object.keys(megabytes),
    comparisons: [{ name: "component", against: "program" }],
    times: { component: [megabytes.component], program: [megabytes.program] },
  }];
}

async function build() {
  const { buildComponent, NODE_MODULE } = await import("../runtimes/wasm/build.mjs");
  const { source, component } = await buildComponent();
  const packages = join(dirname(NODE_MODULE), "node_modules");
  mkdirSync(packages, { recursive: true });
  if (!existsSync(join(packages, "@bytecodealliance"))) symlinkSync(TOOLS, join(packages, "@bytecodealliance"));
  return {
    module: pathToFileURL(NODE_MODULE).href,
    megabytes: { component: component / 1e6, program: source / 1e6 },
  };
}
