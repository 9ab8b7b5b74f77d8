/**
 * How the conformance suites are started in each runtime.
 */
import { bundleText } from "../run/bundle.mjs";

/** Runtimes by the names of `--runtime`. `prepare` answers the processes to start, one a configuration. */
export const RUNNERS = {
  node20: { program: "node20", prepare: nodeLike("node") },
  node: { program: "node", prepare: nodeLike("node") },
};

/** One bundle, which gets its plan as an argument. */
function nodeLike(entry, args = []) {
  return async (runtime, plan) => {
    const bundle = await bundleText(`conformance-${entry}`, `import "./test/conformance/entries/${entry}.ts";`, {
      platform: "node",
    });
    return [{ runtime, args: [...args, bundle, JSON.stringify({ runtime, plan })] }];
  };
}
