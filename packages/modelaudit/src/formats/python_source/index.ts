import type { Format, Glimpse } from "../../engine/format.js";

/** A path file of Python's: of its lines, those that begin with `import` run whenever Python starts. */
function isPathFile({ head, extension }: Glimpse): boolean {
  if (extension !== ".pth") return false;
  const text = String.fromCharCode(...head);
  return /^(?:\xef\xbb\xbf)?[\t\n\r\x20-\xff]*$/.test(text) && /^(?:\xef\xbb\xbf)?import[ \t]/m.test(text);
}

/** Hardly ever recognised by itself: a script beside a model is not a model. Formats hand back the sources that their loader imports. */
export const format: Format = {
  id: "python_source",
  className: "PythonSourceScanner",
  description: "Python code that a loader imports: TorchServe handlers, torch.package modules, .pth files that Python itself runs",
  extensions: [".pth"],
  tags: ["serialization", "quick"],
  sniff: (look) => (isPathFile(look) ? "likely" : undefined),
  load: () => import("./scanner.js"),
};
