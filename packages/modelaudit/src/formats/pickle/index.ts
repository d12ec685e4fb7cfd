import type { Format } from "../../engine/format.js";
import { recognize } from "./recognize.js";

const extensions = [".pkl", ".pickle", ".p", ".dill", ".joblib", ".pt", ".pth", ".ckpt", ".bin", ".cloudpickle", ".pck", ".pcl"];

export const format: Format = {
  id: "pickle",
  className: "PickleScanner",
  description: "Python pickles of every protocol, with what joblib, dill and cloudpickle put in them",
  extensions,
  tags: ["serialization"],
  sniff: (look) => recognize(look, extensions),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
