/** Control, format (bidirectional overrides, zero-width), surrogate, line- and paragraph-separator characters. Made when needed, with its tables. */
const unprintable = () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `##[name]` and `##vso[name]` are commands to the log readers of GitHub and Azure, wherever they stand in a line. */
const LOG_COMMAND = /##(?=\[|vso\[)/gi;

/** Text from a model made safe to show: what could move the cursor, hide or reorder text, or command a log reader becomes an escape (`\x1b`). */
export function printable(text: string): string {
  // Most texts, told without the tables of Unicode.
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes("##")) return text;
  return text.replace(unprintable(), visible).replace(LOG_COMMAND, "#\\x23");
}

function visible(character: string): string {
  const code = character.codePointAt(0) as number;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/** Words laid out in lines of at most `width` characters. A longer word stands alone: paths stay whole for copying. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  lines.push(line);
  // GitHub takes a log line that begins with `::name` as a command.
  return lines.map((one) => one.replace(/^(\s*):(?=:)/, "$1\\x3a"));
}
