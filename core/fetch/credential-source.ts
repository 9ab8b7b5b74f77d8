/**
 * The credentials that requests are signed with, kept fresh, wherever they come from.
 *
 * This module is loaded with the first request that asks for credentials; who brings credentials never loads it.
 *
 * @module
 */

import {
  createCredentialProvider,
  type CredentialProviderOptions,
  type CredentialRequest,
} from "../credentials/credential-provider.ts";
import { createSessionCache, type WaitUntil } from "../credentials/session-cache.ts";
import type { Fetch } from "../ports.ts";
import type { Session } from "../session/create-session.ts";
import type { FetchCredentialProvider, FetchCredentials, RolesAnywhereOptions } from "./credential-options.ts";
import { FetchError } from "./fetch-error.ts";
import type { FetchListener } from "./fetch-event.ts";
import type { FetchPorts } from "./platform-ports.ts";

/** Credentials that stay fresh. */
export interface CredentialSource {
  /**
   * The credentials of the moment: the same object as long as they are the same.
   *
   * Secret: the answer.
   *
   * @param refused what a service called expired
   * @param waitUntil keeps the request that asks alive for work in the background
   */
  current(refused?: FetchCredentials, waitUntil?: WaitUntil): Promise<FetchCredentials>;
  /**
   * Whether others are asked for when a service calls these expired: not when they came of such a call themselves, less
   * than {@linkcode RENEWAL_PAUSE_MS} ago. Whoever calls all of them expired is not believed again.
   */
  renewable(credentials: FetchCredentials): boolean;
}

/** How long credentials that replaced expired ones are not called expired themselves, in milliseconds. */
export const RENEWAL_PAUSE_MS = 300_000;

/**
 * Makes a source; it asks for nothing until it is asked.
 *
 * Secret: keeps credentials.
 *
 * @param callers as of `createCredentialProvider`
 */
export function credentialSource(
  options: FetchCredentialProvider | RolesAnywhereOptions,
  callers: "process" | "requests",
  ports: FetchPorts,
  onEvent: FetchListener | undefined,
): CredentialSource {
  const provider: KeptProvider = typeof options === "function"
    ? keptProvider(options, callers, ports, onEvent)
    : createCredentialProvider(
      { ...options as CredentialProviderOptions, callers, onEvent, ...validity(options) },
      { ...ports, fetch: ports.fetch as unknown as Fetch },
    );
  const { now } = ports;
  let held: FetchCredentials | undefined;
  let renewed: { readonly credentials: FetchCredentials; readonly atMs: number } | undefined;
  return {
    async current(refused, waitUntil) {
      let found = await provider({ waitUntil });
      if (refused !== undefined && isSame(found, refused)) {
        found = await provider({ forceRefresh: true });
        renewed = { credentials: found, atMs: now() };
      }
      return held = held !== undefined && isSame(found, held) ? held : found;
    },
    renewable: (credentials) =>
      renewed === undefined || !isSame(credentials, renewed.credentials) ||
      // A clock that was set ends the pause.
      Math.abs(now() - renewed.atMs) >= RENEWAL_PAUSE_MS,
  };
}

type KeptProvider = (properties?: CredentialRequest) => Promise<FetchCredentials>;

/** What is not known of an identity's certificate is left to the service. */
function validity({ source }: RolesAnywhereOptions): Pick<CredentialProviderOptions, "certificateValidity"> {
  return "knows" in source && source.knows === "signing" ? { certificateValidity: "leave-to-service" } : {};
}

/** A provider that is asked when its credentials end soon. Secret: it keeps them. */
function keptProvider(
  provider: FetchCredentialProvider,
  callers: "process" | "requests",
  { now, random, sleep }: FetchPorts,
  onEvent: FetchListener | undefined,
): KeptProvider {
  let forceRefresh = false;
  const cache = createSessionCache({
    create: async () => {
      const given = await provider({ forceRefresh });
      forceRefresh = false;
      return asSession(given, now());
    },
    now,
    random,
    onEvent,
    ...(callers === "requests" ? { wait: sleep } : {}),
  });
  return async (properties) => {
    forceRefresh ||= properties?.forceRefresh === true;
    const { credentials, expiresAtMs } = await cache.session(
      properties?.forceRefresh,
      properties?.waitUntil,
    );
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === "" ? {} : { sessionToken }),
      ...(expiresAtMs === Infinity ? {} : { expiration: new Date(expiresAtMs) }),
    };
  };
}

/** A provider's credentials as what is cached. Secret: holds them. */
function asSession(given: FetchCredentials | undefined, nowMs: number): Session {
  const { accessKeyId, secretAccessKey, sessionToken = "", expiration } = given ?? {};
  const end = expiration === undefined ? undefined : new Date(expiration);
  if (!accessKeyId || !secretAccessKey || !(end === undefined || end.getTime() > nowMs)) {
    throw new FetchError("ERR_FETCH_CREDENTIALS", "the credential provider answers no credentials that are valid now");
  }
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: end?.toISOString() ?? "", accountId: "" },
    expiresAtMs: end?.getTime() ?? Infinity,
    roleArn: "",
    requestId: "",
    attempts: 0,
    clockSkewMs: 0,
  };
}

function isSame(one: FetchCredentials, other: FetchCredentials): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}
