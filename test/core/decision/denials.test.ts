import { decideSession, explainSession, type SessionDecision } from "../../../core/decision/mod.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";
import { type Denial, makeDenials } from "./denials.ts";
import { optionsOf, questionOf, requestOf, type SessionSetup, sessionSetup, stateOf } from "./session-setup.ts";

const test = suite("core/decision: denials");

function decide(setup: SessionSetup): Promise<SessionDecision> {
  return decideSession(requestOf(setup), stateOf(setup), optionsOf(setup));
}

function explain(setup: SessionSetup): Promise<SessionDecision> {
  return explainSession(questionOf(setup), stateOf(setup), optionsOf(setup));
}

/** What a decision answers, and which check failed first. */
function answerOf(decision: SessionDecision): unknown {
  if (decision.outcome === "allow") return "allow";
  const { httpStatus: status, code, message } = decision;
  const check = decision.trace.find(({ outcome }) => outcome === "fail")?.check;
  return { check, status, code, message };
}

const denials: Promise<readonly Denial[]> = makeDenials();

test("decideSession() allows the set-up that every denial changes, whatever the preset", async () => {
  for (const preset of ["lenient", "documented", "paranoid"] as const) {
    const setup = await sessionSetup({ preset });
    assert.is(answerOf(await decide(setup)), "allow", preset);
    assert.is(answerOf(await explain(setup)), "allow", preset);
  }
});

test("makeDenials() has sixty set-ups at least, each with a name of its own", async () => {
  const names = (await denials).map(({ name }) => name);
  assert.ok(names.length >= 60, String(names.length));
  assert.is(new Set(names).size, names.length);
});

async function wrongAnswers(
  rows: readonly Denial[],
  answer: (setup: SessionSetup) => Promise<SessionDecision>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, setup, check, status, code, message } of rows) {
    const [found, wanted] = [answerOf(await answer(setup)), { check, status, code, message }].map((one) =>
      JSON.stringify(one)
    );
    if (found !== wanted) wrong.push(`${name}: ${found}, not ${wanted}`);
  }
  return wrong;
}

test("decideSession() refuses each for its reason, in the service's words", async () => {
  assertNone(await wrongAnswers(await denials, decide));
});

test("explainSession() refuses in the same words, where no request is needed", async () => {
  assertNone(await wrongAnswers((await denials).filter(({ about }) => about === "set-up"), explain));
});

test.run();
