import { count } from "./measures.js";
import { printable } from "./printable.js";
import { allFindings, analysedFiles, type Report, verdictOf } from "./report.js";
import { openRuleBook } from "./rule-book.js";
import { commonFolder, relativePath } from "./uris.js";
import { type Component, fileComponent, properties } from "./cyclonedx-components.js";
import { vulnerabilities } from "./cyclonedx-vulnerabilities.js";

export interface SbomOptions {
  /** Absolute path of the folder the scan was started in. References are relative to it when all files lie below it. */
  cwd: string;
}

const ROOT = "scan:root";

/** Paths named in the name of the whole; a shell's pattern may have given thousands. */
const MOST_NAMES = 5;

/**
 * The report as a CycloneDX 1.6 bill of materials. The same files and findings give the same bytes on every machine:
 * there is no timestamp, no random number and no absolute path in it, and the serial number is made of its contents.
 */
export async function sbomReport(report: Report, options: SbomOptions): Promise<Record<string, unknown>> {
  const base = baseFolder(report, options.cwd);
  const files = report.files
    .map((file) => ({ file, ref: `file:${relativePath(file.absolutePath, base).path}` }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const components = files.map(({ file, ref }) => fileComponent(file, ref, report.version));
  const book = await openRuleBook(allFindings(report));
  const found = vulnerabilities(files, book);
  const bill = {
    version: 1,
    metadata: {
      lifecycles: [{ phase: "post-build" }],
      tools: {
        components: [
          {
            type: "application",
            "bom-ref": "tool:modelaudit",
            name: "modelaudit",
            version: report.version,
            purl: `pkg:npm/modelaudit@${report.version}`,
          },
        ],
      },
      component: {
        type: "application",
        "bom-ref": ROOT,
        name: rootName(report),
        description: `What was scanned: ${count(files.length, "file")}.`,
      },
      properties: properties({
        "cdx:reproducible": "true",
        "modelaudit:scan:verdict": verdictOf(report),
        "modelaudit:scan:files_analysed": String(analysedFiles(report).length),
      }),
    },
    components,
    dependencies: [{ ref: ROOT, dependsOn: components.map((one) => one["bom-ref"]) }, ...components.flatMap(edges)],
    ...(isComplete(report) ? {} : { compositions: [{ aggregate: "incomplete", assemblies: [ROOT] }] }),
    ...(found.length ? { vulnerabilities: found } : {}),
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${await uuidOf(JSON.stringify(bill))}`,
    ...bill,
  };
}

function baseFolder(report: Report, cwd: string): string {
  const paths = report.files.map((file) => file.absolutePath);
  return paths.every((path) => relativePath(path, cwd).inside) ? cwd : commonFolder(paths);
}

/** What was scanned by the names it was given, without the folders they lie in. */
function rootName(report: Report): string {
  const names = report.paths.map(lastPart).filter(Boolean);
  return printable(names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(", ")}, …` : names.join(", ")) || "scan";
}

function lastPart(path: string): string {
  const name = path.split(/[\\/]/).filter(Boolean).at(-1) ?? "";
  return /^\.+$/.test(name) ? "" : name;
}

function edges(component: Component): { ref: string; dependsOn?: string[] }[] {
  const inner = component.components ?? [];
  return [{ ref: component["bom-ref"], ...(inner.length ? { dependsOn: inner.map((one) => one["bom-ref"]) } : {}) }, ...inner.flatMap(edges)];
}

function isComplete(report: Report): boolean {
  return (
    !report.problems.length &&
    !report.interrupted &&
    report.files.every((file) => file.records.every((record) => !record.gaps.length && record.failure === undefined))
  );
}

/** A version-5 UUID over text, in the namespace that the standard gives to URLs. */
async function uuidOf(text: string): Promise<string> {
  const namespace = [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", new Uint8Array([...namespace, ...new TextEncoder().encode(text)])));
  const bytes = digest.slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
