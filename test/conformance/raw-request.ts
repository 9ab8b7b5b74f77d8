/**
 * HTTP requests as the SigV4 suites write them: lines that end in LF, spaces within the target, folded headers.
 *
 * @module
 */

/** A request, taken apart and otherwise as it was. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** In order; the lines of a folded value are joined by what folded them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Takes the text of a request apart. */
export function readRawRequest(text: string): RawRequest {
  const lines = text.split("\n");
  const end = lines.indexOf("");
  const head = end < 0 ? lines : lines.slice(0, end);
  const [first = "", ...fields] = head;
  const target = first.slice(first.indexOf(" ") + 1, first.lastIndexOf(" "));
  const mark = target.indexOf("?");
  const headers: [string, string][] = [];
  for (const line of fields) {
    const last = headers[headers.length - 1];
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += `\n${line}`;
    else headers.push([line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]);
  }
  return {
    method: first.slice(0, first.indexOf(" ")),
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    headers,
    body: end < 0 ? "" : lines.slice(end + 1).join("\n"),
  };
}
