import fc from "fast-check";
import { canonicalPath } from "../../../core/sigv4/canonical-path.ts";
import { createHmacSigner, verifyHmacRequest } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import { naiveObjectPath, naiveServicePath, naiveUriEncode } from "./naive-canonical.ts";

const test = suite("core/sigv4/canonical-path");

const CREDENTIALS = { accessKeyId: "AKID", secretAccessKey: "secret" };
const TIME = Date.UTC(2026, 5, 1, 12);

/** Names of folders and files that trip canonicalisers, beside any text. */
const segment = fc.oneof(
  fc.constantFrom("", ".", "..", "...", ".a", "a.", "%", "%25", "%2F", "%2e", "+", " ", "a b", "~", "*", "a=b&c", "#?"),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.string({ unit: fc.constantFrom(..."!\"$&'()*+,-./:;<=>@[\\]^_`{|}~%?# \t\0\u007f"), maxLength: 6 }),
);
const segments = fc.array(segment, { minLength: 1, maxLength: 6 });

/** Ways to write a character of a key into a path; a slash that is meant as one stays. */
const SPELLINGS: readonly ((character: string) => string)[] = [
  naiveUriEncode,
  (character) => naiveUriEncode(character).toLowerCase(),
  (character) => encodeURIComponent(character),
  // Every octet, those too that need not be.
  (character) =>
    [...new TextEncoder().encode(character)].map((octet) => "%" + octet.toString(16).padStart(2, "0")).join(""),
];

const spelt = (key: string, choices: readonly number[]): string =>
  Array.from(key, (character, at) => {
    if (character === "/") return "/";
    const spelling = SPELLINGS[choices[at % choices.length]!]!;
    // Upper-case letters of a key stay what they are.
    return /^[A-Z]$/.test(character) ? character : spelling(character);
  }).join("");

const choices = fc.array(fc.nat(SPELLINGS.length - 1), { minLength: 1, maxLength: 5 });

test("canonicalPath() writes every spelling of an object key as the naive canonicaliser writes the key", () => {
  fc.assert(
    fc.property(
      segments,
      choices,
      fc.constantFrom("s3", "s3express", "s3-outposts", "s3-object-lambda"),
      (parts, how, service) => {
        const key = parts.join("/");
        const path = "/" + spelt(key, how);
        assert.is(canonicalPath(path, { region: "r", service }), naiveObjectPath(key), path);
      },
    ),
    { numRuns: 500, seed: 20260601 },
  );
});

test("verifyHmacRequest() accepts an object key in another spelling than it was signed in", async () => {
  const signer = createHmacSigner(CREDENTIALS, { region: "r", service: "s3" });
  const options = {
    timeMs: TIME,
    maxClockSkewSeconds: 0,
    region: "r",
    service: "s3",
    unsignedPayload: "allow",
    credentials: () => CREDENTIALS,
  } as const;
  await fc.assert(
    fc.asyncProperty(segments, choices, choices, fc.boolean(), async (parts, one, other, presigns) => {
      const key = parts.join("/");
      const request = { method: "GET", path: "/" + spelt(key, one), headers: { host: "b.s3.amazonaws.com" } };
      const path = "/" + spelt(key, other);
      if (presigns) {
        const { query } = signer.presign(request, TIME, 60);
        await verifyHmacRequest({ ...request, path, query }, options);
      } else {
        const headers = { ...request.headers, ...signer.sign(request, TIME).headers };
        await verifyHmacRequest({ ...request, path, headers }, options);
      }
    }),
    { numRuns: 150, seed: 20260601 },
  );
});

test("canonicalPath() resolves the segments of other services' paths as the naive canonicaliser does", () => {
  fc.assert(
    fc.property(segments, (parts) => {
      const wire = parts.map(naiveUriEncode).map((part) => part.replaceAll("%2E", "."));
      assert.is(canonicalPath("/" + wire.join("/"), { region: "r", service: "service" }), naiveServicePath(wire));
    }),
    { numRuns: 500, seed: 20260601 },
  );
});

test.run();
