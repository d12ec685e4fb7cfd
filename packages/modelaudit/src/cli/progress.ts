import { isTerminal, tell } from "./print.js";

/** Shown only when the run takes longer than this, in milliseconds: a quick scan needs no progress. */
const PATIENCE = 700;
/** Redrawn at most this often, in milliseconds. */
const INTERVAL = 100;

/** One line on stderr that says how far a long run is. Silent off a terminal unless forced. */
export class Progress {
  private readonly forced: boolean;
  private readonly quiet: boolean;
  private readonly started = Date.now();
  private drawn = 0;
  private total = { files: 0, bytes: 0 };
  private finished = { files: 0, bytes: 0 };

  constructor(forced: boolean, quiet: boolean) {
    this.forced = forced;
    this.quiet = quiet;
  }

  start(files: number, bytes: number): void {
    this.total = { files, bytes };
  }

  done(path: string, bytes: number): void {
    this.finished.files++;
    this.finished.bytes += bytes;
    const now = Date.now();
    if (this.quiet || now - this.started < PATIENCE || now - this.drawn < INTERVAL) return;
    if (!this.forced && (process.env["CI"] || !isTerminal(2))) return;
    this.drawn = now;
    const percent = Math.floor((100 * this.finished.files) / Math.max(1, this.total.files));
    const line = `Scanning ${this.finished.files}/${this.total.files} (${percent} %) ${path}`.replace(/\p{C}/gu, "?");
    tell(isTerminal(2) ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line}\n`);
  }

  /** Removes the line. */
  end(): void {
    if (this.drawn && isTerminal(2)) tell("\r\x1b[2K");
    this.drawn = 0;
  }
}
