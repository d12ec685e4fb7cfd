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
  const storages = [...inside].some((name) => /^data\/\d+$/.test(name));
  return has("data.pkl") && (marked || storages) ? { kind: "checkpoint", root } : undefined;
}

/** The part of a name below the root, in lower case, or undefined for a member that lies elsewhere. */
export function within(name: string, root: string): string | undefined {
  const lower = name.toLowerCase();
  return lower.startsWith(root.toLowerCase()) ? lower.slice(root.length) : undefined;
}

/** What a member is for. `storage`: raw numbers that nothing interprets. `note`: a short text PyTorch itself writes. */
export type MemberKind = "pickle" | "code" | "source" | "storage" | "note" | "program" | "other";

/** Tells what a member is by its place, as PyTorch does. `part` comes from {@link within}. */
export function memberKind(part: string, layout: Layout): MemberKind {
  if (
    /^(?:version|byteorder|\.format_version|\.storage_alignment|archive_format|archive_version|\.data\/(?:version|serialization_id|python_version|extern_modules))$/.test(
      part,
    )
  )
    return "note";
  if (/\.debug_pkl$|(?:^|\/)[^/]+\.pkl$/.test(part)) return "pickle";
  if (/^(?:data|constants|traced_inputs|tensors|xl_model_weights)\/\d+$|^\.data\/[^/]+\.storage$/.test(part)) return "storage";
  if (layout.kind === "export") {
    if (/^data\/(?:weights|constants)\/(?:weight|tensor)_\d+$/.test(part)) return "storage";
    return /^models\/[^/]+\.json$|^serialized_exported_program\.json$/.test(part) ? "program" : "other";
  }
  if (layout.kind === "package") return part.endsWith(".py") ? "source" : "other";
  return /^code\/.*\.py$/.test(part) ? "code" : "other";
}
