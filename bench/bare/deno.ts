/**
 * The least that Deno serves with.
 *
 * @module
 */

import type { BareServer } from "../serve-servers.ts";

declare const Deno: {
  serve(
    options: { readonly port: number; readonly hostname: string; readonly onListen: (at: { port: number }) => void },
    handler: () => Response,
  ): unknown;
};

/** `Deno.serve` with a constant answer. */
export const bareServer: BareServer = ({ status, headers, body }) =>
  new Promise((resolve) => {
    const onListen = ({ port }: { port: number }) => resolve(port);
    Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, () => new Response(body, { status, headers }));
  });
