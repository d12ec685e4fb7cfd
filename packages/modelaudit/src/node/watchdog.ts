import { Script } from "node:vm";

const SLOT = Symbol.for("modelaudit.stretch");
const script = new Script('globalThis[Symbol.for("modelaudit.stretch")]()');

/** A synchronous stretch ran longer than its time and was ended. */
export class Overrun extends Error {
  override readonly name = "Overrun";
}

/**
 * A guard for `drive`: each synchronous stretch is ended from outside, by the JavaScript engine's own watchdog thread,
 * once all stretches together have used `milliseconds`. Costs about 0.1 ms, where a worker costs as much as starting Node.
 * What the stretch was doing is lost and its work must not be driven on.
 */
export function watchdog(milliseconds: number): <R>(stretch: () => R) => R {
  let left = milliseconds;
  return <R>(stretch: () => R): R => {
    const start = Date.now();
    if (left < 1) throw new Overrun();
    const slots = globalThis as unknown as Record<symbol, unknown>;
    slots[SLOT] = stretch;
    try {
      return script.runInThisContext({ timeout: Math.ceil(left) }) as R;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new Overrun();
      throw error;
    } finally {
      slots[SLOT] = undefined;
      left -= Date.now() - start;
    }
  };
}
