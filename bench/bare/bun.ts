/**
 * The least that Bun serves with.
 *
 * @module
 */

import type { BareServer } from "../serve-servers.ts";

declare const Bun: {
  serve(options: { readonly port: number; readonly hostname: string; readonly fetch: () => Response }): {
    readonly port: number;
  };
};

/** `Bun.serve` with a constant answer. */
export const bareServer: BareServer = async ({ status, headers, body }) =>
  Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(body, { status, headers }) }).port;
