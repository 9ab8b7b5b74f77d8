/**
 * A second canonicaliser, written for the eye: no fast path, no shared code. It follows the AWS guide word by word and
 * is what the properties compare against.
 *
 * @module
 */

export interface NaiveRequest {
  readonly method: string;
  /** The path as text, not encoded. */
  readonly segments: readonly string[];
  /** Pairs as text, not encoded. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly payloadHash: string;
}

/** UriEncode() of the guide: each octet by itself. */
export function naiveUriEncode(text: string): string {
  return [...new TextEncoder().encode(text)].map((octet) => {
    const character = String.fromCharCode(octet);
    const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".includes(character);
    return plain ? character : "%" + (octet < 16 ? "0" : "") + octet.toString(16).toUpperCase();
  }).join("");
}

/** The canonical request; the path is encoded once for S3, twice for the others. */
export function naiveCanonicalRequest(request: NaiveRequest, s3: boolean): string {
  const once = request.segments.map(naiveUriEncode);
  const path = "/" + (s3 ? once : once.map(naiveUriEncode)).join("/");
  const query = request.query
    .map(([name, value]) => [naiveUriEncode(name), naiveUriEncode(value)] as const)
    .sort(([n1, v1], [n2, v2]) => order(n1, n2) || order(v1, v2))
    .map(([name, value]) => name + "=" + value)
    .join("&");
  const names = [...new Set(request.headers.map(([name]) => name.toLowerCase()))].sort(order);
  const lines = names.map((name) => {
    const values = request.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => {
      return value.split(/[ \t\r\n]/).filter((word) => word !== "").join(" ");
    });
    return `${name}:${values.join(",")}\n`;
  });
  return [request.method, path, query, lines.join(""), names.join(";"), request.payloadHash].join("\n");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The canonical path of an object key: encoded once, every slash and dot kept. */
export function naiveObjectPath(key: string): string {
  return "/" + key.split("/").map(naiveUriEncode).join("/");
}

/**
 * The canonical path of any other service: dot segments removed, repeated slashes made one, and what was sent encoded
 * once more. A dot segment at the end leaves no slash behind, unlike in RFC 3986 §5.2.4.
 *
 * @param wire segments as they were sent
 */
export function naiveServicePath(wire: readonly string[]): string {
  const last = wire.at(-1);
  const kept: string[] = [];
  for (const segment of wire) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.length > 0) kept.length -= 1;
  }
  const path = kept.map((segment) => "/" + naiveUriEncode(segment)).join("");
  return path === "" ? "/" : path + (last === "" ? "/" : "");
}
