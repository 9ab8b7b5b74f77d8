/**
 * Words about an attempt, as every message has them.
 *
 * @module
 */

/**
 * How every message about an attempt begins: the operation and the status, as the AWS SDKs write them.
 *
 * @param assumedRoleArn the role of an AssumeRole call; undefined: the call is CreateSession
 */
export function operationText(
  assumedRoleArn: string | undefined,
  status: number,
  requestId: string,
  exhausted?: number,
): string {
  const operation = assumedRoleArn === undefined ? "RolesAnywhere: CreateSession" : "STS: AssumeRole";
  const limit = exhausted === undefined ? "" : `exceeded maximum number of attempts, ${exhausted}, `;
  return `operation error ${operation}, ${limit}https response error StatusCode: ${status}, RequestID: ${requestId}`;
}

/** What could not be done, as every message begins. */
export function failureText(assumedRoleArn: string | undefined, state: string): string {
  return `Cannot ${assumedRoleArn === undefined ? "create session" : `assume role ${assumedRoleArn}`}: ${state}`;
}

/** Text of a stranger in one line, without what a terminal would act on and without our own signature. */
export function clean(text: string, length: number): string {
  // Almost every text is a short word, with nothing to take out.
  if (text.length < 96 && text.length <= length && /^[!-~]*$/.test(text)) return text;
  const line = text.slice(0, 4 * length).replace(/[0-9a-fA-F]{96,}/g, "[hex]").replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
