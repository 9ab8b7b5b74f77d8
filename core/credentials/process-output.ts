/**
 * What a `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential provider").
 *
 * @module
 */

/** Credentials to print. Secret: `secretAccessKey` and `sessionToken`. */
export interface ProcessOutputCredentials {
  /** `ASIA…`. */
  readonly accessKeyId: string;
  /** Secret: signs requests. */
  readonly secretAccessKey: string;
  /** Secret: goes with every request. */
  readonly sessionToken: string;
  /** When they end: the service's own text, printed as it is; without it SDKs would take them for permanent. */
  readonly expiration: string;
  /** Account that they belong to; left out when absent. */
  readonly accountId?: string | undefined;
}

/**
 * Writes credentials as one JSON object without a newline, its members in the original helper's order, `AccountId` last.
 *
 * Secret: the result is the credentials.
 */
export function formatProcessOutput(credentials: ProcessOutputCredentials): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  return JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
    AccountId: accountId,
  });
}
