import type { Bytes } from "../../../core/bytes/bytes.ts";
import { concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { PemStream } from "../../../core/pem/pem-stream.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/pem/pem-stream");

const LABEL = "X509 CRL";

interface Block {
  readonly offset: number;
  readonly octets: Bytes;
}

/** Blocks of a text that comes in pieces of this length. */
function decode(text: string | Uint8Array, pieceLength: number = 1000): Block[] {
  const octets = typeof text === "string" ? encodeUtf8(text) : text;
  const blocks: Block[] = [];
  let pieces: Bytes[] = [];
  let begunAt = -1;
  const stream = new PemStream([LABEL], {
    begin: (offset) => begunAt = offset,
    octets: (piece) => void pieces.push(piece.slice()),
    end: () => {
      blocks.push({ offset: begunAt, octets: concatBytes(pieces) });
      pieces = [];
    },
  });
  for (let at = 0; at < octets.length; at += pieceLength) stream.push(octets.subarray(at, at + pieceLength));
  stream.finish();
  return blocks;
}

const someOctets = (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 8));

test("PemStream decodes blocks of every length, in pieces of every length", () => {
  for (const length of [1, 2, 3, 4, 47, 48, 49, 100, 500]) {
    const wanted = someOctets(length);
    for (const piece of [1, 2, 3, 5, 7, 64, 65, 1000]) {
      const [block, ...others] = decode(encodePem(LABEL, wanted), piece);
      assert.equal(block, { offset: 0, octets: wanted });
      assert.is(others.length, 0);
    }
  }
});

test("PemStream decodes a block that is larger than what it decodes at a time", () => {
  const wanted = someOctets(200_000);
  const text = encodePem(LABEL, wanted);
  for (const variant of [text, text.replaceAll("\n", "\r\n"), onOneLine(text)]) {
    for (const piece of [997, 65_536, 1_000_000]) assert.equal(decode(variant, piece)[0]!.octets, wanted);
  }
});

test("PemStream passes over text, other blocks and a byte order mark, and finds several blocks", () => {
  const one = encodePem(LABEL, Uint8Array.of(1, 2));
  const other = encodePem("CERTIFICATE", someOctets(90));
  const text = `\ufeff${one}text - with dashes\n-----BEGIN\n -----BEGIN X509 CRL-----\n${other}${one}the end`;
  for (const piece of [1, 2, 3, 11, 1000]) {
    const blocks = decode(text, piece);
    assert.equal(blocks.map(({ octets }) => [...octets]), [[1, 2], [1, 2]]);
    assert.is(blocks[0]!.offset, 3);
    assert.is(blocks[1]!.offset, encodeUtf8(text).length - one.length - 7);
  }
});

test("PemStream accepts white space within base64 and an END line that ends the input", () => {
  assert.equal(
    decode("-----BEGIN X509 CRL-----  \n A Q\tI =\n\n-----END X509 CRL-----")[0]!.octets,
    Uint8Array.of(1, 2),
  );
});

test("PemStream refuses damaged blocks", () => {
  const body = (text: string) => `-----BEGIN X509 CRL-----\n${text}\n-----END X509 CRL-----\n`;
  const damaged = [
    body("AQI"), // the padding is missing
    body("AQI=="),
    body("AQJ="), // bits that belong to no octet
    body("AR=="),
    body("A"),
    body("A==="),
    body("===="),
    body("AQ=I"),
    body("AQI=\nAQI="),
    body("AQ!D"),
    body("AQ\u00e4D"),
    body("Proc-Type: 4,ENCRYPTED\n\nAQID"),
    body(""),
    body("AQID").replace("END X509 CRL", "END CERTIFICATE"),
    body("AQID").replace("-----END", "----END"),
    "-----BEGIN X509 CRL-----\nAQID\n",
    "-----BEGIN X509 CRL-----\nAQID\n-----BEGIN X509 CRL-----\nAQID\n-----END X509 CRL-----\n",
  ];
  for (const text of damaged) {
    for (const piece of [1, 1000]) {
      const error = assertThrows(() => decode(text, piece), "ERR_PEM_MALFORMED");
      assert.is(error["offset"], 0, text);
    }
  }
});

test("PemStream says that there is no block", () => {
  for (
    const text of ["", "text", "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n", "-".repeat(10_000)]
  ) {
    assertThrows(() => decode(text), "ERR_PEM_MISSING");
  }
});

/** The base64 of a block on one line. */
function onOneLine(text: string): string {
  const [first, ...rest] = text.trimEnd().split("\n");
  return `${first}\n${rest.slice(0, -1).join("")}\n${rest.at(-1)}\n`;
}

test.run();
