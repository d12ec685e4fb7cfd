import type { ArtifactRecord } from "../src/engine/record.js";
import type { Finding } from "../src/findings/finding.js";
import { fingerprint } from "../src/findings/fingerprint.js";
import type { Rule } from "../src/findings/rule.js";
import type { Severity } from "../src/findings/severity.js";
import type { FileReport, Report } from "../src/report/report.js";

/** Rules for reports in tests, so that a better wording in the catalogue changes no golden file. */
export const SAMPLE_RULES: readonly Rule[] = [
  {
    id: "S201",
    name: "pickle-denied-call",
    severity: "critical",
    title: "Loading the file calls {callable} with {argument}",
    why: "A pickle names functions and the loader calls them with the rights of whoever loads the model.",
    remedy: "Do not load the file. Ask its publisher for SafeTensors weights.",
    cwe: [502],
    references: ["https://docs.python.org/3/library/pickle.html"],
  },
  {
    id: "S902",
    name: "broken-structure",
    severity: "warning",
    title: "The {format} structure is not what a writer of this format makes: {problem}",
    why: "Loaders disagree on such files, and memory errors in native loaders are reached this way.",
    remedy: "Get the model from its publisher again and compare checksums.",
    cwe: [20],
  },
  {
    id: "S901",
    name: "type-mismatch",
    severity: "info",
    title: "The extension {extension} promises {promised}, but the bytes are {found}",
    why: "Tools that choose by extension would treat the file as something it is not.",
    remedy: "Rename the file to what it is.",
    cwe: [351],
  },
];

/** Text that would take over a terminal, a log reader, a link in a message or the order of characters. */
export const HOSTILE = "\u001b[31mred\u001b]8;;http://x\u0007 \u202eevil\u200b\n::error::x ##[error]y [a](1)";

export function record(segments: string[], change: Partial<ArtifactRecord> = {}): ArtifactRecord {
  return {
    path: segments.join("!/"),
    segments,
    size: 1000,
    depth: segments.length - 1,
    role: "member",
    formats: ["pickle"],
    scanners: ["pickle"],
    findings: [],
    gaps: [],
    metadata: {},
    ...change,
  };
}

export function finding(rule: string, severity: Severity, args: Finding["args"], change: Partial<Finding> = {}): Finding {
  const place = { ...change };
  return { rule, severity, args, path: "", scanner: "pickle", fingerprint: fingerprint(rule, ["model"], args, place.at ?? place.offset), ...place };
}

export function file(path: string, records: ArtifactRecord[], change: Partial<FileReport> = {}): FileReport {
  return { path, absolutePath: `/work/project/${path}`, size: records[0]?.size ?? 0, records, bytesRead: 512, milliseconds: 3, ...change };
}

export function report(files: FileReport[], change: Partial<Report> = {}): Report {
  return {
    version: "1.2.3",
    arguments: ["scan", "models"],
    paths: ["models"],
    startTime: 1_767_323_045,
    duration: 1.25,
    files,
    problems: [],
    strict: false,
    ...change,
  };
}

/** A run with everything a report has to show: nested members, hostile names, repeats, gaps, failures, unknown files. */
export function sampleReport(): Report {
  const evil = "models/my model#1.pt";
  const calls = Array.from({ length: 12 }, (_, index) =>
    finding("S902", "warning", { format: "pickle", problem: `memo ${index} is never set` }, { offset: 100 + index }),
  );
  return report(
    [
      file("models/clean.safetensors", [
        record(["models/clean.safetensors"], {
          formats: ["safetensors"],
          scanners: ["safetensors"],
          size: 5_000_000_000,
          metadata: { tensors: ["a.weight", "a.bias"], license: "apache-2.0" },
        }),
      ]),
      file(
        evil,
        [
          record([evil], { formats: ["pytorch_zip"], scanners: ["pytorch_zip"], size: 4096, metadata: { format_version: 3 } }),
          record([evil, "archive/data.pkl"], {
            size: 400,
            findings: [
              finding(
                "S201",
                "critical",
                { callable: "posix.system", argument: "'id'" },
                { offset: 37, length: 1, details: { module: "posix", opcode: "REDUCE" } },
              ),
              finding("S201", "critical", { callable: "posix.system", argument: "'id'" }, { offset: 99 }),
              finding("S201", "critical", { callable: "os.popen", argument: HOSTILE }, { offset: 120 }),
            ],
            metadata: { opcode_count: 12 },
          }),
          record([evil, "archive/in ner.zip"], { formats: ["zip"], scanners: ["zip"], size: 900 }),
          record([evil, "archive/in ner.zip", "../a:b\u202e.pkl"], {
            size: 200,
            gaps: [{ reason: "malformed", message: "The structure breaks off: a string of 9 bytes ends after 4.", offset: 50 }],
          }),
        ],
        { digests: { sha256: "a".repeat(64) } },
      ),
      file("models/config.json", [
        record(["models/config.json"], {
          formats: ["manifest"],
          scanners: ["manifest"],
          size: 120,
          findings: [
            finding("S901", "info", { extension: ".json", promised: "manifest", found: "text" }, { scanner: "engine" }),
            finding(
              "S902",
              "warning",
              { format: "JSON", problem: "the key auto_map is there twice" },
              { scanner: "manifest", line: 7, column: 3, at: "auto_map" },
            ),
          ],
        }),
      ]),
      file("models/many.pkl", [record(["models/many.pkl"], { findings: calls })]),
      file("models/broken.pkl", [record(["models/broken.pkl"], { failure: "The scanner broke: Error: no\n    at scan (scanner.js:1:1)" })]),
      file("models/huge.bin", [
        record(["models/huge.bin"], { gaps: [{ reason: "limit-max-size", message: "File too large to scan: 4096 bytes, --max-size allows 1000." }] }),
      ]),
      file("models/notes.xyz", [record(["models/notes.xyz"], { formats: [], scanners: [] })]),
      file("models/logo.png", [record(["models/logo.png"], { formats: ["data"], scanners: ["data"] })]),
    ],
    {
      problems: [{ path: "missing.pkl", message: "Path does not exist: missing.pkl" }],
      arguments: ["scan", "models", "missing.pkl"],
      paths: ["models", "missing.pkl"],
    },
  );
}
