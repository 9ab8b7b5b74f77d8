/**
 * Words about an attempt, as every message has them.
 *
 * @module
 */

/** How every message about an attempt begins: the operation and the status, as the AWS SDKs write them. */
export function operationText(status: number, requestId: string, exhausted?: number): string {
  const limit = exhausted === undefined ? "" : `exceeded maximum number of attempts, ${exhausted}, `;
  return `operation error RolesAnywhere: CreateSession, ${limit}https response error StatusCode: ${status}, RequestID: ${requestId}`;
}

/** Text of a stranger in one line, without what a terminal would act on and without our own signature. */
export function clean(text: string, length: number): string {
  // Almost every text is a short word, with nothing to take out.
  if (text.length < 96 && text.length <= length && /^[!-~]*$/.test(text)) return text;
  const line = text.slice(0, 4 * length).replace(/[0-9a-fA-F]{96,}/g, "[hex]").replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
