/** Marks names of an allow table as ones that are only referenced. */
export function refs(names: string): string {
  return `${names.split(" ").join("* ")}*`;
}
