import type { Format } from "../../engine/format.js";

const EXTENSIONS = [".jinja", ".j2", ".jinja2", ".template"];

/** Templates have no magic: the name says it, or the parent does (a chat template inside a model file). */
export const format: Format = {
  id: "jinja2_template",
  className: "Jinja2TemplateScanner",
  description: "Jinja templates: sandbox escapes, however the names are put together",
  extensions: EXTENSIONS,
  tags: ["template", "quick"],
  surest: "likely",
  sniff: ({ head, extension }) => (EXTENSIONS.includes(extension) && !head.includes(0) ? "likely" : undefined),
  load: () => import("./scanner.js"),
};
