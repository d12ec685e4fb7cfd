import type { Work } from "./work.js";

/**
 * Runs work to its end: synchronously as long as nothing has to be waited for.
 * `guard` wraps each synchronous stretch, so that a lane may put a watchdog around it.
 */
export async function drive<T>(work: Work<T>, guard: <R>(stretch: () => R) => R = (stretch) => stretch()): Promise<T> {
  let resume: () => IteratorResult<unknown, T> = () => work.next();
  for (;;) {
    const step = guard(() => runUntilWaiting(work, resume));
    if (step.done) return step.value;
    try {
      const value = await (step.value as Promise<unknown>);
      resume = () => work.next(value);
    } catch (error) {
      resume = () => work.throw(error);
    }
  }
}

function runUntilWaiting<T>(work: Work<T>, resume: () => IteratorResult<unknown, T>): IteratorResult<unknown, T> {
  let step = resume();
  while (!step.done && !(step.value instanceof Promise)) step = work.next();
  return step;
}
