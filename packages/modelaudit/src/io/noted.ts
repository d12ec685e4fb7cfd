/**
 * What was found out about an object (a reader, a list of names), kept on the object itself and gone with it. In a WeakMap
 * it would outlive its object until the next full garbage collection, and be copied around until then.
 */
export class Noted<T> {
  private readonly key = Symbol("noted");

  get(about: object): T | undefined {
    return (about as Record<symbol, T | undefined>)[this.key];
  }

  set(about: object, value: T): void {
    (about as Record<symbol, T>)[this.key] = value;
  }
}
