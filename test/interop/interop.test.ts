// runtimes: node20
import { skip, suite } from "../support/suite.ts";
import { interopContext, interopItems, Missing } from "./interop.ts";

const test = suite("interop");

const context = await interopContext();

test.after(() => context.close());

for (const { name, quick, run } of interopItems(context)) {
  if (!quick) continue;
  test(name, async () => {
    try {
      await run();
    } catch (error) {
      if (error instanceof Missing) skip(error.message);
      throw error;
    }
  });
}

test.run();
