import type { ScanEvent } from "./events.js";
import type { Loading, Work } from "./work.js";

/** What work came to without waiting: its end, or what it waits for. */
export type Step<T> = IteratorResult<Promise<unknown> | Loading, T>;
type Yielded = Promise<unknown> | Loading | ScanEvent;

/** Goes on with work that has waited, with what came of it. */
type Resume<T> = () => IteratorResult<Yielded, T>;

/**
 * Runs work to its end: synchronously as long as nothing has to be waited for.
 * `guard` wraps each synchronous stretch, so that a lane may put a watchdog around it, and `patience` each wait: what it
 * throws ends the drive. `first` is what an earlier `advance` came to, when the work has begun.
 */
export async function drive<T>(
  work: Work<T>,
  guard: <R>(stretch: () => R) => R = (stretch) => stretch(),
  first: Step<T> = guard(() => advance(work)),
  patience: <R>(wait: Promise<R>, loading: boolean) => Promise<R> = (wait) => wait,
): Promise<T> {
  let step = first;
  while (!step.done) {
    const { value } = step;
    const loading = !(value instanceof Promise);
    const settled = (loading ? value.module : value).then<Resume<T>, Resume<T>>(
      (result) => () => work.next(result),
      (error) => () => work.throw(error),
    );
    const resume = await patience(settled, loading);
    step = guard(() => advance(work, resume));
  }
  return step.value;
}

/** Runs work, from where it is or as `resume` says, until it ends or waits. */
export function advance<T>(work: Work<T>, resume: Resume<T> = () => work.next()): Step<T> {
  for (let step = resume(); ; step = work.next()) if (step.done || isWaiting(step)) return step;
}

function isWaiting(step: IteratorYieldResult<Yielded>): step is IteratorYieldResult<Promise<unknown> | Loading> {
  return step.value instanceof Promise || step.value.kind === "loading";
}
