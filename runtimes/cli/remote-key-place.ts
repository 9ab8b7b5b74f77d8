/**
 * Who holds a private key that is neither in a file nor in a device of PKCS#11 or TPM: the forms of `--private-key` that
 * name a bridge, a program, an SSH agent or a keyring of the Linux kernel.
 *
 * @module
 */

import type { Host } from "../host.ts";
import { IdentityFlagError } from "./identity-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Where the key is. */
export type RemoteKeyPlace =
  | { readonly kind: "unix-socket"; readonly path: string }
  | { readonly kind: "https"; readonly endpoint: string }
  | { readonly kind: "exec"; readonly command: readonly [string, ...string[]] }
  | { readonly kind: "ssh-agent"; readonly path: string }
  | { readonly kind: "keyring"; readonly key: string };

/**
 * Takes the value of the flag apart.
 *
 * - `bridge:PATH`: the Unix socket of `anyrole bridge`; `bridge:https://…`: its HTTPS
 * - `exec:PROGRAM ARGUMENT…`: split at spaces and tabs, of which nothing else is special: no quotes, no variables, no shell.
 *   `exec:["PROGRAM","ARGUMENT",…]`, a JSON array of texts, holds any word
 * - `ssh-agent:PATH`; `ssh-agent:` alone is `SSH_AUTH_SOCK`, on Windows otherwise the pipe of OpenSSH
 * - `keyring:SERIAL` or `keyring:DESCRIPTION`
 *
 * Secret: arguments of a program may be; no error shows them.
 *
 * @throws {UsageError} `ERR_USAGE_INVALID_VALUE`
 * @throws {IdentityFlagError} `ERR_IDENTITY_NOT_GIVEN`: there is no agent
 */
export function remoteKeyPlace(host: Pick<Host, "environment" | "platform">, text: string): RemoteKeyPlace {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  switch (text.slice(0, colon)) {
    case "bridge":
      return bridgePlace(rest);
    case "exec":
      return { kind: "exec", command: commandOf(rest) };
    case "ssh-agent":
      return { kind: "ssh-agent", path: agentPath(host, rest) };
    default:
      if (rest === "") throw refused("keyring:", "name the key by its serial number or its description");
      return { kind: "keyring", key: rest };
  }
}

function bridgePlace(rest: string): RemoteKeyPlace {
  if (rest === "") throw refused("bridge:", "name its socket, or https://127.0.0.1:PORT");
  if (!/^[a-z]+:\/\//i.test(rest)) return { kind: "unix-socket", path: rest };
  const isHttps = /^https:\/\/(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?\/?$/.test(rest);
  if (!isHttps) throw refused("bridge:", "a bridge that is no socket is https://HOST:PORT");
  return { kind: "https", endpoint: rest };
}

function commandOf(rest: string): readonly [string, ...string[]] {
  const words = rest.startsWith("[") ? jsonWords(rest) : rest.split(/[ \t]+/).filter((word) => word !== "");
  const [program, ...args] = words;
  if (program === undefined || program === "") throw refused("exec:", "name the program");
  return [program, ...args];
}

function jsonWords(text: string): readonly string[] {
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    // The parser's words would show the text.
    words = undefined;
  }
  if (Array.isArray(words) && words.every((word) => typeof word === "string" && !word.includes("\0"))) return words;
  throw refused("exec:", "what begins with [ is a JSON array of texts: the program and its arguments");
}

function agentPath(host: Pick<Host, "environment" | "platform">, rest: string): string {
  const path = rest || host.environment("SSH_AUTH_SOCK") || (host.platform === "windows" ? WINDOWS_AGENT : "");
  if (path !== "") return path;
  throw new IdentityFlagError(
    "ERR_IDENTITY_NOT_GIVEN",
    "Cannot use the SSH agent: SSH_AUTH_SOCK is not set; start an agent, or name its socket (ssh-agent:SOCKET)",
  );
}

function refused(form: string, state: string): UsageError {
  return new UsageError("ERR_USAGE_INVALID_VALUE", `Cannot use key ${form}: ${state}`);
}

const WINDOWS_AGENT = "\\\\.\\pipe\\openssh-ssh-agent";
