/** The names in a text, with blanks or line ends between them. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
