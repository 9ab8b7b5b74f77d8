/**
 * The credentials of one role, kept fresh and written out ready to be served.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import type { AwsCredentials, CredentialProvider } from "../../core/credentials/credential-provider.ts";
import type { Abort, Now, Sleep } from "../../core/ports.ts";
import { withinTime } from "../../core/session/time-limit.ts";

/** Something to get the credentials of a role with. */
export interface RoleOptions {
  /** Its name in paths: that of the role, or one of the user's. */
  readonly name: string;
  /** Makes sessions when they are needed, for all callers together, and pauses after failures. */
  readonly provider: CredentialProvider;
  readonly now: Now;
  readonly sleep: Sleep;
}

/** Credentials as they are served, in the three forms. Secret: all of it. */
export interface ServedCredentials {
  /** When they end, by our clock, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Of `security-credentials`, with the original helper's members. */
  readonly metadata: string;
  /** Of `security-credentials-extended`: the account as well. */
  readonly extendedMetadata: string;
  /** Of the container credentials endpoint. */
  readonly container: string;
}

/** There are no credentials in time. */
export class CredentialsUnavailableError extends BaseError<"ERR_CREDENTIALS_UNAVAILABLE"> {
  override readonly name: string = "CredentialsUnavailableError";
}

/** How long a caller waits when there are no credentials, in milliseconds. SDKs wait one or two seconds and try again. */
export const UNAVAILABLE_AFTER_MS = 5000;

/** The shortest and the longest time between two looks at the credentials, in milliseconds. */
const LOOK_MS = { least: 1000, most: 60_000 } as const;

/** The credentials of one role. Secret: holds them. */
export class RoleCredentials {
  readonly name: string;
  readonly #provider: CredentialProvider;
  readonly #now: Now;
  readonly #sleep: Sleep;
  #served: ServedCredentials | undefined;
  #accessKeyId = "";

  constructor({ name, provider, now, sleep }: RoleOptions) {
    this.name = name;
    this.#provider = provider;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** The last good credentials while they live; undefined when there are none. Secret. */
  get current(): ServedCredentials | undefined {
    const served = this.#served;
    return served !== undefined && this.#now() < served.expiresAtMs ? served : undefined;
  }

  /** When the credentials end, or have ended, in milliseconds since the epoch; 0 before the first ones. */
  get expiresAtMs(): number {
    return this.#served?.expiresAtMs ?? 0;
  }

  /**
   * Asks the provider, which makes a session when it is time for one.
   *
   * @throws what the provider throws, when there are no good credentials
   */
  async look(): Promise<void> {
    const credentials = await this.#provider();
    if (credentials.accessKeyId === this.#accessKeyId) return;
    this.#accessKeyId = credentials.accessKeyId;
    this.#served = written(credentials, this.#now());
  }

  /**
   * The last good credentials, or new ones if they come in time.
   *
   * @throws {CredentialsUnavailableError} after {@link UNAVAILABLE_AFTER_MS}
   */
  async obtain(): Promise<ServedCredentials> {
    await withinTime(() => this.look(), {
      limitMs: UNAVAILABLE_AFTER_MS,
      expired: unavailable,
      sleep: this.#sleep,
      signal: undefined,
      signalFor: "core",
    });
    const served = this.current;
    if (served === undefined) throw unavailable();
    return served;
  }

  /** Keeps them fresh until the signal aborts, whether or not anybody asks for them. */
  async keepFresh(signal: Abort): Promise<void> {
    while (!signal.aborted) {
      // A failure is told by the provider's events, and meets those who ask while there is nothing good.
      await this.look().catch(() => {});
      const left = this.expiresAtMs - this.#now();
      // Short, because a machine may sleep meanwhile: the clock goes on and the timer does not.
      const pause = Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, left / 20));
      await this.#sleep(pause, signal).catch(() => {});
    }
  }
}

function unavailable(): CredentialsUnavailableError {
  return new CredentialsUnavailableError(
    "ERR_CREDENTIALS_UNAVAILABLE",
    "Cannot serve credentials: none came in time; the log of anyrole says why",
  );
}

/** Times in whole seconds: SDKs have refused others. */
function written(credentials: AwsCredentials, nowMs: number): ServedCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  const expiresAtMs = expiration.getTime();
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken };
  const common = { Code: "Success", Type: "AWS-HMAC", Expiration: wholeSeconds(expiresAtMs) };
  const metadata = { ...keys, ...common, LastUpdated: wholeSeconds(nowMs) };
  return {
    expiresAtMs,
    metadata: `${JSON.stringify(metadata)}\n`,
    extendedMetadata: `${JSON.stringify({ ...metadata, AccountId: accountId })}\n`,
    container: `${JSON.stringify({ ...keys, Expiration: common.Expiration, AccountId: accountId })}\n`,
  };
}

function wholeSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
