import { octetsOf, type OctetSource } from "../../../../core/x509/crl/octet-source.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/x509/crl/octet-source");

async function lengths(source: OctetSource): Promise<number[]> {
  const found: number[] = [];
  for await (const piece of octetsOf(source)) found.push(piece.length);
  return found;
}

function stream(pieces: readonly Uint8Array[], log: string[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next < pieces.length) controller.enqueue(pieces[next++]!);
      else controller.close();
    },
    cancel: () => void log.push("cancelled"),
  });
}

test("octetsOf() reads arrays, generators and streams, and cuts long pieces", async () => {
  const pieces = [new Uint8Array(3), new Uint8Array(0), new Uint8Array(150_000)];
  const wanted = [3, 65_536, 65_536, 18_928];
  assert.equal(await lengths(pieces), wanted);
  assert.equal(
    await lengths(async function* () {
      yield* pieces;
    }()),
    wanted,
  );
  const log: string[] = [];
  assert.equal(await lengths(stream(pieces.filter(({ length }) => length > 0), log)), wanted);
  assert.equal(log, []);
});

test("octetsOf() tells the source when its reader stops early", async () => {
  const log: string[] = [];
  for await (const _ of octetsOf(stream([new Uint8Array(1), new Uint8Array(1)], log))) break;
  assert.equal(log, ["cancelled"]);
  const generator = async function* () {
    try {
      yield new Uint8Array(1);
      yield new Uint8Array(1);
    } finally {
      log.push("returned");
    }
  };
  for await (const _ of octetsOf(generator())) break;
  assert.equal(log, ["cancelled", "returned"]);
});

test("octetsOf() refuses pieces that are no octets, and passes errors on", async () => {
  const kinds = [["text"], [[1, 2]], [undefined]] as unknown as OctetSource[];
  for (const source of kinds) {
    let error: unknown;
    await lengths(source).catch((caught: unknown) => error = caught);
    assert.instance(error, TypeError);
  }
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    throw new RangeError("the disk is gone");
  };
  let error: unknown;
  await lengths(broken()).catch((caught: unknown) => error = caught);
  assert.instance(error, RangeError);
});

test.run();
