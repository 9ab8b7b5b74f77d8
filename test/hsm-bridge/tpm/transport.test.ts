// runtimes: node20 node bun
import { createServer, type Server, type Socket } from "node:net";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { deviceTransport } from "../../../hsm-bridge/tpm/device-transport.ts";
import { socketTransport } from "../../../hsm-bridge/tpm/socket-transport.ts";
import { tbsTransport } from "../../../hsm-bridge/tpm/tbs-transport.ts";
import { defaultTransport, openTpm } from "../../../hsm-bridge/tpm/tpm.ts";
import { tpmSigner } from "../../../hsm-bridge/tpm/tpm-signer.ts";
import { ResponseCollector, type TpmTransport } from "../../../hsm-bridge/tpm/transport.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { ForeignFunctions } from "../../../hsm-bridge/ffi/foreign-functions.ts";
import { FAKE_KEY, FakeTpm } from "../../support/fake-tpm.ts";
import { assert, assertRejects, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("hsm-bridge/tpm/transport");

const folder = temporaryFolder();
test.after(() => folder.remove());

const COMMAND = Uint8Array.of(0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 4);
const GOOD = Uint8Array.of(0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0);

/** A server that answers every command by a function, on a socket of the file system or TCP. */
async function serve(
  answer: (socket: Socket, command: Uint8Array) => void,
  address: string | number = `${folder.path}/${serve.count++}.sock`,
): Promise<{ readonly server: Server; readonly transport: TpmTransport; readonly path: string }> {
  const server = createServer((socket) => {
    socket.on("data", (command) => answer(socket, new Uint8Array(command)));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) =>
    typeof address === "string" ? server.listen(address, resolve) : server.listen(address, "127.0.0.1", resolve)
  );
  const bound = server.address();
  const where = bound === null || typeof bound === "string"
    ? { path: String(address) }
    : { host: "127.0.0.1", port: bound.port };
  return { server, transport: socketTransport(where, 400), path: String(address) };
}
serve.count = 0;

async function transmit(transport: TpmTransport): Promise<Bytes> {
  const connection = await transport.open();
  try {
    return await connection.transmit(COMMAND);
  } finally {
    await connection.close();
  }
}

test("socketTransport() sends the command and answers the response, in one piece or many", async () => {
  for (const address of [undefined, 0]) {
    const pieces = [[GOOD], [GOOD.subarray(0, 1), GOOD.subarray(1)], [...GOOD].map((octet) => Uint8Array.of(octet))];
    for (const parts of pieces) {
      const { server, transport } = await serve(async (socket, command) => {
        assert.equal(command, COMMAND);
        for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
      }, address);
      assert.equal(await transmit(transport), GOOD);
      assert.equal(await transmit(transport), GOOD);
      server.close();
    }
  }
});

test("socketTransport() refuses answers that are cut off, too long, or no response", async () => {
  const answers: readonly (readonly [code: string, octets: Uint8Array])[] = [
    ["ERR_TPM_CONNECTION", new Uint8Array(0)],
    ["ERR_TPM_CONNECTION", GOOD.subarray(0, 1)],
    ["ERR_TPM_CONNECTION", GOOD.subarray(0, 9)],
    ["ERR_TPM_CONNECTION", GOOD.subarray(0, 11)],
    ["ERR_TPM_RESPONSE", Uint8Array.of(...GOOD, 0)],
    ["ERR_TPM_RESPONSE", Uint8Array.of(0x80, 1, 0, 0, 0, 9, 0, 0, 0, 0)],
    ["ERR_TPM_RESPONSE", Uint8Array.of(0x80, 1, 0, 0, 0x10, 1, 0, 0, 0, 0)],
    ["ERR_TPM_RESPONSE", Uint8Array.of(0x80, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)],
    ["ERR_TPM_RESPONSE", new Uint8Array(Buffer.from("HTTP/1.1 400 Bad Request\r\n"))],
  ];
  for (const [code, octets] of answers) {
    const { server, transport } = await serve((socket) => void socket.end(octets));
    const error = await assertRejects(() => transmit(transport), code);
    assert.match(error.message, /^Cannot read response from /);
    server.close();
  }
});

test("deviceTransport() says what the system says when a command cannot be written", async () => {
  if (process.platform !== "linux") skip("/dev/full is Linux's");
  const error = await assertRejects(() => transmit(deviceTransport("/dev/full")), "ERR_TPM_CONNECTION");
  assert.match(error.message, /\/dev\/full.*ENOSPC/);
});

test("ResponseCollector puts together responses of every size up to the limit", () => {
  for (const size of [10, 255, 256, 300, 4095, 4096]) {
    const response = new Uint8Array(size).fill(7);
    response.set([0x80, 1, 0, 0, size >> 8, size & 0xff]);
    for (const cut of [1, 9, 10, size - 1]) {
      const collector = new ResponseCollector("test");
      if (cut < size) assert.is(collector.take(response.slice(0, cut)), undefined, `${size} cut at ${cut}`);
      assert.equal(collector.take(response.slice(cut < size ? cut : 0)), response, `${size} cut at ${cut}`);
    }
  }
});

test("socketTransport() makes one connection for an operation, and another one where the server ends it", async () => {
  const REFUSED = Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, 9, 2);
  for (
    const [way, connections] of [
      ["answers", 1],
      ["ends after each", 3],
      ["refuses", 3],
    ] as const
  ) {
    const { server, transport } = await serve((socket) => {
      if (way === "ends after each") socket.end(GOOD);
      else socket.write(way === "answers" ? GOOD : REFUSED);
    });
    let made = 0;
    server.on("connection", () => made++);
    const connection = await transport.open();
    for (let i = 0; i < 3; i++) assert.equal(await connection.transmit(COMMAND), way === "refuses" ? REFUSED : GOOD);
    await connection.close();
    assert.is(made, connections, way);
    // As soon as no connection is open.
    await new Promise((resolve) => server.close(resolve));
  }
});

test("socketTransport() listens once to a connection, however many commands go over it", async () => {
  const { server, transport } = await serve((socket) => void socket.write(GOOD));
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  const connection = await transport.open();
  for (let i = 0; i < 40; i++) assert.equal(await connection.transmit(COMMAND), GOOD);
  await connection.close();
  await new Promise((resolve) => server.close(resolve));
  process.removeListener("warning", note);
  assert.equal(warnings, []);
});

test("socketTransport() takes nothing for an answer that came before the command", async () => {
  const stray = Uint8Array.of(0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 7, 7);
  const { server, transport } = await serve((socket) => void socket.write(GOOD));
  const first = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const connection = await transport.open();
  assert.equal(await connection.transmit(COMMAND), GOOD);
  const socket = await first;
  // The connection with more on it is given up.
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(stray);
  await closed;
  assert.equal(await connection.transmit(COMMAND), GOOD);
  await connection.close();
  await new Promise((resolve) => server.close(resolve));
});

test("socketTransport() has a time limit, and says when nobody is there", async () => {
  const { server, transport } = await serve(() => {});
  await assertRejects(() => transmit(transport), "ERR_TPM_TIMEOUT");
  const half = await serve((socket) => void socket.write(GOOD.subarray(0, 11)));
  await assertRejects(() => transmit(half.transport), "ERR_TPM_TIMEOUT");
  const reset = await serve((socket) => void socket.destroy());
  await assertRejects(() => transmit(reset.transport), "ERR_TPM_CONNECTION");
  for (const one of [server, half.server, reset.server]) one.close();
  await assertRejects(() => transmit(socketTransport({ path: `${folder.path}/none.sock` })), "ERR_TPM_NOT_FOUND");
  const closed = await serve(() => {}, 0);
  const port = (closed.server.address() as { readonly port: number }).port;
  await new Promise((resolve) => closed.server.close(resolve));
  await assertRejects(() => transmit(socketTransport({ host: "127.0.0.1", port })), "ERR_TPM_NOT_FOUND");
});

test("openTpm() takes a socket where its path leads to one, and signs through it", async () => {
  const fake = new FakeTpm();
  const inner = await fake.transport.open();
  const { server, path } = await serve((socket, command) => {
    void inner.transmit(new Uint8Array(command)).then((response) => socket.write(response));
  });
  const signer = await tpmSigner({ tpm: { device: path, timeoutMs: 5_000 }, key: FAKE_KEY });
  const signatures = await Promise.all(Array.from({ length: 64 }, () => signer.sign(COMMAND)));
  assert.is(signatures.length, 64);
  await signer.close();
  assert.is(fake.left, 0);
  server.close();
});

test("openTpm() says what is missing, what is no TPM 2.0, and which option does not exist", async () => {
  const missing = await assertRejects(openTpm({ device: `${folder.path}/none` }), "ERR_TPM_NOT_FOUND");
  assert.match(missing.message, /TPM_DEVICE/);
  for (const family of [0x312e3200, 0]) {
    const fake = new FakeTpm();
    const octets = Uint8Array.of(0x80, 1, 0, 0, 0, 27, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0);
    new DataView(octets.buffer).setUint32(23, family);
    fake.script = () => octets;
    await assertRejects(openTpm({ device: fake.transport }), "ERR_TPM_VERSION");
  }
  const old = new FakeTpm();
  // TPM_ORD_… of 1.2 answers with its own tag.
  old.script = () => Uint8Array.of(0, 0xc4, 0, 0, 0, 10, 0, 0, 0, 0x1e);
  await assertRejects(openTpm({ device: old.transport }), "ERR_TPM_VERSION");
  const error = await openTpm({ devcie: "x" } as object).then(() => undefined, (failure) => failure);
  assert.instance(error, TypeError);
});

test("deviceTransport() says why it cannot open a device, and writes over no file", async () => {
  await assertRejects(() => transmit(deviceTransport(`${folder.path}/none`)), "ERR_TPM_NOT_FOUND");
  const path = `${folder.path}/device`;
  writeFileSync(path, "precious");
  const file = await assertRejects(() => transmit(deviceTransport(path)), "ERR_TPM_NOT_FOUND");
  assert.match(file.message, "it is a file that holds data");
  assert.is(readFileSync(path, "utf8"), "precious");
});

test("deviceTransport() says whose device it may not open", async () => {
  if (process.getuid?.() === 0) skip("root may open everything");
  const path = `${folder.path}/closed`;
  writeFileSync(path, "", { mode: 0 });
  await assertRejects(() => transmit(deviceTransport(path)), "ERR_TPM_ACCESS");
});

test("deviceTransport() puts pieces together, and has a time limit", async () => {
  const path = `${folder.path}/fifo`;
  if (process.platform === "win32" || spawnSync("mkfifo", [path]).status !== 0) skip("mkfifo is not on this machine");
  // Open for both ends, a pipe answers what was written: the octets of a command are a response as well.
  assert.equal(await transmit(deviceTransport(path)), COMMAND);
  const longer = COMMAND.slice();
  longer[5] = 20;
  const connection = await deviceTransport(path, 300).open();
  await assertRejects(connection.transmit(longer), "ERR_TPM_TIMEOUT");
  // What comes late would be taken for the answer to this one.
  const next = await assertRejects(connection.transmit(COMMAND), "ERR_TPM_CONNECTION");
  assert.match(next.message, /an answer may still be on its way/);
  await connection.close();
  // Ends the read that is still under way.
  writeFileSync(path, new Uint8Array(8));
});

/** `tbs.dll` over a fake TPM: memory is a table of arrays, addresses are its indices. */
function fakeTbs(fake: FakeTpm, results: Readonly<Record<string, number>> = {}): ForeignFunctions & { open_: number } {
  const memory: Bytes[] = [];
  const names = ["Tbsi_Context_Create", "Tbsip_Submit_Command", "Tbsip_Context_Close"];
  const state = { open_: 0 };
  const functions: Readonly<Record<string, (args: readonly (number | bigint)[]) => Promise<number>>> = {
    Tbsi_Context_Create: ([parameters, context]) => {
      assert.equal(memory[Number(parameters)], Uint8Array.of(2, 0, 0, 0, 4, 0, 0, 0));
      new DataView(memory[Number(context)]!.buffer).setBigUint64(0, 0x1234n, true);
      return Promise.resolve(0);
    },
    Tbsip_Submit_Command: async ([context, locality, priority, command, length, result, resultLength]) => {
      assert.equal([context, locality, priority], [0x1234n, 0, 200]);
      const connection = await fake.transport.open();
      const response = await connection.transmit(memory[Number(command)]!.slice(0, Number(length)));
      await connection.close();
      const size = new DataView(memory[Number(resultLength)]!.buffer);
      assert.is(size.getUint32(0, true), 4096);
      memory[Number(result)]!.set(response);
      size.setUint32(0, response.length, true);
      return 0;
    },
    Tbsip_Context_Close: ([context]) => {
      assert.is(context, 0x1234n);
      return Promise.resolve(0);
    },
  };
  return Object.assign(state, {
    name: "fake",
    platform: "windows" as const,
    open: (path: string) => {
      assert.is(path, "tbs.dll");
      state.open_++;
      return {
        symbol: (name: string) => names.includes(name) ? BigInt(names.indexOf(name)) : undefined,
        close: () => void state.open_--,
      };
    },
    functionAt: (address: bigint) => {
      const name = names[Number(address)]!;
      const callAsync = (...args: readonly (number | bigint)[]) =>
        results[name] === undefined ? functions[name]!(args) : Promise.resolve(results[name]);
      return { call: () => 0, callAsync };
    },
    addressOf: (octets: Bytes) => BigInt(memory.push(octets) - 1),
    read: () => new Uint8Array(0),
  });
}

test("tbsTransport() calls the TPM Base Services as their header says, and closes what it opened", async () => {
  const fake = new FakeTpm();
  const ffi = fakeTbs(fake);
  const signer = await tpmSigner({ tpm: { device: tbsTransport(ffi) }, key: FAKE_KEY });
  assert.ok((await signer.sign(COMMAND)).length > 60);
  await signer.close();
  assert.is(ffi.open_, 0);
  assert.is(fake.left, 0);
});

test("defaultTransport() takes the TPM Base Services on Windows, and devices elsewhere", async () => {
  const ffi = fakeTbs(new FakeTpm());
  const chosen = await defaultTransport("win32", () => Promise.resolve(ffi), 1000);
  assert.is(chosen.name, "the TPM Base Services");
  await (await chosen.open()).close();
  assert.is(ffi.open_, 0);
  const unasked = () => Promise.reject(new Error("no library is needed"));
  const found = await defaultTransport("linux", unasked, 1000).then(({ name }) => name, (error) => error.code);
  assert.ok(["/dev/tpmrm0", "/dev/tpm0", "ERR_TPM_NOT_FOUND"].includes(found), found);
});

test("tbsTransport() makes coded errors of results", async () => {
  const cases = [
    ["Tbsi_Context_Create", 0x8028400f, "ERR_TPM_NOT_FOUND"],
    ["Tbsi_Context_Create", 0x80284012, "ERR_TPM_ACCESS"],
    ["Tbsip_Submit_Command", 0x80284006, "ERR_TPM_CONNECTION"],
    ["Tbsip_Submit_Command", 0x80280400, "ERR_TPM_ACCESS"],
    ["Tbsip_Submit_Command", 7, "ERR_TPM_CONNECTION"],
  ] as const;
  for (const [name, result, code] of cases) {
    const ffi = fakeTbs(new FakeTpm(), { [name]: result });
    await assertRejects(openTpm({ device: tbsTransport(ffi) }), code);
    assert.is(ffi.open_, 0);
  }
});

test.run();
