// runtimes: node20 node deno bun workerd
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { queryFailure, queryInput, queryParameters } from "../../../../runtimes/emulator/protocols/query-protocol.ts";
import { writeXml, XmlRepeated } from "../../../../runtimes/emulator/protocols/xml.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/query-protocol");

const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

test("queryInput() makes structures and lists of parameters", () => {
  const parameters = new Map(Object.entries({
    "RoleName": "r",
    "Tags.member.2.Key": "b",
    "Tags.member.1.Value": "1",
    "Tags.member.1.Key": "a",
    "Keys.member.10": "ten",
    "Keys.member.9": "nine",
    "Keys.member.x": "no number",
    "Outer.Inner": "i",
    "Empty": "",
  }));
  assert.equal(plain(queryInput(parameters)), {
    roleName: "r",
    tags: [{ value: "1", key: "a" }, { key: "b" }],
    keys: ["nine", "ten"],
    outer: { inner: "i" },
    empty: "",
  });
});

test("queryInput() is not taken in by names of strangers", () => {
  const given = queryInput(new Map([["__proto__.polluted", "yes"], [`${"a.".repeat(100)}b`, "deep"], ["a..b", "x"]]));
  assert.is(({} as { polluted?: string }).polluted, undefined);
  assert.is(Object.getPrototypeOf(given), null);
});

test("queryParameters() joins query and form of a POST, and takes no form of a GET", () => {
  const request = (method: string, body: string) => ({
    method,
    path: "/",
    query: "A=1",
    headers: [],
    body: encodeUtf8(body),
  });
  assert.equal([...queryParameters(request("POST", "B=2+3%2B"))], [["A", "1"], ["B", "2 3+"]]);
  assert.equal([...queryParameters(request("GET", "B=2"))], [["A", "1"]]);
  assert.throws(() => queryParameters(request("POST", "A=2")), /parameter twice/);
});

test("queryFailure() says whose fault it is", async () => {
  const failure = { status: 500, code: "InternalFailure", message: "<&>" };
  const text = await queryFailure(failure, "id", "urn:x").text();
  assert.match(text, '<ErrorResponse xmlns="urn:x"><Error><Type>Receiver</Type><Code>InternalFailure</Code>');
  assert.match(text, "<Message>&lt;&amp;&gt;</Message></Error><RequestId>id</RequestId></ErrorResponse>");
});

test("writeXml() writes elements, lists and repeated elements, and leaves out what is undefined", () => {
  const value = {
    a: 1,
    b: true,
    c: undefined,
    d: ["x", { y: "z" }],
    e: new XmlRepeated(["1", "2"]),
    f: {},
    g: "\r\ud800😀",
  };
  assert.is(
    writeXml("r", value, 'n"'),
    '<?xml version="1.0" encoding="UTF-8"?>\n<r xmlns="n&quot;"><a>1</a><b>true</b>' +
      "<d><member>x</member><member><y>z</y></member></d><e>1</e><e>2</e><f></f><g>&#13;\ufffd😀</g></r>\n",
  );
});

test.run();
