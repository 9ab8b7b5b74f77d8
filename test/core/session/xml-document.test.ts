import { child, childText, parseXml } from "../../../core/session/xml-document.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/session/xml-document");

test("parseXml() reads elements, attributes, text and references", () => {
  const text =
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<a:r xmlns="urn:x" b=\'"\'>\n <s>1 &lt;&amp;&gt;&quot;&apos; &#65;&#x1F600;</s><t />' +
    "<u>\r\n</u></a:r>\n";
  assert.equal(parseXml(text), {
    name: "r",
    text: "\n ",
    children: [
      { name: "s", text: "1 <&>\"' A😀", children: [] },
      { name: "t", text: "", children: [] },
      { name: "u", text: "\n", children: [] },
    ],
  });
});

test("parseXml() refuses what is not well-formed", () => {
  const bad = [
    "",
    "text",
    "<a>",
    "</a>",
    "<a></b>",
    "<a></a><b></b>",
    "<a></a>text",
    "text<a></a>",
    "<a b></a>",
    "<a b=c></a>",
    '<a b="<"></a>',
    '<a b="1" b="2"></a>',
    "<a>&</a>",
    "<a>&amp</a>",
    "<a>&unknown;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>\0</a>",
    "<a>]]></a>",
    "< a></a>",
    "<1></1>",
    '{"a":1}',
  ];
  for (const text of bad) assert.is(parseXml(text), undefined, text);
});

test("parseXml() refuses document types, CDATA, comments and processing instructions", () => {
  const bad = [
    "<!DOCTYPE a><a></a>",
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "<a><![CDATA[b]]></a>",
    "<a><!-- b --></a>",
    "<a><?b c?></a>",
    "<?xml version='1.0'?><?b c?><a></a>",
  ];
  for (const text of bad) assert.is(parseXml(text), undefined, text);
});

test("parseXml() refuses elements that are nested too deep, and takes long documents", () => {
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  assert.ok(parseXml(nested(16)) !== undefined);
  assert.is(parseXml(nested(17)), undefined);
  assert.is(parseXml(nested(100_000)), undefined);
  assert.is(parseXml(`<a>${"<b/>".repeat(50_000)}</a>`)!.children.length, 50_000);
  for (const text of ["<a ", "<a b", '<a b="', "<a>&"]) assert.is(parseXml(text + " ".repeat(300_000)), undefined);
});

test("child() and childText() answer the only element of a name", () => {
  const parent = parseXml("<a><b>1</b><c>2</c><c>3</c><d><e/></d></a>");
  assert.is(childText(parent, "b"), "1");
  assert.is(childText(parent, "c"), undefined);
  assert.is(childText(parent, "d"), undefined);
  assert.is(child(parent, "d")!.children[0]!.name, "e");
  assert.is(child(undefined, "a"), undefined);
});

test.run();
