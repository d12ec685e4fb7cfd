import type { Format } from "../../engine/format.js";
import { programKind } from "./header.js";

const EXTENSIONS =
  ".exe .dll .pyd .sys .so .o .ko .elf .dylib .bundle .node .wasm .com .cubin .hsaco .sh .bash .run .py .pyz .pl .rb .js .appimage .llamafile".split(
    " ",
  );

export const format: Format = {
  id: "executable",
  className: "ExecutableScanner",
  description: "Programs, libraries and scripts: ELF, PE, Mach-O, WebAssembly, #! lines",
  extensions: EXTENSIONS,
  tags: ["executable"],
  sniff: (look) => (programKind(look.head, look.size) ? "certain" : undefined),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
