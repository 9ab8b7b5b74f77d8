// runtimes: node20 node deno bun
import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { ForeignFunctions, ForeignPlatform } from "../../../hsm-bridge/ffi/foreign-functions.ts";
import { MemoryPool } from "../../../hsm-bridge/memory/memory-pool.ts";
import { NativeMemory } from "../../../hsm-bridge/memory/native-memory.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/memory/native-memory");

/** Foreign functions that hand the memory itself out. */
function watched(platform: ForeignPlatform): { foreign: ForeignFunctions; memory: () => Bytes } {
  const fake = new FakeModule({ platform });
  let seen: Bytes | undefined;
  const addressOf = (memory: Bytes): bigint => {
    seen = memory;
    return 0x5000n;
  };
  const foreign: ForeignFunctions = {
    name: fake.name,
    platform,
    open: (path) => fake.open(path),
    functionAt: (address, signature, name) => fake.functionAt(address, signature, name),
    addressOf,
    read: (address, length) => fake.read(address, length),
  };
  return { foreign, memory: () => seen! };
}

test("NativeMemory.reserve() begins at multiples of eight", () => {
  const { foreign } = watched("unix");
  const memory = new NativeMemory(foreign, 64);
  assert.equal([memory.reserve(1), memory.reserve(9), memory.reserve(8)], [0, 8, 24]);
  assert.is(memory.addressOf(24), 0x5018);
});

test("NativeMemory.reserve() refuses what does not fit", () => {
  const { foreign } = watched("unix");
  const memory = new NativeMemory(foreign, 16);
  memory.reserve(8);
  assert.throws(() => memory.reserve(9), /"length" is 9/);
  assert.throws(() => memory.read(8, 9), /"length" is 9/);
});

test("NativeMemory.writeUlong() writes eight octets on unix, little-endian, beyond 2^53", () => {
  const { foreign, memory } = watched("unix");
  const native = new NativeMemory(foreign, 16);
  native.writeUlong(8, 0x0123456789abcdefn);
  assert.equal([...memory()].slice(8), [0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01]);
  assert.is(native.readUlong(8), 0x0123456789abcdefn);
  native.writeUlong(8, 2 ** 52 + 5);
  assert.equal([...memory()].slice(8), [5, 0, 0, 0, 0, 0, 0x10, 0]);
  assert.is(native.readCount(8), 2 ** 52 + 5);
});

test("NativeMemory.writeUlong() writes four octets on Windows", () => {
  const { foreign, memory } = watched("windows");
  const native = new NativeMemory(foreign, 16);
  native.writeUlong(4, 0x89abcdef);
  assert.equal([...memory()].slice(0, 12), [0, 0, 0, 0, 0xef, 0xcd, 0xab, 0x89, 0, 0, 0, 0]);
  assert.is(native.readUlong(4), 0x89abcdefn);
  assert.is(native.readCount(4), 0x89abcdef);
});

test("NativeMemory.writePointer() writes eight octets on both", () => {
  for (const platform of ["unix", "windows"] as const) {
    const { foreign, memory } = watched(platform);
    const native = new NativeMemory(foreign, 16);
    native.writePointer(2, 0xff00_0000_0000_0001n);
    assert.equal([...memory()].slice(2, 10), [1, 0, 0, 0, 0, 0, 0, 0xff]);
    assert.is(native.readPointer(2), 0xff00_0000_0000_0001n);
    native.writePointer(2, 0x7fff_1234_5678);
    assert.is(native.readPointer(2), 0x7fff_1234_5678n);
  }
});

test("NativeMemory.clear() overwrites what was taken", () => {
  const { foreign, memory } = watched("unix");
  const native = new NativeMemory(foreign, 32);
  native.put(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  native.clear();
  assert.ok(memory().every((octet) => octet === 0));
  assert.is(native.reserve(1), 0);
});

test("MemoryPool lends the same memory again", () => {
  const fake = new FakeModule();
  const pool = new MemoryPool(fake);
  for (let i = 0; i < 100; i++) {
    const memory = pool.borrow(100);
    assert.is(memory.put(Uint8Array.of(1)), 0);
    pool.giveBack(memory);
  }
  assert.is(fake.allocations, 1);
  assert.not(fake.holds(Uint8Array.of(1)));
});

test("MemoryPool makes memory of its own for what is long, and drops it", () => {
  const fake = new FakeModule();
  const pool = new MemoryPool(fake);
  const long = pool.borrow(1_000_000);
  assert.is(long.length, 1_000_000);
  pool.giveBack(long);
  assert.not(pool.borrow(1_000_000) === long);
});

test.run();
