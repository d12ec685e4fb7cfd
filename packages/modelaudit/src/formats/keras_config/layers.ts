import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { type Work, child } from "../../engine/work.js";
import { bytesReader } from "../../io/reader.js";
import { fromBase64 } from "./base64.js";

/** Settings that take a list of words or the path of a file with them; `proto` takes a SentencePiece model likewise. */
const WORD_LISTS = ["vocabulary", "merges", "idf_weights"];

/**
 * The files that a layer's settings have it read when it is built. A list of words is normal; a text in its place is a path.
 * `names` are the names that the layer goes by.
 */
export function pathsOutside(settings: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): { path: string; critical: boolean }[] {
  const paths = WORD_LISTS.flatMap((key) => (typeof settings[key] === "string" ? [settings[key]] : []));
  const { filepath, proto } = settings;
  // TFSMLayer runs the SavedModel that stands there.
  if (names.has("TFSMLayer") || (typeof filepath === "string" && "call_endpoint" in settings))
    paths.push(typeof filepath === "string" ? filepath : "?");
  if (typeof proto === "string" && (escapingPath(proto) !== undefined || /^[^\s=]{1,200}\.(?:model|proto|spm|vocab)$/.test(proto))) paths.push(proto);
  return paths.map((path) => ({ path, critical: escapingPath(path) !== undefined }));
}

/** TorchModuleWrapper: the module's settings hold a pickle in base64, wrapped as an object of bytes by newer writers. */
export function* judgeTorchModule(settings: Readonly<Record<string, unknown>>, at: string): Work<void> {
  yield { kind: "finding", rule: "S1402", args: {}, at };
  const module = settings["module"] as string | { value?: unknown; config?: { value?: unknown } } | null | undefined;
  const encoded = typeof module === "object" && module !== null ? (module.config?.value ?? module.value) : module;
  const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
  if (bytes) yield* child({ name: `${at}.module`, reader: bytesReader(bytes), hints: { loader: "torch" } });
}
