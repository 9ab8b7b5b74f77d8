/**
 * A second evaluator of policies, written from the user guide alone and for shortness only: it reads policies as plain
 * objects, matches by plain recursion, and knows no explanation. It shares no code with `core/policy`.
 *
 * @module
 */

/** What is asked, as plain values. */
export interface NaiveRequest {
  readonly action: string;
  readonly resource?: string | undefined;
  readonly principal?: { readonly type: string; readonly value: string } | undefined;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

type Statement = Record<string, unknown>;

/** A character of a pattern, and whether the policy itself wrote it. */
interface Sign {
  readonly character: string;
  readonly written: boolean;
}

/** Evaluates a policy that is known to be well-formed. */
export function naiveOutcome(policy: object, request: NaiveRequest): "allow" | "explicit-deny" | "implicit-deny" {
  const document = policy as { Version?: string; Statement: Statement | Statement[] };
  const applying = listOf(document.Statement).filter((one) => applies(one, document.Version === "2012-10-17", request));
  if (applying.some((one) => one["Effect"] === "Deny")) return "explicit-deny";
  return applying.length > 0 ? "allow" : "implicit-deny";
}

function applies(statement: Statement, variables: boolean, request: NaiveRequest): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (Principal !== undefined && !namesPrincipal(Principal, request, true)) return false;
  if (NotPrincipal !== undefined && namesPrincipal(NotPrincipal, request, false)) return false;
  const isAction = (one: string) => like(signs(one.toLowerCase()), [...request.action.toLowerCase()]);
  if (Action !== undefined && !strings(Action).some(isAction)) return false;
  if (NotAction !== undefined && strings(NotAction).some(isAction)) return false;
  const isResource = (one: string) => {
    const pattern = expand(one, variables, request);
    return pattern !== undefined && likeResource(pattern, 0, [...(request.resource ?? "*")], 0, 0);
  };
  if (Resource !== undefined && !strings(Resource).some(isResource)) return false;
  if (NotResource !== undefined && strings(NotResource).some(isResource)) return false;
  for (const [operator, keys] of Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>)) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (!isMet(operator, key, strings(wanted), variables, request)) return false;
    }
  }
  return true;
}

function namesPrincipal(element: unknown, { principal }: NaiveRequest, accountsCoverAll: boolean): boolean {
  if (element === "*") return true;
  for (const [type, values] of Object.entries(element as Record<string, unknown>)) {
    for (const value of strings(values)) {
      if (type === "AWS" && value === "*") return true;
      if (principal === undefined || type !== principal.type) continue;
      if (value === principal.value) return true;
      if (type !== "AWS") continue;
      const parts = principal.value.split(":");
      const account = value.length === 12 ? value : value.endsWith(":root") ? value.split(":")[4] : undefined;
      if (account !== undefined) {
        const isAccount = principal.value === account || parts[5] === "root";
        if ((parts[4] ?? principal.value) === account && (accountsCoverAll || isAccount)) return true;
      }
      const role = value.split(":");
      if (role[5]?.startsWith("role/") && parts[5]?.startsWith("assumed-role/") && role[4] === parts[4]) {
        if (role[5].split("/").at(-1) === parts[5].split("/")[1] && role[1] === parts[1]) return true;
      }
    }
  }
  return false;
}

function isMet(operator: string, key: string, wanted: string[], variables: boolean, request: NaiveRequest): boolean {
  const actual = valuesOf(key, request);
  const nothing = actual.filter((value) => value !== "").length === 0;
  if (operator === "Null") return wanted.some((one) => one.toLowerCase() === String(nothing));
  const [set, name] = operator.includes(":") ? operator.split(":") as [string, string] : ["", operator];
  const base = name.replace("IfExists", "");
  if (actual.length === 0 && base !== name) return true;
  const negated = base.includes("Not");
  const positive = base.replace("Not", "");
  // Three answers: yes, no, and "cannot be said", which helps nobody.
  const answer = (value: string, one: string) => {
    const takesVariables = /^(String|Arn)/.test(positive);
    const pattern = takesVariables ? expand(one, variables, request) : signs(one);
    return pattern === undefined ? "no" : compare(positive, value, pattern);
  };
  const equalsSome = (value: string) => wanted.some((one) => answer(value, one) === "yes");
  const equalsNone = (value: string) => wanted.every((one) => answer(value, one) === "no");
  const holds = negated ? equalsNone : equalsSome;
  if (set === "ForAllValues") return nothing || actual.every(holds);
  if (set === "ForAnyValue") return !nothing && actual.some(holds);
  return negated ? actual.every(holds) : actual.some(holds);
}

function compare(operator: string, actual: string, pattern: Sign[]): "yes" | "no" | "unknown" {
  const wanted = pattern.map(({ character }) => character).join("");
  const say = (answer: boolean) => answer ? "yes" : "no";
  if (operator === "StringEquals") return say(actual === wanted);
  if (operator === "StringEqualsIgnoreCase") return say(actual.toLowerCase() === wanted.toLowerCase());
  if (operator === "StringLike") return say(like(pattern, [...actual]));
  if (operator === "ArnEquals" || operator === "ArnLike") return say(likeArn(pattern, actual));
  if (operator === "Bool" || operator === "BinaryEquals") {
    const form = operator === "Bool"
      ? /^(true|false)$/i
      : /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
    if (!form.test(actual) || !form.test(wanted)) return "unknown";
    return say(operator === "Bool" ? actual.toLowerCase() === wanted.toLowerCase() : actual === wanted);
  }
  if (operator === "IpAddress") return inRange(actual, wanted);
  const read = operator.startsWith("Date") ? moment : number;
  const [a, b] = [read(actual), read(wanted)];
  if (Number.isNaN(a) || Number.isNaN(b)) return "unknown";
  if (operator.endsWith("GreaterThanEquals")) return say(a >= b);
  if (operator.endsWith("LessThanEquals")) return say(a <= b);
  if (operator.endsWith("GreaterThan")) return say(a > b);
  return say(operator.endsWith("LessThan") ? a < b : a === b);
}

function number(text: string): number {
  return /^[-+]?[0-9.]+(e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : NaN;
}

function moment(text: string): number {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1000;
  if (/^\d{4}(-\d\d){0,2}$/.test(text)) {
    // Date.parse() takes the 30th of February in some engines.
    const time = Date.parse(text);
    return new Date(time || 0).toISOString().startsWith(text) ? time : NaN;
  }
  const zoned = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:\d\d)$/.test(text);
  return zoned ? Date.parse(text) : NaN;
}

function inRange(address: string, range: string): "yes" | "no" | "unknown" {
  const [base, length] = range.split("/") as [string, string | undefined];
  const [a, b] = [bitsOf(address), bitsOf(base)];
  if (a === undefined || b === undefined || Number(length ?? 0) > b.length) return "unknown";
  const prefix = Number(length ?? b.length);
  return a.length === b.length && a.slice(0, prefix) === b.slice(0, prefix) ? "yes" : "no";
}

function bitsOf(address: string): string | undefined {
  if (address.includes(":")) {
    const [head = "", tail] = address.split("::");
    const groups = (text: string) => text === "" ? [] : text.split(":");
    const last = groups(tail ?? "");
    const missing = tail === undefined ? 0 : Math.max(1, 8 - groups(head).length - last.length);
    const all = [...groups(head), ...Array<string>(missing).fill("0"), ...last];
    if (all.length !== 8 || !all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
    return all.map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
  }
  const octets = address.split(".");
  const isOctet = (one: string) => String(Number(one)) === one && Number(one) < 256;
  if (octets.length !== 4 || !octets.every(isOctet)) return undefined;
  return octets.map((one) => Number(one).toString(2).padStart(8, "0")).join("");
}

function likeArn(pattern: Sign[], actual: string): boolean {
  const sections: Sign[][] = [[]];
  for (const sign of pattern) {
    if (sign.written && sign.character === ":" && sections.length < 6) sections.push([]);
    else sections.at(-1)!.push(sign);
  }
  const parts = actual.split(":");
  if (sections.length < 6 || parts.length < 6) return false;
  const given = [...parts.slice(0, 5), parts.slice(5).join(":")];
  return sections.every((section, i) => like(section, [...given[i]!]));
}

/** Whether the text is like the pattern, from its first characters on. */
function like([first, ...rest]: readonly Sign[], text: readonly string[]): boolean {
  if (first === undefined) return text.length === 0;
  if (first.written && first.character === "*") {
    return like(rest, text) || (text.length > 0 && like([first, ...rest], text.slice(1)));
  }
  if (text.length === 0) return false;
  const fits = (first.written && first.character === "?") || first.character === text[0];
  return fits && like(rest, text.slice(1));
}

function likeResource(
  pattern: readonly Sign[],
  p: number,
  text: readonly string[],
  t: number,
  colons: number,
): boolean {
  const sign = pattern[p];
  if (sign === undefined) return t === text.length;
  const wild = sign.written && (sign.character === "*" || sign.character === "?");
  const follows = pattern[p + 1];
  const ends = follows === undefined || (follows.written && follows.character === ":");
  const free = colons >= 5 || (sign.character === "*" && ends);
  const takes = t < text.length && (wild ? free || text[t] !== ":" : sign.character === text[t]);
  if (wild && sign.character === "*") {
    return likeResource(pattern, p + 1, text, t, colons) || (takes && likeResource(pattern, p, text, t + 1, colons));
  }
  const passed = sign.written && sign.character === ":" ? 1 : 0;
  return takes && likeResource(pattern, p + 1, text, t + 1, colons + passed);
}

function expand(text: string, variables: boolean, request: NaiveRequest): Sign[] | undefined {
  const out: Sign[] = [];
  for (let at = 0; at < text.length;) {
    const end = variables && text.startsWith("${", at) ? text.indexOf("}", at) : -1;
    if (end < 0) {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      out.push({ character, written: true });
      at += character.length;
      continue;
    }
    const inside = text.slice(at + 2, end);
    const [key, fallback] = inside.split(", ") as [string, string | undefined];
    const values = valuesOf(key, request);
    const value = inside.length === 1 ? inside : values.length === 1 ? values[0] : fallback?.slice(1, -1);
    if (value === undefined) return undefined;
    for (const character of value) out.push({ character, written: false });
    at = end + 1;
  }
  return out;
}

function signs(text: string): Sign[] {
  return [...text].map((character) => ({ character, written: true }));
}

function valuesOf(key: string, { context }: NaiveRequest): readonly string[] {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? [] : typeof found[1] === "string" ? [found[1]] : found[1];
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function strings(value: unknown): string[] {
  return listOf(value).map(String);
}
