import type { Built, Value } from "./values.js";

/** What an extension code stands for: a name to import, or an object put into the cache. */
export type Registered = { kind: "name"; module: string; name: string } | { kind: "value"; value: Value };

/**
 * The registry of extension codes, which a stream can fill itself: by calling `copyreg.add_extension`, or by writing into
 * `copyreg._inverted_registry` or `_extension_cache`. It belongs to the process, so it lasts over all streams of a file.
 */
export class Extensions {
  private readonly codes = new Map<number, Registered>();

  find(code: number): Registered | undefined {
    return this.codes.get(code);
  }

  noteCall({ callee, args }: Built): void {
    if (callee.kind !== "global" || callee.name !== "add_extension" || !isCopyreg(callee.module)) return;
    const [module, name, code] = args ?? [];
    const key = numberOf(code);
    if (key !== undefined && isText(module) && isText(name)) this.codes.set(key, { kind: "name", module: module.value, name: name.value });
  }

  noteItems(target: Value, items: readonly Value[]): void {
    if (target.kind !== "global" || !isCopyreg(target.module)) return;
    for (let index = 0; index + 1 < items.length; index += 2) {
      const code = numberOf(items[index]);
      const value = items[index + 1] as Value;
      if (code === undefined) continue;
      if (target.name === "_extension_cache") this.codes.set(code, { kind: "value", value });
      else if (target.name === "_inverted_registry" && value.kind === "container") {
        const [module, name] = value.items;
        if (isText(module) && isText(name)) this.codes.set(code, { kind: "name", module: module.value, name: name.value });
      }
    }
  }
}

function isCopyreg(module: string): boolean {
  return module === "copyreg" || module === "copy_reg" || module.endsWith(".copyreg");
}

function isText(value: Value | undefined): value is Value & { kind: "constant"; value: string } {
  return value?.kind === "constant" && typeof value.value === "string";
}

function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === "constant" && typeof value.value === "number" ? value.value : undefined;
}
