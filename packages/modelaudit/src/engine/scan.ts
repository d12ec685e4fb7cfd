import { fingerprint } from "../findings/fingerprint.js";
import type { Finding, FindingEvent } from "../findings/finding.js";
import { redact, redactArgs, redactDeep } from "../findings/redact.js";
import { isAlarming } from "../findings/severity.js";
import type { Codecs } from "../io/codec.js";
import type { Reader } from "../io/reader.js";
import type { Spool } from "../io/spool.js";
import type { Artifact, Surroundings } from "./artifact.js";
import { Budget, type Limits } from "./budget.js";
import type { Policy, ScanContext } from "./context.js";
import { LimitExceeded, Malformed, SourceError, Unsupported } from "./errors.js";
import type { ChildEvent, ScanEvent } from "./events.js";
import type { Format, Scanner } from "./format.js";
import { glimpse, identify, namedLikeModel } from "./identify.js";
import { mismatch } from "./mismatch.js";
import type { ArtifactRecord } from "./record.js";
import { severityOf } from "./rules.js";
import type { ChildResult, Loading, Work } from "./work.js";

/** What a scan needs from its platform and its user. */
export interface ScanSetup {
  /** The formats to recognise. */
  formats: readonly Format[];
  /** Which of them may scan; recognised formats that are left out are noted, not scanned. */
  selected(format: Format): boolean;
  policy: Policy;
  limits: Limits;
  codecs: Codecs;
  spool(): Spool;
  /** Told whenever a record gained a finding, so that it is safe even if the scan is then ended from outside. */
  found?(): void;
  /** Keep a record of every part, also of raw data that turned out to be nothing; for listings. */
  keepAll?: boolean;
}

/** What the user named: a path, its bytes and what lies beside it. */
export interface Target {
  path: string;
  name: string;
  reader: Reader;
  around?: Surroundings;
  hints?: Readonly<Record<string, unknown>>;
}

/**
 * Scans one target and all that is inside it. Gives one record per artifact, the target's own first.
 * Drive it with {@link drive}; it never throws for what a file contains. `records` fills up as the scan goes on, so a
 * caller that has to end it early still has what was found.
 */
export function* scanTarget(target: Target, setup: ScanSetup, records: ArtifactRecord[] = []): Work<ArtifactRecord[]> {
  const budget = new Budget(setup.limits);
  const context: ScanContext = { budget, policy: setup.policy, codecs: setup.codecs, listing: setup.keepAll ?? false, spool: () => setup.spool() };
  const artifact: Artifact = { ...target, depth: 0, hints: target.hints ?? {} };
  yield* new Examination(setup, context, records).examine(artifact, [target.path], {});
  return records;
}

function newRecord(path: string, segments: string[], size: number, depth: number, role: ArtifactRecord["role"]): ArtifactRecord {
  return { path, segments, size, depth, role, formats: [], scanners: [], findings: [], gaps: [], metadata: {} };
}

/** Scanners already imported; a second file of a format is scanned without leaving the call. */
const SCANNERS = new WeakMap<Format, Scanner>();

/** Parts of one file with nothing to say are listed up to here and then only counted: an archive may hold 100,000. */
const MOST_LISTED = 1000;

/** The one place where scanning recurses: identifies an artifact, runs its scanners, follows what they hand back. */
class Examination {
  private readonly setup: ScanSetup;
  private readonly context: ScanContext;
  private readonly records: ArtifactRecord[];

  constructor(setup: ScanSetup, context: ScanContext, records: ArtifactRecord[]) {
    this.setup = setup;
    this.context = context;
    this.records = records;
  }

  *examine(artifact: Artifact, segments: string[], how: Partial<ChildEvent>): Work<ChildResult> {
    const role = how.role ?? "member";
    const record = newRecord(artifact.path, segments, artifact.reader.size, artifact.depth, role);
    const first = this.records.length;
    this.records.push(record);
    yield* this.contained(record, this.run(artifact, record, how));
    const family = this.records.slice(first);
    const quiet = !this.setup.keepAll && family.length === 1 && !record.findings.length && !record.gaps.length && record.failure === undefined;
    if (quiet && role === "probe" && !record.formats.length) this.records.pop();
    else if (quiet && first >= MOST_LISTED) {
      this.records.pop();
      const [top] = this.records as [ArtifactRecord];
      top.unlisted = (top.unlisted ?? 0) + 1;
    }
    return {
      formats: record.formats,
      alarms: family.reduce((sum, one) => sum + one.findings.filter((f) => isAlarming(f.severity)).length, 0),
      criticals: family.reduce((sum, one) => sum + one.findings.filter((f) => f.severity === "critical").length, 0),
      inconclusive: family.some((one) => one.gaps.length > 0 || one.failure !== undefined),
    };
  }

  private *run(artifact: Artifact, record: ArtifactRecord, how: Partial<ChildEvent>): Work<void> {
    if (artifact.depth > this.context.budget.limits.depth) throw new LimitExceeded("depth", artifact.depth);
    const known = how.formats ?? [];
    let formats = this.setup.formats.filter((format) => known.includes(format.id));
    if (!formats.length || how.alsoIdentify) {
      const look = yield* glimpse(artifact.reader, artifact.name, artifact.hints);
      const found = yield* identify(this.setup.formats, artifact.reader, look, this.context, how.role === "probe");
      const sniffed = found.filter((format) => !formats.includes(format));
      formats = [...formats, ...sniffed];
      const surprise = how.role === "probe" ? undefined : mismatch(this.setup.formats, formats, look);
      if (surprise) this.note(record, surprise, "engine", artifact.path);
    }
    if (artifact.reader.size === 0 && artifact.depth === 0) this.noteEmpty(artifact, record);
    record.formats = formats.map((format) => format.id);
    const banned = this.setup.policy.blacklist.find((part) => artifact.name.toLowerCase().includes(part.toLowerCase()));
    if (banned) this.note(record, { kind: "finding", rule: "S1001", args: { name: artifact.name, pattern: banned } }, "engine", artifact.path);
    for (const format of formats) {
      if (!this.setup.selected(format)) continue;
      yield* this.contained(record, this.apply(format, artifact, record));
    }
  }

  /** An empty file that is named like a model is a failed download; elsewhere empty files are ordinary. */
  private noteEmpty(artifact: Artifact, record: ArtifactRecord): void {
    if (!namedLikeModel(this.setup.formats, artifact.name)) return;
    record.gaps.push({ reason: "empty-file", message: "Expected a model, found an empty file. Download it again." });
  }

  private *apply(format: Format, artifact: Artifact, record: ArtifactRecord): Work<void> {
    let scanner = SCANNERS.get(format);
    if (!scanner) {
      const loaded = yield { kind: "loading", module: format.load() };
      scanner = (loaded as Awaited<ReturnType<Format["load"]>>).scanner;
      SCANNERS.set(format, scanner);
    }
    record.scanners.push(format.id);
    const work = scanner.scan(artifact, this.context);
    try {
      let step = work.next();
      while (!step.done) step = work.next(yield* this.handle(step.value, format, artifact, record));
    } finally {
      work.return(undefined as never);
    }
  }

  /** Answers one thing a scanner yielded: waits, records, or descends. */
  private *handle(value: Promise<unknown> | Loading | ScanEvent, format: Format, artifact: Artifact, record: ArtifactRecord): Work<unknown> {
    if (value instanceof Promise || value.kind === "loading") return yield value;
    switch (value.kind) {
      case "finding":
        this.note(record, value, format.id, artifact.path);
        return undefined;
      case "metadata":
        record.metadata[value.key] = redactDeep(value.value);
        return undefined;
      case "incomplete":
        record.gaps.push({ reason: value.reason, message: redact(value.message), ...(value.offset === undefined ? {} : { offset: value.offset }) });
        return undefined;
      case "child":
        return yield* this.descend(value, artifact, record);
      case "part": {
        const { name, size } = value;
        this.records.push(newRecord(`${artifact.path}!/${name}`, [...record.segments, name], size, artifact.depth + 1, "part"));
        return undefined;
      }
    }
  }

  private *descend(event: ChildEvent, parent: Artifact, record: ArtifactRecord): Work<ChildResult> {
    this.context.budget.spend("members", 1);
    this.context.budget.checkTime();
    const artifact: Artifact = {
      path: `${parent.path}!/${event.name}`,
      name: event.name.slice(event.name.lastIndexOf("/") + 1),
      reader: event.reader,
      parent,
      depth: parent.depth + 1,
      hints: event.hints ?? {},
      ...(event.around ? { around: event.around } : {}),
    };
    try {
      return yield* this.examine(artifact, [...record.segments, event.name], event);
    } finally {
      event.reader.close?.();
    }
  }

  private note(record: ArtifactRecord, event: FindingEvent, scanner: string, path: string): void {
    const { kind: _, details, ...rest } = event;
    const args = redactArgs(event.args);
    const finding: Finding = {
      ...rest,
      args,
      severity: event.severity ?? severityOf(event.rule),
      path,
      scanner,
      fingerprint: fingerprint(event.rule, record.segments, args, event.at ?? event.offset),
      ...(details ? { details: redactDeep(details) as Record<string, unknown> } : {}),
    };
    if (record.findings.some((known) => known.fingerprint === finding.fingerprint)) return;
    record.findings.push(finding);
    this.setup.found?.();
  }

  /** Runs work and turns what it throws into the record's outcome, so that one part never hides another's findings. */
  private *contained(record: ArtifactRecord, work: Work<void>): Work<void> {
    try {
      yield* work;
    } catch (error) {
      if (error instanceof Malformed) {
        record.gaps.push({ reason: "malformed", message: `The structure breaks off: ${error.message}.`, offset: error.offset });
      } else if (error instanceof LimitExceeded) {
        record.gaps.push({ reason: `limit-${error.limit}`, message: `Stopped at a limit: ${error.message}.` });
      } else if (error instanceof Unsupported) {
        record.gaps.push({ reason: "unsupported", message: `${error.message}.` });
      } else if (error instanceof SourceError) {
        record.failure = redact(error.message);
      } else {
        record.failure = `The scanner broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      }
    }
  }
}
