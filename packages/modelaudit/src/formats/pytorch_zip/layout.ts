import { words } from "../../detectors/names/words.js";
import { Noted } from "../../io/noted.js";

/** What kind of archive PyTorch made. */
export interface Layout {
  kind: "checkpoint" | "torchscript" | "package" | "export";
  /** The folder everything lies in, with its slash, as the first entry spells it. */
  root: string;
}

/**
 * Recognises a PyTorch archive by the names of its members, which PyTorch compares without regard to case. The first
 * entry names the root folder: everything PyTorch reads lies below it. Undefined when these are not such names.
 */
export function layoutOf(names: readonly string[]): Layout | undefined {
  let layout = KNOWN.get(names);
  if (layout === undefined) {
    layout = recognise(names) ?? null;
    KNOWN.set(names, layout);
  }
  return layout ?? undefined;
}

/** Asked for twice of every archive: to recognise it and to scan it. */
const KNOWN = new Noted<Layout | null>();

function recognise(names: readonly string[]): Layout | undefined {
  const first = names[0];
  if (first === undefined || !first.includes("/")) return undefined;
  const root = first.slice(0, first.indexOf("/") + 1);
  const lowerRoot = root.toLowerCase();
  const inside = new Set<string>();
  // By index, as in other loops over all members: an iterator makes an object for each.
  for (let index = 0; index < names.length; index++) {
    const lower = (names[index] as string).toLowerCase();
    if (lower.startsWith(lowerRoot)) inside.add(lower.slice(root.length));
  }
  const has = (name: string) => inside.has(name);
  const marked = has("version") || has(".data/version") || has(".format_version") || has("byteorder");
  if (has(".data/extern_modules") || has(".data/python_version")) return { kind: "package", root };
  if (has("archive_format") && has("archive_version")) return { kind: "export", root };
  if (has("serialized_exported_program.json") || has("serialized_state_dict.pt")) return { kind: "export", root };
  const script = has("constants.pkl") || has("bytecode.pkl") || has("model.json");
  if (script && marked) return { kind: "torchscript", root };
  const hasStorages = () => [...inside].some((name) => name.startsWith("data/") && isNumber(name.slice("data/".length)));
  return has("data.pkl") && (marked || hasStorages()) ? { kind: "checkpoint", root } : undefined;
}

/** The part of a name below the root, in lower case, or undefined for a member that lies elsewhere. */
export function within(name: string, root: string): string | undefined {
  const lower = name.toLowerCase();
  return lower.startsWith(root.toLowerCase()) ? lower.slice(root.length) : undefined;
}

/** What a member is for. `storage`: raw numbers that nothing interprets. `note`: a short text PyTorch itself writes. */
export type MemberKind = "pickle" | "code" | "source" | "storage" | "note" | "program" | "other";

const NOTES = words(`version byteorder .format_version .storage_alignment archive_format archive_version .data/version
  .data/serialization_id .data/python_version .data/extern_modules`);
const STORAGE_FOLDERS = words("data constants traced_inputs tensors xl_model_weights");

/** Tells what a member is by its place, as PyTorch does. `part` comes from {@link within}. */
export function memberKind(part: string, layout: Layout): MemberKind {
  const slash = part.lastIndexOf("/");
  const folder = part.slice(0, Math.max(0, slash));
  const name = part.slice(slash + 1);
  if (isNumber(name) && STORAGE_FOLDERS.has(folder)) return "storage";
  if (NOTES.has(part)) return "note";
  if (name.endsWith(".debug_pkl") || hasSuffix(name, ".pkl")) return "pickle";
  if (folder === ".data" && hasSuffix(name, ".storage")) return "storage";
  if (layout.kind === "export") {
    if (/^data\/(?:weights|constants)\/(?:weight|tensor)_\d+$/.test(part)) return "storage";
    return /^models\/[^/]+\.json$|^serialized_exported_program\.json$/.test(part) ? "program" : "other";
  }
  if (layout.kind === "package") return part.endsWith(".py") ? "source" : "other";
  return part.startsWith("code/") && part.endsWith(".py") ? "code" : "other";
}

/** A suffix with something in front of it. */
function hasSuffix(name: string, suffix: string): boolean {
  return name.length > suffix.length && name.endsWith(suffix);
}

function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!(text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39)) return false;
  return text !== "";
}
