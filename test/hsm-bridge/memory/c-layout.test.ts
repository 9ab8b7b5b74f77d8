// runtimes: node20 node deno bun
import { layOut, ulongSize, ulongType } from "../../../hsm-bridge/memory/c-layout.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/memory/c-layout");

test("layOut() aligns each member and the end on unix", () => {
  const members = { cryptokiVersion: "version", text: 32, flags: "ulong", last: "version" } as const;
  assert.equal(layOut("unix", members), {
    size: 56,
    offsets: { cryptokiVersion: 0, text: 2, flags: 40, last: 48 },
  });
});

test("layOut() leaves no gap on Windows", () => {
  const members = { cryptokiVersion: "version", text: 32, flags: "ulong", last: "version" } as const;
  assert.equal(layOut("windows", members), {
    size: 40,
    offsets: { cryptokiVersion: 0, text: 2, flags: 34, last: 38 },
  });
});

test("layOut() makes CK_ATTRIBUTE 24 octets on unix and 16 on Windows", () => {
  const members = { type: "ulong", pValue: "pointer", ulValueLen: "ulong" } as const;
  assert.equal(layOut("unix", members), { size: 24, offsets: { type: 0, pValue: 8, ulValueLen: 16 } });
  assert.equal(layOut("windows", members), { size: 16, offsets: { type: 0, pValue: 4, ulValueLen: 12 } });
});

test("ulongSize() and ulongType() differ by platform", () => {
  assert.equal([ulongSize("unix"), ulongType("unix")], [8, "u64"]);
  assert.equal([ulongSize("windows"), ulongType("windows")], [4, "u32"]);
});

test.run();
