/** Numbers that no writer makes. `overflow` tells those that reach memory errors in native loaders. */
export class Hostile extends Error {
  override readonly name = "Hostile";
  readonly offset: number;
  readonly overflow: boolean;
  constructor(offset: number, problem: string, overflow = true) {
    super(problem);
    this.offset = offset;
    this.overflow = overflow;
  }
}
