/**
 * The grants of `bridge`: one out of flags, or several out of a file.
 *
 * @module
 */

import { encodeBase64Url } from "../../core/bytes/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import type { Host } from "../host.ts";
import { type BridgeKey, type BridgeKeyPlace, bridgeSigner } from "./bridge-signer.ts";
import { type FlagValues, invalid } from "./flags.ts";
import { textOf, unusable } from "./input-files.ts";
import { JsonMembers } from "./json-members.ts";
import { parseRfc3339 } from "./rfc3339-time.ts";
import { UsageError } from "./usage-error.ts";

/** The signing service is loaded when it is called. */
type ServedGrant = Parameters<
  typeof import("../../hsm-bridge/remote/signing-service.ts")["createSigningService"]
>[0]["grants"][number];

/** Octets of a token that is made here; 43 characters of base64url. */
const TOKEN_OCTETS = 32;

/** Files of tokens are below this, in octets. */
const MAX_TOKEN_FILE_LENGTH = 4096;

/** A grant as it is asked for. */
export interface GrantPlan extends BridgeKeyPlace {
  /** Its name in the records. */
  readonly name: string;
  /** What may be signed. */
  readonly messages: "roles-anywhere" | "any-message";
  /** Signatures a second, and twice as many at once. */
  readonly perSecond: number;
  /** Signatures in all; undefined: no end. */
  readonly maxSignatures: number | undefined;
  /** When it ends, in milliseconds since the epoch; undefined: never. */
  readonly expiresAtMs: number | undefined;
  /** File of its token; undefined: the place of one is not said. */
  readonly tokenFile: string | undefined;
}

/** The grants that the flags ask for. @throws {UsageError}, {InputFileError} */
export function plannedGrants(host: Host, values: FlagValues, defaultRate: number): readonly GrantPlan[] {
  const path = values.text("grants");
  if (path !== undefined) return grantsOfFile(host, path, defaultRate);
  const key = values.text("key");
  if (key === undefined) {
    throw new UsageError("ERR_USAGE_MISSING_FLAG", "there is no key to sign with: pass --key or --grants");
  }
  const perSecond = values.integer("rate");
  if (perSecond < 1) throw invalid("rate", String(perSecond), "must be at least 1 a second");
  const maxSignatures = values.integer("max-signatures");
  if (maxSignatures < 0) throw invalid("max-signatures", String(maxSignatures), "must be at least 0");
  const expires = values.text("expires");
  const expiresAtMs = expires === undefined ? undefined : parseRfc3339(expires);
  if (expires !== undefined && expiresAtMs === undefined) {
    throw invalid("expires", expires, "must be a time as 2026-06-01T12:00:00Z");
  }
  return [{
    name: values.text("name") ?? "default",
    key,
    certificate: values.text("certificate"),
    intermediates: values.text("intermediates"),
    algorithm: values.text("algorithm"),
    messages: values.boolean("any-message") ? "any-message" : "roles-anywhere",
    perSecond,
    maxSignatures: maxSignatures === 0 ? undefined : maxSignatures,
    expiresAtMs,
    tokenFile: values.text("token-file"),
  }];
}

/** A grant whose key is open. */
export interface OpenGrant {
  /** For the service, with its token still to come. */
  readonly grant: Omit<ServedGrant, "access">;
  /** Its key. */
  readonly key: BridgeKey;
}

/** Opens the key of a grant. @throws as {@link bridgeSigner} */
export async function openGrant(host: Host, values: FlagValues, plan: GrantPlan): Promise<OpenGrant> {
  const key = await bridgeSigner(host, values, plan);
  const { name, messages, perSecond, maxSignatures, expiresAtMs } = plan;
  return {
    key,
    grant: {
      name,
      signer: key.signer,
      certificates: key.certificates.map(({ der }) => der),
      messages,
      rate: { perSecond, burst: 2 * perSecond },
      ...(maxSignatures === undefined ? {} : { maxSignatures }),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    },
  };
}

/** Makes a new token in a file of mode 0600. Secret: the result. */
export async function writeToken(host: Host, path: string): Promise<string> {
  const token = encodeBase64Url(host.random(TOKEN_OCTETS));
  await (await host.durableFiles()).replaceFile(path, encodeUtf8(token), 0o600);
  return token;
}

/** The token in a file, which is made when there is none. Secret: the result. @throws {InputFileError} */
export async function keptToken(host: Host, path: string): Promise<string> {
  const token = encodeBase64Url(host.random(TOKEN_OCTETS));
  if (await (await host.durableFiles()).createFile(path, encodeUtf8(token), 0o600)) return token;
  const { mode } = host.cacheFiles().status(path) ?? {};
  if (mode !== undefined && (mode & 0o077) !== 0) {
    throw unusable(path, `it holds a token and has mode ${mode.toString(8).padStart(4, "0")}; make it 0600`);
  }
  const text = decodeUtf8(host.readFile(path, MAX_TOKEN_FILE_LENGTH, "refuse"))?.trim() ?? "";
  if (!/^[\w.~+/-]{32,}=*$/.test(text)) throw unusable(path, "it holds no token of at least 32 characters");
  return text;
}

function grantsOfFile(host: Host, path: string, defaultRate: number): readonly GrantPlan[] {
  let list: unknown;
  try {
    list = JSON.parse(textOf(host, path));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw unusable(path, "it is not JSON");
  }
  const isList = Array.isArray(list) && list.length > 0 &&
    list.every((each) => typeof each === "object" && each !== null);
  if (!isList) throw unusable(path, "it is no JSON array of grants");
  return (list as readonly object[]).map((grant) => grantOfMembers(grant, path, defaultRate));
}

function grantOfMembers(grant: object, path: string, defaultRate: number): GrantPlan {
  // A misspelt limit would be none.
  const unknown = Object.keys(grant).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw unusable(path, `a grant has no member ${JSON.stringify(unknown)}`);
  const members = new JsonMembers(grant, path);
  const required = (name: string): string => {
    const text = members.text(name);
    if (text === undefined || text === "") throw unusable(path, `a grant lacks ${name}`);
    return text;
  };
  const messages = members.text("messages") ?? "roles-anywhere";
  if (messages !== "roles-anywhere" && messages !== "any-message") {
    throw unusable(path, "messages is neither roles-anywhere nor any-message");
  }
  const expires = members.text("expires");
  const expiresAtMs = expires === undefined ? undefined : parseRfc3339(expires);
  if (expires !== undefined && expiresAtMs === undefined) throw unusable(path, "expires is no time of RFC 3339");
  const perSecond = members.number("rate") ?? defaultRate;
  const maxSignatures = members.number("maxSignatures");
  if (!(perSecond >= 1)) throw unusable(path, "rate is below 1 a second");
  if (maxSignatures !== undefined && !(maxSignatures >= 1)) throw unusable(path, "maxSignatures is below 1");
  return {
    name: required("name"),
    key: required("key"),
    certificate: members.text("certificate"),
    intermediates: members.text("intermediates"),
    algorithm: members.text("algorithm"),
    messages,
    perSecond,
    maxSignatures,
    expiresAtMs,
    tokenFile: required("tokenFile"),
  };
}

const MEMBERS: readonly string[] = [
  "name",
  "key",
  "certificate",
  "intermediates",
  "algorithm",
  "messages",
  "rate",
  "maxSignatures",
  "expires",
  "tokenFile",
];
