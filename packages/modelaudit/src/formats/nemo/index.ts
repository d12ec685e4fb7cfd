import type { Format } from "../../engine/format.js";
import { tarNames } from "../tar/parser.js";

export const format: Format = {
  id: "nemo",
  className: "NemoScanner",
  description: "NVIDIA NeMo models: callables that the config names, checkpoints, archive paths",
  extensions: [".nemo"],
  tags: ["serialization", "archive", "config", "quick"],
  refines: ["tar"],
  sniff: () => undefined,
  *probe(reader, _look, context) {
    return (yield* tarNames(reader, context)).some((name) => /(?:^|\/)model_config\.ya?ml$/i.test(name)) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
