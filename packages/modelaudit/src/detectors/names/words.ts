/** A set of names that takes no time to define: it is built when it is first asked. */
export interface Words {
  has(name: string): boolean;
}

/** The names in a text, with blanks or line ends between them. */
export function words(text: string): Words {
  let names: Set<string> | undefined;
  return {
    has(name) {
      names ??= new Set(text.trim().split(/\s+/));
      return names.has(name);
    },
  };
}
