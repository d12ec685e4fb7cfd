import type { Scanner } from "../../engine/format.js";
import { LimitExceeded } from "../../engine/errors.js";
import { read } from "../../engine/work.js";
import { decodeText } from "../../io/decode-text.js";
import { judgeTemplate } from "./judge.js";

/** The longest published chat templates are some 20 KB. */
const LONGEST = 4 * 2 ** 20;
/** Go's template language, which ollama uses, and Handlebars: `{{ .Name }}`, `{{ range .X }}`, `{{#if x}}`. They call nothing. */
const OTHER_LANGUAGE = /\{\{-?\s*(?:\.|\$|end\b|else\b|(?:if|range|with|template|block|define)\s|[#/^>])/;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader, name, hints }) {
    if (reader.size > LONGEST) throw new LimitExceeded("template-length", reader.size);
    const source = decodeText(yield* read(reader, 0, reader.size));
    const { findings, broken, tags } = judgeTemplate(source);
    yield { kind: "metadata", key: "tags", value: tags };
    yield* findings;
    const [first] = broken;
    // Text that was only taken for a template, because it has braces or a name that any language uses, need not be one.
    if (!first || hints["embedded"] === true || name.endsWith(".template") || OTHER_LANGUAGE.test(source)) return;
    yield {
      kind: "incomplete",
      reason: "unknown-template-syntax",
      message: `Part of the template is no Jinja this program knows: ${first.problem} (character ${first.at}). Read that part yourself.`,
      offset: first.at,
    };
  },
};
