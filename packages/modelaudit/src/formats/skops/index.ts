import type { Format } from "../../engine/format.js";
import { zipNames } from "../zip/directory.js";

export const format: Format = {
  id: "skops",
  className: "SkopsScanner",
  description: "skops models: the types and functions that the schema names",
  extensions: [".skops"],
  tags: ["serialization", "archive", "quick"],
  refines: ["zip"],
  sniff: () => undefined,
  *probe(reader, { extension }, context) {
    const names = yield* zipNames(reader, context);
    if (!names.includes("schema.json")) return undefined;
    // Other archives have a schema too; those of skops hold nothing but arrays beside it.
    const others = names.filter((name) => name !== "schema.json" && !name.endsWith("/"));
    return extension === ".skops" || others.every((name) => /\.np[yz]$/.test(name)) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
