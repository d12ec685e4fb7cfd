import type { Format } from "../../engine/format.js";
import { goesOn, recognize } from "./recognize.js";

const extensions = [".pkl", ".pickle", ".p", ".dill", ".joblib", ".pt", ".pth", ".ckpt", ".bin", ".cloudpickle", ".pck", ".pcl"];

export const format: Format = {
  id: "pickle",
  className: "PickleScanner",
  description: "Python pickles of every protocol, with what joblib, dill and cloudpickle put in them",
  extensions,
  tags: ["serialization"],
  sniff: (look) => recognize(look, extensions),
  *probe(reader, look) {
    if (!goesOn(look)) return undefined;
    const { probe } = (yield import("./probe.js")) as typeof import("./probe.js");
    return yield* probe(reader);
  },
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
