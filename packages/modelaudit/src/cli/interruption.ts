import type { StopSignal } from "../node/stop-signal.js";

/**
 * Ctrl-C: the first one stops the run, which still gives a report of what there is, and a second one ends the program.
 * Not an AbortController, since Node takes longer to load that than to scan a small file.
 */
export class Interruption implements StopSignal {
  aborted = false;
  private readonly listeners = new Set<() => void>();
  private readonly tell: () => void;

  constructor(tell: () => void) {
    this.tell = tell;
    process.on("SIGINT", this.interrupt);
    process.on("SIGTERM", this.interrupt);
  }

  addEventListener(_: "abort", listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** Leaves the signals to Node again. */
  release(): void {
    process.off("SIGINT", this.interrupt);
    process.off("SIGTERM", this.interrupt);
  }

  private readonly interrupt = (): void => {
    if (this.aborted) process.exit(130);
    this.aborted = true;
    this.tell();
    for (const listener of [...this.listeners]) listener();
  };
}
