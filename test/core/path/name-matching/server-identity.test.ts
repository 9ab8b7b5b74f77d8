import { matchesServer } from "../../../../core/path/mod.ts";
import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { derContextPrimitive } from "../../../../core/der/writer.ts";
import { assert, suite } from "../../../support/suite.ts";
import { dnsName, subjectAlternativeName } from "../../../support/test-authority.ts";
import { issue } from "../hierarchy.ts";

const test = suite("core/path/name-matching/server-identity");

const server = (...names: Bytes[]) => issue("www.example.com", "Root", [subjectAlternativeName(...names)]);
const ip = (...octets: number[]): Bytes => derContextPrimitive(7, Uint8Array.from(octets));

test("matchesServer() compares DNS names without regard to case, and never the common name", async () => {
  const certificate = await server(dnsName("A.example.com"));
  for (const name of ["a.example.com", "A.EXAMPLE.COM", "a.example.com."]) assert.ok(matchesServer(certificate, name));
  for (const name of ["www.example.com", "b.a.example.com", "example.com", ""]) {
    assert.not.ok(matchesServer(certificate, name), name);
  }
  assert.not.ok(matchesServer(await issue("www.example.com", "Root"), "www.example.com"));
});

test("matchesServer() lets a wildcard be one whole first label above two others", async () => {
  const certificate = await server(...["*.example.com", "*", "*.com", "a*.example.org", "*a.example.org"].map(dnsName));
  assert.ok(matchesServer(certificate, "a.example.com"));
  for (const name of ["example.com", "b.a.example.com", "com", "other.com", "ab.example.org", "*.example.org"]) {
    assert.not.ok(matchesServer(certificate, name), name);
  }
});

test("matchesServer() compares addresses as octets, however they are written", async () => {
  const certificate = await server(
    ip(192, 0, 2, 1),
    ip(0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 1),
    dnsName("192.0.2.9"),
  );
  for (const name of ["192.0.2.1", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "2001:db8::0.0.0.1"]) {
    assert.ok(matchesServer(certificate, name), name);
  }
  for (
    const name of ["192.0.2.9", "192.0.2.01", "192.0.2", "::1", "2001:db8::1::", "2001:db8:::1", "1:2:3:4:5:6:7:8:9"]
  ) {
    assert.not.ok(matchesServer(certificate, name), name);
  }
});

test.run();
