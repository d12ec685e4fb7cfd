import { Unsupported } from "../../engine/errors.js";
import { PIECE } from "./decoding.js";

/** The most plain bytes kept for matches to reach back to. What xz -9 and 7-Zip's ultra use is 64 MiB. */
const MOST_KEPT = 128 * 2 ** 20;

/** Memory taken at first: many streams are small, and some files hold thousands of them. */
const FIRST = 32 * 1024;

/**
 * The plain bytes made so far, as far back as matches may reach, in one flat array: `bytes[position]` is written next.
 * It grows with what is made, not with what a header claims.
 */
export class History {
  bytes: Uint8Array;
  position = 0;
  /** Plain bytes made before `bytes[0]`. */
  private before = 0;
  private given = 0;
  private readonly reach: number;
  private readonly margin: number;

  /** `reach`: how far back a match may go. `margin`: the most that one step of the decoder writes. */
  constructor(reach: number, margin: number) {
    this.reach = Math.min(reach, MOST_KEPT);
    this.margin = margin;
    this.bytes = new Uint8Array(FIRST + margin);
  }

  /** Plain bytes made in all. */
  get total(): number {
    return this.before + this.position;
  }

  /** True when something was made that {@link take} has not given yet. */
  get pending(): boolean {
    return this.position > this.given;
  }

  /** A decoder writes no step that begins at or behind this position before it calls {@link take}. */
  get limit(): number {
    return Math.min(this.given + PIECE, this.bytes.length - this.margin);
  }

  /** True when a match may reach back `distance` bytes. Throws `Unsupported` for one that is allowed but not kept. */
  reaches(distance: number): boolean {
    if (distance <= this.position) return true;
    if (distance <= this.total && this.total > MOST_KEPT) throw new Unsupported(`a compression window above ${MOST_KEPT} bytes`);
    return false;
  }

  /** Bytes made since the last call, as a copy; makes room for more. */
  take(): Uint8Array {
    const piece = this.bytes.slice(this.given, this.position);
    this.given = this.position;
    if (this.position > this.bytes.length - this.margin - PIECE / 4) this.makeRoom();
    return piece;
  }

  /** Forgets what was made: matches may no longer reach it. Take it before. */
  reset(): void {
    this.before += this.position;
    this.position = 0;
    this.given = 0;
  }

  private makeRoom(): void {
    const most = this.reach + Math.max(this.reach / 2, PIECE) + this.margin;
    if (this.bytes.length < most) {
      const wider = new Uint8Array(Math.min(most, this.bytes.length * 2));
      wider.set(this.bytes.subarray(0, this.position));
      this.bytes = wider;
      return;
    }
    const kept = Math.min(this.reach, this.position);
    this.bytes.copyWithin(0, this.position - kept, this.position);
    this.before += this.position - kept;
    this.position = kept;
    this.given = kept;
  }
}
