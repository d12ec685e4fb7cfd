import type { Format } from "../../engine/format.js";
import { tarNames } from "../tar/parser.js";
import { zipNames } from "../zip/directory.js";

const ZIP_EXTENSIONS = [".whl", ".egg", ".conda"];

export const format: Format = {
  id: "python_package",
  className: "PythonPackageScanner",
  description: "Python wheels and conda packages",
  extensions: ZIP_EXTENSIONS,
  tags: ["archive"],
  refines: ["zip", "tar"],
  sniff: () => undefined,
  *probe(reader, look, context) {
    if (ZIP_EXTENSIONS.includes(look.extension)) {
      const names = yield* zipNames(reader, context);
      return names.some((name) => /^[^/]+\.dist-info\/WHEEL$|^EGG-INFO\/PKG-INFO$|^pkg-[^/]+\.tar\.zst$/.test(name)) ? "certain" : undefined;
    }
    const isTar = look.head[257] === 0x75 && look.head[258] === 0x73;
    return isTar && (yield* tarNames(reader, context)).includes("info/index.json") ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
