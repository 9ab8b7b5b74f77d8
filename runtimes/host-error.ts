/**
 * Why the machine did not do what a program asked of it.
 *
 * @module
 */

import { BaseError } from "../core/base-error.ts";

/**
 * - `ERR_FILE_NOT_FOUND`: there is no such file
 * - `ERR_FILE_ACCESS`: permissions, or it is a directory
 * - `ERR_FILE_TOO_LARGE`: more octets than a file of this kind has
 * - `ERR_FILE_UNREADABLE`: any other failure of reading
 * - `ERR_FILE_WRITE`: any other failure of writing
 * - `ERR_PROGRAM_NOT_FOUND`: there is no such program
 * - `ERR_PROGRAM_NOT_STARTED`: there is one, and it does not start
 * - `ERR_TERMINAL_UNAVAILABLE`: nobody can be asked
 * - `ERR_CA_BUNDLE`: the file of trusted server certificates holds none
 * - `ERR_ENDPOINT_SETTING`: a variable that chooses the kind of endpoint is neither true nor false
 * - `ERR_LISTEN_ADDRESS`: an address that cannot be listened on
 * - `ERR_LISTEN_UNSUPPORTED`: a way of listening that this runtime does not have
 * - `ERR_NOTIFY`: the service manager could not be told
 * - `ERR_PROXY`: a proxy that does not answer, or that refuses
 * - `ERR_PROXY_SETTING`: a variable of a proxy that holds no URL of one
 */
export type HostErrorCode =
  | "ERR_FILE_NOT_FOUND"
  | "ERR_FILE_ACCESS"
  | "ERR_FILE_TOO_LARGE"
  | "ERR_FILE_UNREADABLE"
  | "ERR_FILE_WRITE"
  | "ERR_PROGRAM_NOT_FOUND"
  | "ERR_PROGRAM_NOT_STARTED"
  | "ERR_TERMINAL_UNAVAILABLE"
  | "ERR_CA_BUNDLE"
  | "ERR_ENDPOINT_SETTING"
  | "ERR_LISTEN_ADDRESS"
  | "ERR_LISTEN_UNSUPPORTED"
  | "ERR_NOTIFY"
  | "ERR_PROXY"
  | "ERR_PROXY_SETTING";

/** Something that the machine did not do. */
export class HostError extends BaseError<HostErrorCode> {
  override readonly name: string = "HostError";
  /** The file concerned. */
  readonly path: string | undefined;

  /** @param message the whole message, action first */
  constructor(
    code: HostErrorCode,
    message: string,
    context: { readonly path?: string; readonly cause?: unknown } = {},
  ) {
    super(code, message, context);
    this.path = context.path;
  }
}

/**
 * The error of a file that could not be read, from the system's own code (`ENOENT`, …).
 *
 * Secret: what was meant as a PKCS#11 URI may hold a PIN; neither the error nor its cause, in which the system repeats the
 * path, shows it.
 *
 * @param code the system's code, when it is known
 */
export function fileError(given: string, code: string | undefined, cause: unknown): HostError {
  const path = given.replace(/(pin-value=)[^&?]*/gi, "$1…");
  const because = (literal: HostErrorCode, state: string) =>
    new HostError(literal, `Cannot read ${path}: ${state}`, { path, ...(path === given ? { cause } : {}) });
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return because(
        "ERR_FILE_NOT_FOUND",
        /^\s*pkcs11:/i.test(path)
          ? "there is no such file; a PKCS#11 URI begins with pkcs11: in small letters, and no space"
          : path.startsWith("~")
          ? "there is no such file; nothing has put the home directory in the place of ~, so write its whole path"
          : "there is no such file",
      );
    case "EACCES":
    case "EPERM":
      return because("ERR_FILE_ACCESS", "permission denied; check the owner and mode of the file and its directories");
    case "EISDIR":
      return because("ERR_FILE_ACCESS", "it is a directory");
    case "EBADF":
      return because("ERR_FILE_NOT_FOUND", "it is not open; whoever starts this program has to hand it over");
    default:
      return because("ERR_FILE_UNREADABLE", code ?? "the system gave no reason");
  }
}

/**
 * The error of a file that could not be written, from the system's own code (`ENOSPC`, …).
 *
 * @param code the system's code, when it is known
 */
export function writeError(path: string, code: string | undefined, cause: unknown): HostError {
  const because = (literal: HostErrorCode, state: string) =>
    new HostError(literal, `Cannot write ${path}: ${state}`, { path, cause });
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return because("ERR_FILE_NOT_FOUND", "there is no such directory");
    case "EROFS":
      return because("ERR_FILE_ACCESS", "the file system is read-only; name a place on another one");
    case "EACCES":
    case "EPERM":
      return because("ERR_FILE_ACCESS", "permission denied; check the owner and mode of the file and its directory");
    case "EISDIR":
      return because("ERR_FILE_ACCESS", "it is a directory");
    case "EBUSY":
      return because("ERR_FILE_WRITE", "it is in use, or mounted by itself; mount its directory instead");
    case "ENOSPC":
    case "EDQUOT":
      return because("ERR_FILE_WRITE", "the disk is full");
    case "EPIPE":
      return because("ERR_FILE_WRITE", "nobody reads it any more");
    default:
      return because("ERR_FILE_WRITE", code ?? "the system gave no reason");
  }
}

/**
 * The error of a place that cannot be listened on, from the system's own code (`EADDRINUSE`, …).
 *
 * @param where an address with its port, or a path
 * @param code the system's code, when it is known
 */
export function listenError(where: string, code: string | undefined, cause: unknown): HostError {
  const state = {
    EADDRINUSE: "something else listens there already",
    EADDRNOTAVAIL: "this machine has no such address",
    EACCES: "permission denied; ports below 1024 and the directories of others are not for everybody",
    EPERM: "permission denied",
    ENOENT: "there is no such directory",
    ENAMETOOLONG: "no socket's path is as long: 107 octets on Linux, 103 elsewhere",
  }[code ?? ""] ?? code ?? "the system gave no reason";
  return new HostError("ERR_LISTEN_ADDRESS", `Cannot listen on ${where}: ${state}`, { path: where, cause });
}

/** The error of a program that did not start, from the system's own code (`ENOENT`, …). */
export function programError(program: string, code: string | undefined, cause: unknown): HostError {
  const [literal, state]: [HostErrorCode, string] = code === "ENOENT"
    ? ["ERR_PROGRAM_NOT_FOUND", "there is no such program on the path"]
    : code === "EACCES" || code === "EPERM"
    ? ["ERR_PROGRAM_NOT_STARTED", "permission denied; is it executable?"]
    : ["ERR_PROGRAM_NOT_STARTED", code ?? "the system gave no reason"];
  return new HostError(literal, `Cannot run ${program}: ${state}`, { path: program, cause });
}

/** The error of a file that is another's, and whose owner or group a new one cannot be given. */
export function ownerError(path: string, whose: "owner" | "group", cause: unknown): HostError {
  return new HostError(
    "ERR_FILE_ACCESS",
    `Cannot write ${path}: a new file cannot be given its ${whose}; run this as its owner, or as root`,
    { path, cause },
  );
}

/** The error of something to replace that is a device, a pipe or a directory. */
export function noRegularFile(path: string): HostError {
  return new HostError("ERR_FILE_ACCESS", `Cannot write ${path}: it is not a regular file`, { path });
}

/** The error of a pipe or a device in the place of a file, at which a reader may wait for ever, or which never ends. */
export function irregularFile(path: string): HostError {
  return new HostError("ERR_FILE_ACCESS", `Cannot read ${path}: it is a pipe or a device, not a regular file`, {
    path,
  });
}

/** What a descriptor is called in errors. */
export function descriptorName(descriptor: number): string {
  return descriptor === 0 ? "standard input" : `descriptor ${descriptor}`;
}

/** The error of a descriptor that is a terminal. */
export function terminalError(descriptor: number): HostError {
  const path = descriptorName(descriptor);
  const message = `Cannot read ${path}: it is a terminal, which would show what is typed; give it a file or a pipe`;
  return new HostError("ERR_FILE_ACCESS", message, { path });
}

/** The error of a file that is larger than anything of its kind. */
export function fileTooLarge(path: string, maxLength: number): HostError {
  return new HostError(
    "ERR_FILE_TOO_LARGE",
    `Cannot read ${path}: it is larger than ${maxLength} octets; is this the right file?`,
    { path },
  );
}
