/** Keys under which tokenizers, processors and servers keep Jinja templates. */
const TEMPLATE_KEY = /^(?:chat_template|chat_templates|default_chat_template|tool_template|prompt_template|additional_chat_templates|template)$/;
/** Files in which a bare `template` key is a template for a chat. */
const TEMPLATE_FILE = /(?:tokenizer|processor|chat_template|generation|prompt).*\.(?:json|ya?ml)$|^config\.json$/i;
const MOST_TEMPLATES = 200;

/** The templates in a parsed config, with their paths: a text, a list of `{name, template}`, or an object of named texts. */
export function findTemplates(tree: unknown, fileName: string): { at: string; text: string }[] {
  const found: { at: string; text: string }[] = [];
  const pending: { value: unknown; at: string; inside: boolean }[] = [{ value: tree, at: "", inside: false }];
  for (let next = pending.pop(); next && found.length < MOST_TEMPLATES; next = pending.pop()) {
    const { value, at, inside } = next;
    if (typeof value === "string") {
      if (inside) found.push({ at, text: value });
      continue;
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== "string" && (typeof inner !== "object" || inner === null)) continue;
      const jinja = (value as Record<string, unknown>)["template_format"] === "jinja2";
      const named = TEMPLATE_KEY.test(key) && (key !== "template" || inside || jinja || TEMPLATE_FILE.test(fileName));
      if (typeof inner === "string" && inside && key === "name") continue;
      pending.push({ value: inner, at: at ? `${at}.${key}` : key, inside: named || inside });
    }
  }
  return found.reverse();
}
