import assert from "node:assert/strict";

const results = [];

/** Runs one check and prints its line. A check fails by throwing; the rest go on. */
export async function check(name, body) {
  try {
    await body();
    results.push(true);
    console.log(`ok    ${name}`);
  } catch (error) {
    results.push(false);
    console.log(`FAIL  ${name}\n      ${String(error.message ?? error).replaceAll("\n", "\n      ")}`);
  }
}

/** Prints the sum and gives the exit code. */
export function summary() {
  const failed = results.filter((passed) => !passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed ? 1 : 0;
}

/** The exit code of a finished child, with its output in the message when it is another. */
export function assertExit(child, code) {
  assert.equal(child.code, code, `expected exit ${code}, found ${child.code ?? child.signal}\n${child.stdout}\n${child.stderr}`.slice(0, 2000));
}
