/**
 * The core as a WebAssembly component: what `anyrole.wit` exports. The portable provider signs and verifies; of the
 * engine's own cryptography the random octets alone are used, because its importKey and sign trap.
 *
 * @module
 */

import { portableProvider, type SynchronousProvider } from "../../core/crypto/portable/provider.ts";
import { decideSession } from "../../core/decision/decide-session.ts";
import { denialAdvice } from "../../core/decision/denial-advice.ts";
import type { SessionDecision } from "../../core/decision/session-decision.ts";
import { crlChecker } from "../../core/path/revocation/crl-checker.ts";
import { validatePath } from "../../core/path/validate-path.ts";
import { parseRoleArn } from "../../core/aws/roles-anywhere-arn.ts";
import { layOutRequest } from "../../core/session/request.ts";
import { readAnswer } from "../../core/session/response.ts";
import { readRefusal, ServiceError } from "../../core/session/service-error.ts";
import { uuid } from "../../core/session/uuid.ts";
import { createIdentity } from "../../core/sign/identity.ts";
import { loadSoftwareSigner } from "../../core/sign/load-software-signer.ts";
import { signRequest as signHmacRequest } from "../../core/sigv4/hmac-scheme.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import { failing } from "./coded-failure.ts";
import { sessionState } from "./given-state.ts";
import type {
  AccessKey,
  Decision,
  HeaderField,
  HttpRequest,
  IdentityText,
  PathQuestion,
  Scope,
  SessionCredentials,
  SessionOptions,
  SessionRequest,
  SessionState,
} from "./world.ts";

/** SigV4 with an access key. */
export const signing: {
  signRequest(request: HttpRequest, key: AccessKey, scope: Scope, timeMs: bigint): Promise<HeaderField[]>;
} = {
  signRequest: (request, key, { region, service }, timeMs) =>
    failing(() => {
      const { headers } = signHmacRequest({ ...request, headers: pairs(request.headers) }, {
        credentials: key,
        region,
        service,
        timeMs: Number(timeMs),
      });
      return fields(headers);
    }),
};

/** CreateSession. */
export const sessions: {
  createSessionRequest(identity: IdentityText, options: SessionOptions, timeMs: bigint): Promise<SessionRequest>;
  parseSessionResponse(
    status: number,
    headers: readonly HeaderField[],
    body: Uint8Array,
    roleArn: string,
    timeMs: bigint,
  ): Promise<SessionCredentials>;
} = {
  createSessionRequest: (given, options, timeMs) =>
    failing(async () => {
      const ours = provider();
      const { certificate, privateKey, intermediates, password } = given;
      const signer = await loadSoftwareSigner(privateKey, {
        crypto: ours,
        ...(password === undefined ? {} : { password }),
      });
      const identity = await createIdentity({
        certificate,
        ...(intermediates === undefined ? {} : { chain: intermediates }),
        signer,
      });
      const request = layOutRequest(identity, options, undefined);
      const headers = await request.sign(Number(timeMs), {
        invocationId: uuid(ours.random),
        attempt: 1,
        maxAttempts: 1,
      });
      return { url: request.url, headers: fields(headers), body: request.body };
    }),
  parseSessionResponse: (status, headers, body, roleArn, timeMs) =>
    failing(() => {
      const text = decodeUtf8(body) ?? "";
      if (status < 200 || status >= 300) {
        const named = new Map(headers.map(({ name, value }) => [name.toLowerCase(), value]));
        const refusal = readRefusal(status, { get: (name) => named.get(name) ?? null }, text);
        throw new ServiceError(refusal, { attempts: 1, clockSkewMs: 0 });
      }
      const { account: accountId } = parseRoleArn(roleArn);
      const { credentials, expiresAtMs } = readAnswer(text, { roleArn, accountId }, Number(timeMs), { status });
      return { ...credentials, expiresAtMs: BigInt(expiresAtMs) };
    }),
};

/** RFC 5280 §6. */
export const paths: { verifyPath(question: PathQuestion): Promise<Uint8Array[]> } = {
  verifyPath: (question) =>
    failing(async () => {
      const [endEntity, ...chain] = readCertificates(question.certificate);
      const lists = question.crls.flatMap((octets) => readCertificateRevocationLists(octets));
      const path = await validatePath(endEntity!, {
        anchors: question.anchors.flatMap((text) => readCertificates(text)),
        intermediates: [...chain, ...question.intermediates.flatMap((text) => readCertificates(text))],
        time: Number(question.timeMs),
        crypto: provider(),
        revocation: lists.length === 0 ? "skip" : {
          checker: crlChecker({ crls: lists, expired: "enforce" }),
          unknown: question.unknownStatus,
          depth: "chain",
        },
        ...(question.purpose === undefined ? {} : { purpose: question.purpose }),
      });
      const certificates = [path.endEntity, ...path.intermediates];
      if ("der" in path.anchor) certificates.push(path.anchor);
      return certificates.map(({ der }) => der);
    }),
};

/** The service's decision. */
export const decisions: {
  decideSession(request: HttpRequest, state: SessionState, timeMs: bigint): Promise<Decision>;
} = {
  decideSession: (request, state, timeMs) =>
    failing(async () => {
      const now = Number(timeMs);
      const decision = await decideSession(
        { ...request, headers: pairs(request.headers) },
        sessionState(state),
        { now: () => now, crypto: provider() },
      );
      return { verdict: verdictOf(decision), trace: [...decision.trace] };
    }),
};

function verdictOf(decision: SessionDecision): Decision["verdict"] {
  if (decision.outcome === "allow") {
    const { sessionName, sourceIdentity, tags, durationSeconds, expiration, packedPolicySize } = decision;
    return {
      tag: "allow",
      val: { sessionName, sourceIdentity, tags, durationSeconds, expiration, packedPolicySize },
    };
  }
  const { httpStatus, code, message, trace } = decision;
  const failed = trace.find(({ outcome }) => outcome === "fail")!;
  return { tag: "deny", val: { httpStatus, code, message, advice: denialAdvice(failed.check) } };
}

/** Made for each call: nothing is kept between callers. */
function provider(): SynchronousProvider {
  return portableProvider({ random: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}

function pairs(headers: readonly HeaderField[]): [name: string, value: string][] {
  return headers.map(({ name, value }) => [name, value]);
}

function fields(headers: Readonly<Record<string, string>>): HeaderField[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}
