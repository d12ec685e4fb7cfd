import type { ArtifactRecord, Outcome } from "../engine/record.js";
import { outcomeOf } from "../engine/record.js";
import type { Finding } from "../findings/finding.js";

/** One file the user's paths led to, with everything found inside it. */
export interface FileReport {
  /** As the user gave it, or as found under a folder they gave. */
  path: string;
  absolutePath: string;
  size: number;
  /** The file's own record first, then those of what is inside, in reading order. */
  records: ArtifactRecord[];
  /** Bytes read from disk for the verdict. */
  bytesRead: number;
  milliseconds: number;
  /** Lower-case hex, made only when something shows them; all but SHA-256 only when asked for. */
  digests?: { sha256: string; md5?: string; sha1?: string; sha512?: string };
}

/** A path that could not be turned into files: missing, unreadable, a wrong kind. */
export interface PathProblem {
  path: string;
  /** What was expected, what was found, what to try: one line. */
  message: string;
}

/** Everything a reporter may show about one run. Plain data. */
export interface Report {
  /** Version of this program. */
  version: string;
  /** Command line without the program, as typed. */
  arguments: string[];
  paths: string[];
  /** Unix time in seconds, with fraction. */
  startTime: number;
  /** Seconds. */
  duration: number;
  files: FileReport[];
  problems: PathProblem[];
  /** Set when the user chose scanners: ids. */
  selection?: { requested: string[] | null; enabled: string[]; excluded: string[] };
  dryRun?: boolean;
  /** The run was stopped by the user before its end. */
  interrupted?: boolean;
  strict: boolean;
  /** SHA-256 over the sorted file digests; only when every file was hashed. */
  contentHash?: string;
}

export type Verdict = "findings" | "failed" | "inconclusive" | "clean";

/** Worst first. */
export const OUTCOMES: readonly Outcome[] = ["findings", "failed", "inconclusive", "unknown", "clean", "data"];

/** The worst outcome of a file and all that is inside it. Unknown members inside a container do not count against it. */
export function fileOutcome(file: FileReport): Outcome {
  const own = file.records[0] ? outcomeOf(file.records[0]) : "failed";
  const inner: Outcome[] = file.records
    .slice(1)
    .map(outcomeOf)
    .filter((outcome) => outcome !== "unknown" && outcome !== "data");
  return OUTCOMES.find((outcome) => outcome === own || inner.includes(outcome)) ?? "clean";
}

export function allFindings(report: Report): Finding[] {
  return report.files.flatMap((file) => file.records.flatMap((record) => record.findings));
}

/** Files in which something was analysed; text, images and unknown files are not. */
export function analysedFiles(report: Report): FileReport[] {
  return report.files.filter((file) => !["data", "unknown"].includes(fileOutcome(file)));
}

/** The verdict of a run. Findings come first: an error elsewhere never hides one. */
export function verdictOf(report: Report): Verdict {
  const outcomes = report.files.map(fileOutcome);
  if (outcomes.includes("findings")) return "findings";
  if (report.problems.length || outcomes.includes("failed")) return "failed";
  if (report.interrupted || outcomes.includes("inconclusive")) return "inconclusive";
  if (report.dryRun) return "clean";
  const isAnalysed = outcomes.some((outcome) => outcome !== "data" && outcome !== "unknown");
  if (!isAnalysed && !(outcomes.includes("data") && !report.strict && !outcomes.includes("unknown"))) return "inconclusive";
  if (report.strict && outcomes.includes("unknown")) return "inconclusive";
  return "clean";
}

/** 1 with any warning or critical, else 2 when anything failed or was inconclusive, else 0. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  const verdict = verdictOf(report);
  return verdict === "findings" ? 1 : verdict === "clean" ? 0 : 2;
}
