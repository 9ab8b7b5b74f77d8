import {
  createHmacSigner,
  presignLifetime,
  type PresignLifetimeOptions,
  presignWithin,
} from "../../../core/sigv4/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/presign-lifetime");

const TIME = Date.UTC(2026, 5, 1, 12);
const OPTIONS: PresignLifetimeOptions = { timeMs: TIME, expiresSeconds: 3600, outliving: "shorten" };

test("presignLifetime() is as long as was asked while the credentials last", () => {
  const lifetime = { expiresSeconds: 3600, expiresAtMs: TIME + 3_600_000, shortened: false };
  assert.equal(presignLifetime(OPTIONS), lifetime);
  assert.equal(presignLifetime({ ...OPTIONS, credentialsExpireAtMs: TIME + 3_600_000, outliving: "refuse" }), lifetime);
});

test("presignLifetime() ends with the credentials, in whole seconds, and says so", () => {
  assert.equal(presignLifetime({ ...OPTIONS, credentialsExpireAtMs: TIME + 90_999 }), {
    expiresSeconds: 90,
    expiresAtMs: TIME + 90_000,
    shortened: true,
  });
  // X-Amz-Date has no fractions: the URL counts from the second's beginning.
  assert.equal(presignLifetime({ ...OPTIONS, timeMs: TIME + 999, credentialsExpireAtMs: TIME + 3_600_000 }), {
    expiresSeconds: 3600,
    expiresAtMs: TIME + 3_600_000,
    shortened: false,
  });
});

test("presignLifetime() refuses to outlive the credentials where it is told to", () => {
  const refused = { ...OPTIONS, credentialsExpireAtMs: TIME + 3_599_999, outliving: "refuse" } as const;
  assertThrows(() => presignLifetime(refused), "ERR_SIGNING_OUTLIVES_CREDENTIALS");
});

test("presignLifetime() refuses credentials that have ended, or are about to", () => {
  for (const credentialsExpireAtMs of [TIME + 999, TIME, TIME - 1, 0]) {
    assertThrows(() => presignLifetime({ ...OPTIONS, credentialsExpireAtMs }), "ERR_SIGNING_CREDENTIALS_EXPIRED");
  }
  const late = { ...OPTIONS, timeMs: TIME + 999 };
  assertThrows(
    () => presignLifetime({ ...late, credentialsExpireAtMs: TIME + 999 }),
    "ERR_SIGNING_CREDENTIALS_EXPIRED",
  );
  assert.is(presignLifetime({ ...late, credentialsExpireAtMs: TIME + 1000 }).expiresAtMs, TIME + 1000);
  assert.throws(() => presignLifetime({ ...OPTIONS, credentialsExpireAtMs: NaN }), RangeError);
});

test("presignLifetime() takes 1 to 604800 seconds", () => {
  for (const expiresSeconds of [1, 604800]) {
    assert.is(presignLifetime({ ...OPTIONS, expiresSeconds }).expiresSeconds, expiresSeconds);
  }
  for (const expiresSeconds of [0, 604801, NaN, Infinity, -5, 1.5]) {
    assert.throws(() => presignLifetime({ ...OPTIONS, expiresSeconds }), RangeError, `${expiresSeconds}`);
  }
});

test("presignWithin() writes the lifetime into the URL", () => {
  const signer = createHmacSigner({ accessKeyId: "AKID", secretAccessKey: "secret" }, { region: "r", service: "s3" });
  const request = { method: "GET", path: "/key", headers: { host: "h" } };
  const { presigned, lifetime } = presignWithin(signer, request, { ...OPTIONS, credentialsExpireAtMs: TIME + 60_000 });
  assert.match(presigned.query, /&X-Amz-Expires=60&/);
  assert.ok(lifetime.shortened);
  assert.is(presigned.signature, signer.presign(request, TIME, 60).signature);
});

test("presignLifetime() takes no other word for what becomes of a URL that would outlive its credentials", () => {
  for (const outliving of ["refused", "", true, undefined]) {
    assert.throws(
      () => presignLifetime({ ...OPTIONS, outliving } as never),
      /"outliving" must be "shorten" or "refuse"/,
    );
  }
});

test.run();
