/**
 * The least that Node serves with.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BareServer } from "../serve-servers.ts";

/** `node:http` with a constant answer. */
export const bareServer: BareServer = ({ status, headers, body }) => {
  const octets = Buffer.from(body);
  const fields = { ...headers, "content-length": octets.length };
  const server = createServer((_, outgoing) => {
    outgoing.writeHead(status, fields);
    outgoing.end(octets);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
};
