/**
 * Says how a path written in a model would leave the model's own folder, or undefined when it stays inside. Loaders join
 * such a path to the folder they loaded from; both separators count, because the model may be loaded on Windows.
 */
export function escapingPath(path: string): string | undefined {
  for (const form of decodedForms(path)) {
    if (/[\0-\x1f\x7f]/.test(form)) return "holds control characters";
    if (/^[a-z][a-z0-9+.-]+:(?:\/\/|\/)/i.test(form)) return "is a URL";
    if (/^(?:\\\\|\/\/)/.test(form)) return "names another machine";
    if (/^[a-z]:/i.test(form)) return "begins with a drive letter";
    if (/^[/\\]/.test(form)) return "is absolute";
    if (/^~(?:$|[\w.-]*[/\\])/.test(form)) return "begins in a home directory";
    if (form.split(/[/\\]/).some((segment) => segment.trim() === "..")) return "climbs out by ..";
  }
  return undefined;
}

/** Percent-encoding hides separators and dots from a check that runs before a decoding loader; three rounds are enough to hide in. */
function decodedForms(path: string): string[] {
  const forms = [path];
  for (let round = 0; round < 3; round++) {
    const last = forms[forms.length - 1] as string;
    // Only the characters that matter are decoded: a plain "%20" or a stray "%" is an ordinary name.
    const next = last.replace(/%(2e|2f|5c|25|00|3a)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (next === last) break;
    forms.push(next);
  }
  return forms;
}
