import type { Work } from "./work.js";

/** What work came to without waiting: its end, or a promise it waits for. */
export type Step<T> = IteratorResult<unknown, T>;

/**
 * Runs work to its end: synchronously as long as nothing has to be waited for.
 * `guard` wraps each synchronous stretch, so that a lane may put a watchdog around it. `first` is what an earlier
 * `advance` came to, when the work has begun.
 */
export async function drive<T>(
  work: Work<T>,
  guard: <R>(stretch: () => R) => R = (stretch) => stretch(),
  first: Step<T> = guard(() => advance(work)),
): Promise<T> {
  let step = first;
  while (!step.done) {
    let resume: () => Step<T>;
    try {
      const value = await (step.value as Promise<unknown>);
      resume = () => work.next(value);
    } catch (error) {
      resume = () => work.throw(error);
    }
    step = guard(() => advance(work, resume));
  }
  return step.value;
}

/** Runs work, from where it is or as `resume` says, until it ends or waits for a promise. */
export function advance<T>(work: Work<T>, resume: () => Step<T> = () => work.next()): Step<T> {
  let step = resume();
  while (!step.done && !(step.value instanceof Promise)) step = work.next();
  return step;
}
