import { bytesText } from "./measures.js";
import { printable } from "./printable.js";

/** What `metadata` prints of one file. */
export interface Facts {
  path: string;
  size: number;
  formats: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
  members: readonly { path: string; formats: readonly string[]; metadata: Readonly<Record<string, unknown>> }[];
}

/** Members whose facts are listed; a checkpoint may have thousands of parts. */
const MEMBERS_SHOWN = 20;

/** The facts of one file as text. */
export function factsText({ path, size, formats, metadata, members }: Facts): string {
  const lines = [`${printable(path)}  ${formats.join(" + ") || "not recognised"}, ${bytesText(size)}`, ...rows(metadata, "  ")];
  for (const member of members.slice(0, MEMBERS_SHOWN))
    lines.push(`  ${printable(member.path.slice(path.length + 2))}  ${member.formats.join(" + ")}`, ...rows(member.metadata, "    "));
  if (members.length > MEMBERS_SHOWN) lines.push(`  and ${members.length - MEMBERS_SHOWN} more parts`);
  return `${lines.join("\n")}\n`;
}

function rows(metadata: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.entries(metadata).map(([key, value]) => `${indent}${key}: ${printable(valueText(value))}`);
}

function valueText(value: unknown): string {
  const text = Array.isArray(value) ? value.map(String).join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
