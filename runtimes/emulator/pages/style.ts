/**
 * How the emulator's page looks, in light and in dark.
 *
 * @module
 */

import { raw } from "hono/html";

/** The style sheet, ready to stand in HTML. */
export const STYLE: ReturnType<typeof raw> = /* @__PURE__ */ raw(`
:root { color-scheme: light dark; --line: light-dark(#d4d8dd, #3b4148); --quiet: light-dark(#59636e, #9aa4af);
  --good: light-dark(#116329, #4ac26b); --bad: light-dark(#a40e26, #ff8182); --card: light-dark(#fff, #1c2128); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 3rem;
  background: light-dark(#f6f8fa, #14171b); color: light-dark(#1f2328, #e2e6ea); }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
header dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 1rem; }
header dl div { white-space: nowrap; }
header dl dt { color: var(--quiet); display: inline; }
header dl dd { display: inline; }
dd { margin: 0; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 0 0 1rem; padding: .9rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 5rem; }
th { border: 0; color: var(--quiet); font-weight: 500; }
details { border-top: 1px solid var(--line); padding: .35rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
ol { margin: .25rem 0; padding-left: 1.6rem; }
li { margin: .35rem 0; overflow-wrap: anywhere; }
li dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: .15rem 0; font-size: .9em; }
li dt, time, .source, .none { color: var(--quiet); }
li p, details p { margin: .1rem 0; font-size: .9em; }
.allow, .pass { color: var(--good); }
.deny, .fail { color: var(--bad); }
.skip { color: var(--quiet); }
.warning { font-style: italic; }
.none { margin: 0; }
`);
