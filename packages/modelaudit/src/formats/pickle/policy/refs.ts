/** Marks names of an allow table as ones that are only referenced. */
export function refs(names: string): string {
  return `${names.split(" ").join("* ")}*`;
}

/** Marks names of an allow table as ones that may be called. */
export function calls(names: string): string {
  return `${names.split(" ").join("() ")}()`;
}
