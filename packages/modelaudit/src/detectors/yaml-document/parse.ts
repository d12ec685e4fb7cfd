import type { Document, Node as YamlNode, Scalar } from "yaml";
import { type Work, wait } from "../../engine/work.js";

/** Text above this is not parsed: configs are a few KB, and a tree costs many times its text. */
const LONGEST = 16 * 1024 * 1024;
/** Aliases that are followed when the tree is made; real configs have a few dozen. */
const ALIASES = 10_000;
/** Tags kept. */
const KEPT = 50;

/** A tag of Python's, which unsafe loaders turn into objects and calls: `python/object/apply:os.system`. */
export interface PythonTag {
  /** What stands behind `tag:yaml.org,2002:`. */
  tag: string;
  /** Offset of the node in the text. */
  offset: number;
}

export interface YamlDocuments {
  /** One plain value per document; keys that are no text are shown as text. */
  values: unknown[];
  pythonTags: PythonTag[];
  /** Why the text is no YAML, in words. What could be read is in `values` all the same. */
  problem?: string;
}

/** Quoted texts that are mended in one file. */
const MOST_MENDED = 200;

/** PyYAML lets lines of a quoted text begin anywhere, this parser only indented. Where it misses the closing quote, they become one line. */
function parseDocuments(yaml: typeof import("yaml"), text: string): Document.Parsed[] {
  let mended = text;
  for (let round = 0; ; round++) {
    const parsed = yaml.parseAllDocuments(mended, { uniqueKeys: false, logLevel: "silent", strict: false, stringKeys: false });
    const documents = "empty" in parsed ? [] : parsed;
    const error = documents
      .flatMap(({ errors }) => errors)
      .find(({ code, message }) => code === "MISSING_CHAR" && /^Missing closing ["']quote/.test(message));
    const rest = error && round < MOST_MENDED ? mended.slice(error.pos[0]) : "";
    const inside = (error?.message.includes('"') ? /^(?:[^"\\]|\\[\s\S])*"/ : /^(?:[^']|'')*'/).exec(rest)?.[0];
    if (!error || !inside || !/[\r\n]/.test(inside)) return documents;
    mended = mended.slice(0, error.pos[0]) + inside.replace(/[\r\n]/g, " ") + rest.slice(inside.length);
  }
}

/** Parses YAML into plain data without making any object a tag asks for. */
export function* parseYaml(text: string): Work<YamlDocuments> {
  if (text.length > LONGEST) return { values: [], pythonTags: [], problem: `it is ${text.length} characters long` };
  const loaded = (yield* wait(import("yaml"))) as typeof import("yaml") & { default?: typeof import("yaml") };
  // Bundled for Node it is a CommonJS module, whose exports stand under `default`.
  const yaml = loaded.default ?? loaded;
  const found: YamlDocuments = { values: [], pythonTags: [] };
  try {
    const documents = parseDocuments(yaml, text);
    for (const document of documents) {
      if (document.errors.length) found.problem ??= (document.errors[0] as Error).message.split("\n")[0] as string;
      yaml.visit(document, {
        Node(_, node) {
          const tag = /^(?:tag:yaml\.org,2002:|!!?)(python\/.*)$/s.exec((node as YamlNode & { tag?: string }).tag ?? "")?.[1];
          if (tag && found.pythonTags.length < KEPT) found.pythonTags.push({ tag, offset: (node as Scalar).range?.[0] ?? 0 });
        },
      });
      found.values.push(document.toJS({ maxAliasCount: ALIASES, mapAsMap: false }));
    }
  } catch (error) {
    // The library throws for trees of aliases that grow without end, and for nesting beyond its stack.
    found.problem ??= (error as Error).message.split("\n")[0] as string;
  }
  return found;
}
