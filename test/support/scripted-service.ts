/**
 * A service that answers what a test says, wrong as it may be; on a socket of this machine, for Node, Bun and Deno.
 * The first part of the path chooses the answer: `http://127.0.0.1:…/html` is the endpoint that answers HTML.
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ANSWERS, JSON_TYPE, type ScriptedAnswer } from "./scripted-answers.ts";

/** A running service. */
export interface ScriptedService {
  /** The endpoint of an answer. */
  endpoint(answer: AnswerName): string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** Told of a request that gets no answer. */
  onHanging?: () => void;
  close(): Promise<void>;
}

/** Names of the answers. */
export type AnswerName = keyof typeof ANSWERS | "hang" | "cut" | "break";

/** Starts the service. */
export function startScriptedService(): Promise<ScriptedService> {
  const sockets = new Set<Socket>();
  const server = createServer({ maxHeaderSize: 131_072 }, (incoming, outgoing) => {
    const name = incoming.url!.split("/")[1] as AnswerName;
    service.requests.push(incoming.url!.split("?")[0]!);
    incoming.resume().on("end", () => answer(service, name, incoming, outgoing));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const service: ScriptedService = {
    endpoint: (name) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    requests: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(service)));
}

/** An address of this machine where nobody listens. */
export async function refusingEndpoint(): Promise<string> {
  const service = await startScriptedService();
  const endpoint = service.endpoint("good");
  await service.close();
  return endpoint;
}

function answer(service: ScriptedService, name: AnswerName, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (name === "hang") return service.onHanging?.();
  if (name === "break") return void incoming.socket.destroy();
  if (name === "cut") {
    outgoing.writeHead(201, { ...JSON_TYPE, "content-length": "1000" });
    outgoing.write('{"credentialSet":[{"credentials":', () => incoming.socket.destroy());
    return;
  }
  const { status, headers, body }: ScriptedAnswer = ANSWERS[name];
  outgoing.writeHead(status, { "x-amzn-requestid": "11111111-2222-4333-8444-555555555555", ...headers });
  outgoing.end(body);
}
