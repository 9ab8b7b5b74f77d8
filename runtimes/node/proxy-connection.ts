/**
 * Connections through an HTTP proxy on Node: CONNECT (RFC 9110 §9.3.6) to servers that speak TLS, the absolute form of
 * the target (RFC 9112 §3.2.2) to others.
 *
 * @module
 */

import { request as httpRequest } from "node:http";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { Abort } from "../../core/ports.ts";
import { HostError } from "../host-error.ts";
import type { ProxyServer } from "../host.ts";

/** Opens a connection to the proxy itself. `ca` counts for a proxy that speaks TLS. */
export function proxySocket({ secure, hostname, port }: ProxyServer, ca: string | undefined): Socket {
  return secure
    ? connectTls({
      host: hostname,
      port,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      ALPNProtocols: ["http/1.1"],
      minVersion: "TLSv1.2",
      ...(ca === undefined ? {} : { ca }),
    })
    : connectPlain(port, hostname);
}

/**
 * Has the proxy connect to a server. Secret: the proxy's authorization, which the proxy alone gets.
 *
 * @param authority `rolesanywhere.eu-central-1.amazonaws.com:443`
 * @throws {HostError} `ERR_PROXY` when the proxy refuses, or cannot be reached
 */
export function tunnel(
  proxy: ProxyServer,
  authority: string,
  ca: string | undefined,
  signal: Abort | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const asking = httpRequest({
      method: "CONNECT",
      path: authority,
      headers: ["host", authority, ...authorizationLines(proxy)],
      createConnection: () => proxySocket(proxy, ca),
    });
    const stop = (): void => void asking.destroy(signal!.reason as Error);
    signal?.addEventListener("abort", stop);
    asking.on("connect", ({ statusCode }, socket) => {
      signal?.removeEventListener("abort", stop);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refused(proxy, statusCode!));
    });
    asking.on("response", (answer) => {
      answer.destroy();
      reject(refused(proxy, answer.statusCode!));
    });
    asking.on("error", (error) => reject(signal?.aborted ? error : failed(proxy, error.message, error)));
    asking.end();
  });
}

/** The header that the proxy wants of its users. Secret. */
export function authorizationLines({ authorization }: ProxyServer): readonly string[] {
  return authorization === undefined ? [] : ["proxy-authorization", authorization];
}

function refused(proxy: ProxyServer, status: number): HostError {
  const advice = status === 407 ? "; give user and password in the proxy's URL" : "";
  return failed(proxy, `it answered ${status}${advice}`);
}

function failed({ hostname, port }: ProxyServer, state: string, cause?: Error): HostError {
  return new HostError("ERR_PROXY", `Cannot connect through the proxy ${hostname}:${port}: ${state}`, { cause });
}
