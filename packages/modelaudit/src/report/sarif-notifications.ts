import { redact } from "../findings/redact.js";
import { memberPath } from "./places.js";
import { printable } from "./printable.js";
import { fileOutcome, type Report, verdictOf } from "./report.js";
import type { ArtifactLocation, SarifArtifacts } from "./sarif-artifacts.js";

const DESCRIPTORS = [
  {
    id: "N001",
    name: "CoverageIncomplete",
    short: "A file was not analysed completely.",
    full: "A limit, an unsupported feature or a damaged structure stopped the analysis. The absence of findings proves nothing there.",
    help: "Raise the limit that the message names, or treat the file as not scanned.",
  },
  {
    id: "N002",
    name: "PathUnreadable",
    short: "A path could not be turned into files.",
    full: "The path is missing, unreadable, or of a kind that cannot be scanned.",
    help: "Correct the path or its permissions and scan again.",
  },
  {
    id: "N003",
    name: "ScannerFailed",
    short: "A file could not be read, or a scanner broke on it.",
    full: "What the scanner would have found is not known.",
    help: "Treat the file as not scanned, and report the message to the scanner's authors.",
  },
  {
    id: "N004",
    name: "FileNotAnalysed",
    short: "No scanner knows this file.",
    full: "The file belongs to no known format, so nothing can be said about it.",
    help: "Use --strict to fail on such files.",
  },
  {
    id: "N005",
    name: "NothingConcluded",
    short: "The run ended without a verdict.",
    full: "The run was interrupted, or there was nothing to analyse.",
    help: "Scan again, and check that the paths contain models.",
  },
] as const;

type NotificationId = (typeof DESCRIPTORS)[number]["id"];

interface Notification {
  descriptor: { id: string; index: number };
  /** `error`: the results are incomplete. `warning`: they might be. */
  level: "error" | "warning";
  message: { text: string };
  locations?: { physicalLocation: { artifactLocation: ArtifactLocation; region?: { byteOffset: number } } }[];
}

export function notificationDescriptors(): Record<string, unknown>[] {
  return DESCRIPTORS.map(({ id, name, short, full, help }) => ({
    id,
    name,
    shortDescription: { text: short },
    fullDescription: { text: full },
    help: { text: help },
    defaultConfiguration: { level: id === "N004" ? "warning" : "error" },
  }));
}

/** What was not read, not understood or went wrong. */
export function sarifNotifications(report: Report, artifacts: SarifArtifacts): Notification[] {
  const list: Notification[] = report.problems.map(({ message }) => notification("N002", "error", message));
  for (const file of report.dryRun ? [] : report.files) {
    const at = (record: Parameters<SarifArtifacts["locationOf"]>[1]) => artifacts.locationOf(file, record);
    for (const record of file.records) {
      const member = memberPath(record);
      const inside = member && ` (in ${member})`;
      if (record.failure !== undefined) list.push(notification("N003", "error", `${record.failure.split("\n")[0]}${inside}`, at(record)));
      for (const gap of record.gaps) {
        const offset = gap.offset !== undefined && gap.offset >= 0 && gap.offset <= record.size ? gap.offset : undefined;
        list.push(notification("N001", "error", `${gap.message}${inside}`, at(record), offset));
      }
    }
    if (fileOutcome(file) === "unknown") {
      list.push(notification("N004", report.strict ? "error" : "warning", "The file is of no known format and was not analysed.", at(undefined)));
    }
  }
  const concluded = verdictOf(report) !== "inconclusive" || list.some((one) => one.level === "error");
  if (report.interrupted) list.push(notification("N005", "error", "The run was interrupted before its end."));
  else if (!concluded) list.push(notification("N005", "error", "There was nothing to analyse."));
  return list;
}

function notification(id: NotificationId, level: Notification["level"], text: string, location?: ArtifactLocation, offset?: number): Notification {
  const region = offset === undefined ? {} : { region: { byteOffset: offset } };
  return {
    descriptor: { id, index: DESCRIPTORS.findIndex((one) => one.id === id) },
    level,
    message: { text: printable(redact(text)) },
    ...(location ? { locations: [{ physicalLocation: { artifactLocation: location, ...region } }] } : {}),
  };
}
