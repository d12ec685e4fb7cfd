import type { ScanEvent } from "./events.js";
import type { Loading, Work } from "./work.js";

/** What work came to without waiting: its end, or what it waits for. */
export type Step<T> = IteratorResult<Promise<unknown> | Loading, T>;
type Yielded = Promise<unknown> | Loading | ScanEvent;

/**
 * Runs work to its end: synchronously as long as nothing has to be waited for.
 * `guard` wraps each synchronous stretch, so that a lane may put a watchdog around it, and `patience` each wait for what
 * may never come. `first` is what an earlier `advance` came to, when the work has begun.
 */
export async function drive<T>(
  work: Work<T>,
  guard: <R>(stretch: () => R) => R = (stretch) => stretch(),
  first: Step<T> = guard(() => advance(work)),
  patience: (waited: Promise<unknown>, loading: boolean) => Promise<unknown> = (waited) => waited,
): Promise<T> {
  let step = first;
  while (!step.done) {
    let resume: () => IteratorResult<Yielded, T>;
    try {
      const waited = step.value;
      const value = await (waited instanceof Promise ? patience(waited, false) : patience(waited.module, true));
      resume = () => work.next(value);
    } catch (error) {
      resume = () => work.throw(error);
    }
    step = guard(() => advance(work, resume));
  }
  return step.value;
}

/** Runs work, from where it is or as `resume` says, until it ends or waits. */
export function advance<T>(work: Work<T>, resume: () => IteratorResult<Yielded, T> = () => work.next()): Step<T> {
  for (let step = resume(); ; step = work.next()) if (step.done || isWaiting(step)) return step;
}

function isWaiting(step: IteratorYieldResult<Yielded>): step is IteratorYieldResult<Promise<unknown> | Loading> {
  return step.value instanceof Promise || step.value.kind === "loading";
}
