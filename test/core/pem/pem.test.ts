import { encodeLatin1 } from "../../../core/bytes/text.ts";
import { decodePem, DEFAULT_MAX_PEM_LENGTH, encodePem, MAX_DAMAGED, readPem } from "../../../core/pem/pem.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/pem/pem");
const bytes = (text: string) => encodeLatin1(text)!;
const block = (body: string, label = "A") => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

test("encodePem() writes lines of 64 characters, and decodePem() reads them", () => {
  for (const length of [1, 47, 48, 49, 96, 97, 1000]) {
    const octets = Uint8Array.from({ length }, (_, i) => i & 0xff);
    const text = encodePem("PRIVATE KEY", octets);
    const lines = text.split("\n");
    assert.is(lines.at(-1), "");
    assert.ok(lines.slice(1, -3).every((line) => line.length === 64));
    assert.ok(lines.at(-3)!.length > 0 && lines.at(-3)!.length <= 64);
    const [read] = decodePem(text);
    assert.is(read!.label, "PRIVATE KEY");
    assert.equal(read!.octets, octets);
  }
  assert.is(encodePem("A", new Uint8Array()), "-----BEGIN A-----\n-----END A-----\n");
});

test("decodePem() reads text and its octets alike, with the offset of each block", () => {
  const text = `subject=/CN=x\n${block("AAEC")}between\n${block("/w==", "X509 CRL")}after`;
  for (const input of [text, bytes(text)]) {
    const [first, second, ...more] = decodePem(input);
    assert.is(more.length, 0);
    assert.equal(first!.octets, Uint8Array.of(0, 1, 2));
    assert.is(first!.offset, 14);
    assert.is(second!.label, "X509 CRL");
    assert.is(second!.offset, text.indexOf("-----BEGIN X509"));
  }
});

test("decodePem() tolerates what files in the field have", () => {
  const tolerated = [
    "-----BEGIN A-----\r\nAA\r\nEC\r\n-----END A-----\r\n",
    "-----BEGIN A-----\rAAEC\r-----END A-----",
    "-----BEGIN A-----  \n A A\tE\n\n C \n-----END A-----\t\n",
    "\ufeff-----BEGIN A-----\nAAEC\n-----END A-----",
    "\xef\xbb\xbf-----BEGIN A-----\nAAEC\n-----END A-----",
    "-----END B-----\n-----BEGIN A-----\nAAEC\n-----END A-----",
    " -----BEGIN B-----\n-----BEGIN A-----\n\nAAEC\n-----END A-----",
  ];
  for (const text of tolerated) assert.equal(decodePem(text)[0]!.octets, Uint8Array.of(0, 1, 2), JSON.stringify(text));
});

test("decodePem() answers header fields, continued lines included", () => {
  const [read] = decodePem(block("Proc-Type: 4,ENCRYPTED\nDEK-Info:AES-256-CBC,\n  00FF\nX:\n\nAAEC"));
  assert.equal([...read!.headers], [["Proc-Type", "4,ENCRYPTED"], ["DEK-Info", "AES-256-CBC,00FF"], ["X", ""]]);
  assert.equal(read!.octets, Uint8Array.of(0, 1, 2));
  assert.is(decodePem(block("AAEC"))[0]!.headers.size, 0);
});

test("readPem() keeps what is readable and reports what is damaged", () => {
  const text = block("AA!C") + block("AAEC") + "-----BEGIN C-----\nAAEC\n" + block("/w==") + "-----BEGIN D-----\nAAEC";
  const { blocks, damaged } = readPem(text);
  assert.is(blocks.length, 2);
  assert.equal(damaged.map(({ label, offset }) => [label, text.slice(offset, offset + 12)]), [
    ["A", "-----BEGIN A"],
    ["C", "-----BEGIN C"],
    ["D", "-----BEGIN D"],
  ]);
  assert.match(damaged[0]!.message, "Cannot read PEM: the A block at offset 0 is not base64, or is cut off");
  assert.match(damaged[1]!.message, "has no END line");
});

test("decodePem() throws the first damage when no block is readable", () => {
  const damaged = [
    block("AAE"),
    block("AAEC="),
    block("AAEC AAEC ="),
    block("AAED\u0100"),
    block(""),
    "-----BEGIN A-----\nAAEC\n-----END B-----\n",
    "-----BEGIN A----\nAAEC\n-----END A----\n",
    "-----BEGIN A-----\nAAEC\n",
    "-----BEGIN A-----AAEC-----END A-----",
    "-----BEGIN A-----\\nAAEC\\n-----END A-----",
    `-----BEGIN ${"A".repeat(65)}-----\nAAEC\n`,
    "-----BEGIN A-----\nAAEC\n -----END A-----\n",
  ];
  for (const text of damaged) assertThrows(() => decodePem(text), "ERR_PEM_MALFORMED");
});

test("decodePem() says what an input without blocks is", () => {
  const inputs: readonly (readonly [string | Uint8Array<ArrayBuffer>, string])[] = [
    ["", "the input is empty"],
    [new Uint8Array(), "the input is empty"],
    ["hello", "no line of the input starts with -----BEGIN"],
    [Uint8Array.of(0x30, 0x82, 1, 2), "the input is binary"],
    [Uint8Array.of(1, 0, 3), "the input is binary"],
    [Uint8Array.of(0xff, 0xfe, 0x2d, 0), "UTF-16"],
    [Uint8Array.of(0x2d, 0, 0x2d, 0), "UTF-16"],
    ["  -----BEGIN A-----\nAAEC\n-----END A-----", "no line of the input starts with -----BEGIN"],
  ];
  for (const [input, state] of inputs) {
    assert.match(assertThrows(() => decodePem(input), "ERR_PEM_MISSING").message, state);
  }
});

test("decodePem() refuses inputs beyond the limit", () => {
  const text = block("AAEC");
  for (const input of [text, bytes(text)]) {
    assertThrows(() => decodePem(input, text.length - 1), "ERR_PEM_SIZE");
    assert.is(decodePem(input, text.length).length, 1);
  }
  assert.is(DEFAULT_MAX_PEM_LENGTH, 16 * 1024 * 1024);
  assertThrows(() => decodePem(new Uint8Array(DEFAULT_MAX_PEM_LENGTH + 1)), "ERR_PEM_SIZE");
});

test("readPem() gets through ten hostile megabytes", () => {
  const hostile = ["-----BEGIN ", "-----BEGIN A-----\n", "\n-----BEGIN ", "-----END A-----\n", "-", "\n", "a:\n", " "];
  for (
    const part of [
      ...hostile,
      "-----BEGIN A-----\na:b\n c\n",
      "-----",
      "\r",
      "A",
      "-----BEGIN A-----\n-----END A-----\n",
    ]
  ) {
    const text = part.repeat(Math.floor(10_000_000 / part.length));
    assert.ok(readPem(text).damaged.length <= MAX_DAMAGED);
    assert.ok(
      readPem(`-----BEGIN A-----\n${text.slice(0, 1_000_000)}\n-----END A-----\n`).damaged.length <= MAX_DAMAGED,
    );
  }
});

test.run();
