import { type ArtifactRecord, outcomeOf } from "../engine/record.js";
import { bytesText } from "./measures.js";
import { printable } from "./printable.js";
import type { FileReport } from "./report.js";

/** One part of a file, as a listing shows it. */
export interface Part {
  /** Name inside its container; the path as given for the file itself. */
  name: string;
  formats: string[];
  /** Bytes, unpacked. */
  size: number;
  /** `scanned`, or why it was not: `raw data, skipped`, `not recognised`, `part of its container`, or the gap's reason. */
  read: string;
  parts: Part[];
}

/** The parts of a file as a tree, in the order they stand in it. */
export function partsOf(file: FileReport): Part {
  const [own, ...inner] = file.records;
  const root = partOf(own as ArtifactRecord, file.path);
  const open: { depth: number; part: Part }[] = [{ depth: 0, part: root }];
  for (const record of inner) {
    while ((open.at(-1)?.depth ?? 0) >= record.depth && open.length > 1) open.pop();
    const part = partOf(record, record.segments.at(-1) ?? "");
    (open.at(-1) as { part: Part }).part.parts.push(part);
    open.push({ depth: record.depth, part });
  }
  return root;
}

const UNREAD: Readonly<Record<ArtifactRecord["role"], string>> = {
  member: "not recognised",
  probe: "raw data, skipped",
  part: "part of its container",
};

function partOf(record: ArtifactRecord, name: string): Part {
  const outcome = outcomeOf(record);
  const reasons = record.gaps.map((gap) => gap.reason).join(", ");
  const read = reasons || (outcome === "unknown" ? UNREAD[record.role] : outcome === "failed" ? "failed" : "scanned");
  return { name, formats: record.formats, size: record.size, read, parts: [] };
}

/** The tree as text, one part a line. */
export function treeText(root: Part): string {
  const lines: string[] = [];
  const pending = [{ part: root, lead: "", mark: "" }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { part, lead, mark } = next;
    const format = part.formats.join(" + ") || "–";
    lines.push(`${lead}${mark}${printable(part.name)}  ${format}, ${bytesText(part.size)}, ${part.read}`);
    const below = mark === "" ? "" : `${lead}${mark.startsWith("├") ? "│  " : "   "}`;
    for (let index = part.parts.length - 1; index >= 0; index--) {
      pending.push({ part: part.parts[index] as Part, lead: below, mark: index === part.parts.length - 1 ? "└─ " : "├─ " });
    }
  }
  return `${lines.join("\n")}\n`;
}
