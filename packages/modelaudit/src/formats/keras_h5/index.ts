import type { Format } from "../../engine/format.js";
import { findSuperblock, isSuperblock } from "../hdf5/signature.js";

export const format: Format = {
  id: "keras_h5",
  className: "KerasH5Scanner",
  description: "HDF5 files, Keras models and weights: Lambda code, config symbols, links out of the file",
  extensions: [".h5", ".hdf5", ".keras", ".he5", ".hdf"],
  tags: ["graph", "quick", "layers"],
  sniff: ({ head }) => (isSuperblock(head) ? "certain" : undefined),
  // A user block may stand before the signature, at 512, 1024, 2048…
  *probe(reader, look) {
    // The places where a user block may end double in distance: to see them all, a large compressed member would be expanded.
    if (look.hints.lazy === true) return undefined;
    return reader.size > 512 && (yield* findSuperblock(reader)) !== undefined ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
