/** Enough for any honest file; a hostile file with millions of names must not fill the memory. */
const MOST_REMEMBERED = 20_000;

/** What is known of names, by module and name. No text is put together to look one up: files do so hundreds of thousands of times. */
export class NameMemo<T> {
  private readonly modules = new Map<string, Map<string, T>>();
  private readonly most: number;
  private size = 0;

  constructor(most = MOST_REMEMBERED) {
    this.most = most;
  }

  get(module: string, name: string): T | undefined {
    return this.modules.get(module)?.get(name);
  }

  set(module: string, name: string, value: T): void {
    if (++this.size > this.most) {
      this.modules.clear();
      this.size = 1;
    }
    const names = this.modules.get(module);
    if (names) names.set(name, value);
    else this.modules.set(module, new Map([[name, value]]));
  }
}
