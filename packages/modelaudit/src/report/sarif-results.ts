import type { ArtifactRecord } from "../engine/record.js";
import type { Finding } from "../findings/finding.js";
import { memberPath, memberSegments, type PlacedFinding, placedFindings } from "./places.js";
import { printable } from "./printable.js";
import type { Report } from "./report.js";
import type { RuleBook } from "./rule-book.js";
import type { SarifArtifacts } from "./sarif-artifacts.js";
import { LEVELS } from "./sarif-rules.js";

/** GitLab drops results with messages over 2,048 characters; the link and the member's name come on top. */
const LONGEST_MESSAGE = 1000;

interface Setting {
  book: RuleBook;
  artifacts: SarifArtifacts;
  ruleIndex(rule: string): number;
}

interface LogicalLocation {
  name: string;
  fullyQualifiedName: string;
  kind?: string;
  parentIndex?: number;
}

/** One result per finding, placed in the file, by which consumers match it; a place inside a member is a related location it links to. */
export function sarifResults(report: Report, setting: Setting): { results: Record<string, unknown>[]; logicalLocations: LogicalLocation[] } {
  const logical = new LogicalLocations();
  const seen = new Map<string, number>();
  const results = report.files.flatMap((file) =>
    placedFindings(file).map((placed) => {
      const key = `${file.absolutePath} ${placed.finding.fingerprint}`;
      const ordinal = (seen.get(key) ?? 0) + 1;
      seen.set(key, ordinal);
      return result(placed, setting, logical, ordinal);
    }),
  );
  return { results, logicalLocations: logical.list };
}

function result(placed: PlacedFinding, { book, artifacts, ruleIndex }: Setting, logical: LogicalLocations, ordinal: number): Record<string, unknown> {
  const { file, record, finding } = placed;
  const { level, rank } = LEVELS[finding.severity];
  const member = memberPath(record);
  const sentence = clamp(plainMessage(book.sentence(finding)));
  const region = regionOf(finding, record);
  const name = printable(artifacts.nameOf(file));
  const where = logical.indexOf(name, record, finding);
  return {
    ruleId: finding.rule,
    ruleIndex: ruleIndex(finding.rule),
    kind: "fail",
    level,
    rank,
    message: { text: member ? `${sentence} (in [${linkText(clamp(member))}](1))` : sentence },
    locations: [
      {
        physicalLocation: { artifactLocation: artifacts.locationOf(file), ...(member ? {} : region) },
        ...(where === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: logical.list[where]?.fullyQualifiedName, index: where }] }),
      },
    ],
    ...(member
      ? {
          relatedLocations: [
            {
              id: 1,
              message: { text: "The place inside, counted from the start of the member." },
              physicalLocation: { artifactLocation: artifacts.locationOf(file, record), ...region },
            },
          ],
        }
      : {}),
    partialFingerprints: {
      primaryLocationLineHash: `${finding.fingerprint}:${ordinal}`,
      "modelauditFinding/v1": `${finding.fingerprint}:${ordinal}`,
    },
    properties: { ...finding.details, ...finding.args, severity: finding.severity, scanner: finding.scanner },
  };
}

/** Text regions for text, byte regions for the rest, never both; nothing when the place lies outside the artifact. */
function regionOf(finding: Finding, record: ArtifactRecord): { region?: Record<string, number> } {
  const { offset, length, line, column } = finding;
  if (line !== undefined) return { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  if (offset === undefined || offset < 0 || offset > record.size) return {};
  return { region: { byteOffset: offset, ...(length !== undefined && offset + length <= record.size ? { byteLength: length } : {}) } };
}

/** Members and structural places, each once: `models/a.zip!/data.pkl` and below it `…#layers[3]`. */
class LogicalLocations {
  readonly list: LogicalLocation[] = [];
  private readonly indexes = new Map<string, number>();

  /** Undefined for a finding about a file as a whole. */
  indexOf(file: string, record: ArtifactRecord, finding: Finding): number | undefined {
    let parent: number | undefined;
    let full = file;
    for (const segment of memberSegments(record)) {
      full = `${full}!/${printable(segment)}`;
      parent = this.add({
        name: printable(segment),
        fullyQualifiedName: full,
        kind: "resource",
        ...(parent === undefined ? {} : { parentIndex: parent }),
      });
    }
    if (finding.at === undefined) return parent;
    const at = printable(finding.at);
    return this.add({ name: at, fullyQualifiedName: `${full}#${at}`, ...(parent === undefined ? {} : { parentIndex: parent }) });
  }

  private add(location: LogicalLocation): number {
    const known = this.indexes.get(location.fullyQualifiedName);
    if (known !== undefined) return known;
    this.indexes.set(location.fullyQualifiedName, this.list.length);
    return this.list.push(location) - 1;
  }
}

/** `[text](1)` in a message is a link; text from a model must not make one. */
function plainMessage(text: string): string {
  return text.replace(/\](?=\()/g, "\\]");
}

function linkText(text: string): string {
  return text.replace(/[[\]\\]/g, "\\$&");
}

function clamp(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}
