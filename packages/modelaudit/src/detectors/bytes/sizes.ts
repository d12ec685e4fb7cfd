/** Sizes by name, from a list of names for each size: `{ 2: "int16 float16" }`. */
export function sizesByName(names: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(names).flatMap(([size, list]) => list.split(" ").map((name) => [name, Number(size)] as const)));
}
