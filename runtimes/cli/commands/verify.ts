/**
 * `verify`: validates a certificate chain offline.
 *
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { endEntityFindings, ROLES_ANYWHERE_PROFILE } from "../../../core/path/roles-anywhere-profile.ts";
import type { PathError, PathErrorCode } from "../../../core/path/path-error.ts";
import type { PathProfile } from "../../../core/path/path-profile.ts";
import { crlChecker } from "../../../core/path/revocation/crl-checker.ts";
import type { RevocationChecker, RevocationStatus } from "../../../core/path/revocation/revocation-checker.ts";
import { validatePath } from "../../../core/path/validate-path.ts";
import type { RevocationChoice } from "../../../core/path/validation-options.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import type { Host } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import type { FlagValues } from "../flags.ts";
import { readVerifyRequest, VERIFY_FLAGS, type VerifyRequest } from "../verify-flags.ts";
import { certificatesOf, listsOf } from "../input-files.ts";
import { unusableJson, type Verdict, verdictJson, verdictText } from "../verify-report.ts";

/** The exit code of each outcome. */
const EXIT_CODES = { "trusted": 0, "not-trusted": 1, "unknown": 2 } as const;

/** The command. */
export const VERIFY: CommandCode = {
  description:
    "Validates a certificate chain (RFC 5280) without any network: the certificate, the intermediates, the\n" +
    "trust anchors and the revocation lists are files.\n\n" +
    "Prints the answer on standard output and ends with\n" +
    "  0  trusted: a valid path leads to a trust anchor\n" +
    "  1  not trusted: there is none, and the reason is certain\n" +
    "  2  could not say: a file or a flag cannot be used, a signature algorithm is not supported, the search was too\n" +
    "     expensive, or a revocation status is unknown and --unknown-revocation is deny",
  flags: VERIFY_FLAGS,
  exclusive: [],
  errorExitCode: 2,
  execute: verify,
};

async function verify(host: Host, values: FlagValues): Promise<number> {
  const request = readVerifyRequest(values, host.now());
  let verdict;
  try {
    verdict = await judge(host, request);
  } catch (error) {
    if (request.json) await host.writeOutput(unusableJson(error));
    throw error;
  }
  const report = request.json ? verdictJson : verdictText;
  await host.writeOutput(report(verdict));
  return EXIT_CODES[verdict.outcome];
}

async function judge(host: Host, request: VerifyRequest): Promise<Verdict> {
  const { time, purpose } = request;
  const [certificate, ...rest] = certificatesOf(host, request.certificate);
  const intermediates = [...rest, ...request.intermediates.flatMap((path) => certificatesOf(host, path))];
  const anchors = request.anchors.flatMap((path) => certificatesOf(host, path));
  const statuses = new Map<Certificate, RevocationStatus>();
  const revocation = revocationChoice(host, request, statuses);
  const facts = { time, statuses: revocation === "skip" ? undefined : statuses };
  try {
    const path = await validatePath(certificate!, {
      anchors,
      intermediates,
      time,
      crypto: host.crypto(),
      revocation,
      purpose,
      explain: request.explain ? "tree" : "nothing",
      ...(request.profile === "roles-anywhere" ? { profile: SERVICE_PROFILE } : {}),
    });
    return { ...facts, outcome: "trusted", path, explanation: path.explanation };
  } catch (error) {
    if (!isPathError(error)) throw error;
    const outcome = UNCERTAIN.has(error.code) ? "unknown" : "not-trusted";
    return { ...facts, outcome, error, explanation: error.explanation };
  }
}

/** Checks all certificates of a path but the anchor, and keeps what was said about each. */
function revocationChoice(
  host: Host,
  { lists, unknownRevocation }: VerifyRequest,
  statuses: Map<Certificate, RevocationStatus>,
): RevocationChoice {
  if (unknownRevocation === undefined) return "skip";
  const crls = lists.flatMap((path) => listsOf(host, path));
  const inner = crlChecker({ crls, expired: "enforce" });
  const checker: RevocationChecker = {
    check: async (certificate, issuer, context) => {
      const status = await inner.check(certificate, issuer, context);
      statuses.set(certificate, status);
      return status;
    },
  };
  return { checker, unknown: unknownRevocation, depth: "chain" };
}

/** The rules of the service for CA certificates and, here, for the end entity's. */
const SERVICE_PROFILE: PathProfile = {
  name: "IAM Roles Anywhere",
  checkAuthority: (certificate, position) => ROLES_ANYWHERE_PROFILE.checkAuthority(certificate, position),
  checkEndEntity(certificate) {
    const [finding] = endEntityFindings(certificate);
    return finding && `${finding.state}, and IAM Roles Anywhere wants ${finding.rule}`;
  },
};

/** What another file, another provider or more time might settle. */
const UNCERTAIN: ReadonlySet<PathErrorCode> = /* @__PURE__ */ new Set<PathErrorCode>([
  "ERR_PATH_REVOCATION_UNKNOWN",
  "ERR_PATH_UNSUPPORTED_ALGORITHM",
  "ERR_PATH_BUDGET",
]);

function isPathError(error: unknown): error is PathError {
  return isCoded(error) && error.code.startsWith("ERR_PATH_");
}
