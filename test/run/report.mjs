/**
 * What people see of a test run.
 */

import { stripVTControlCharacters } from "node:util";

/** Prints one line for a stage, then its failures and the reasons of what it skipped. */
export function reportStage(name, { passed, failed, skipped, failures, skips, notes = [], note }, seconds) {
  const label = note === undefined ? name : `${name} (${note})`;
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  console.log(`${failed > 0 ? "FAIL" : "ok  "} ${label.padEnd(32)} ${counts.padEnd(40)} ${seconds.toFixed(1)} s`);
  for (const { reason, names } of groupByReason(skips)) {
    console.log(`       skipped: ${names.length === 1 ? names[0] : `${names.length} tests`}: ${reason}`);
  }
  for (const text of notes) console.log(`       note: ${text}`);
  for (const failure of failures) {
    console.log(`\n     ${name}: ${failure.name}\n${indent(stripVTControlCharacters(failure.text))}\n`);
  }
}

/** Prints a line for each failure and the last line, and answers how many failed. */
export function reportTotal(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) for (const count of Object.keys(total)) total[count] += result[count];
  console.log();
  for (const { stage, failures } of results) {
    for (const { name, text } of failures) console.log(`failed   ${stage}: ${name}: ${onOneLine(text)}`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed;
}

function groupByReason(skips) {
  const groups = new Map();
  for (const { name, reason } of skips) groups.set(reason, [...groups.get(reason) ?? [], name]);
  return [...groups].map(([reason, names]) => ({ reason, names }));
}

function onOneLine(text) {
  return stripVTControlCharacters(text).split("\n").map((line) => line.trim()).filter((line) => line !== "").join(
    " | ",
  );
}

function indent(text) {
  return text.split("\n").map((line) => `     ${line}`).join("\n");
}
