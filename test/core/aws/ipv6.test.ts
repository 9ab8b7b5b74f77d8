import { formatIpv6, parseIpv6 } from "../../../core/aws/ipv6.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/aws/ipv6");

test("formatIpv6() writes the canonical form of RFC 5952 that URL parsers write", () => {
  const addresses = [
    "::",
    "::1",
    "1::",
    "1:0:0:2:0:0:0:3",
    "2001:DB8:0:0:1:0:0:1",
    "2001:db8::1:2",
    "::255.255.255.255",
    "1:2:3:4:5:6:7::",
    "0:1:0:2:3:4:5:6",
    "::ffff:192.0.2.33",
    "64:ff9b::192.0.2.1",
  ];
  for (const text of addresses) {
    assert.is(parseIpv6(text)!.length, 8, text);
    assert.is(`[${formatIpv6(parseIpv6(text)!)}]`, new URL(`http://[${text}]`).hostname, text);
  }
});

test("parseIpv6() refuses what is no address", () => {
  const refused = [
    "",
    ":",
    ":::",
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::1%eth0",
    "1.2.3.4::",
    "::1.2.3",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3.256",
    "::1.2.3.04",
    "1::2::3",
    ":1::",
    "::1:",
  ];
  for (const text of refused) assert.is(parseIpv6(text), undefined, text);
});

test.run();
