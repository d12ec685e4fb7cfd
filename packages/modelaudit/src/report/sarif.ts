import { redact } from "../findings/redact.js";
import { allFindings, exitCodeOf, type Report, verdictOf } from "./report.js";
import { openRuleBook } from "./rule-book.js";
import { sarifArtifacts } from "./sarif-artifacts.js";
import { notificationDescriptors, sarifNotifications } from "./sarif-notifications.js";
import { sarifResults } from "./sarif-results.js";
import { sarifRules } from "./sarif-rules.js";

export interface SarifOptions {
  /** Absolute path of the folder the scan was started in; URIs are relative to it. */
  cwd: string;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const INFORMATION = "https://www.npmjs.com/package/modelaudit";
const EXIT_CODES = {
  findings: "At least one finding of warning or critical severity.",
  failed: "Something could not be read or scanned; there were no findings of warning or critical severity.",
  inconclusive: "Not everything could be analysed; there were no findings of warning or critical severity.",
  clean: "Everything was analysed; there were no findings of warning or critical severity.",
} as const;

/**
 * The report as a SARIF 2.1.0 log with one run. It follows the standard, not one consumer: places in binary files are
 * byte regions. There is no `automationDetails`, since its presence disables the category of GitHub's upload step.
 */
export async function sarifReport(report: Report, options: SarifOptions): Promise<Record<string, unknown>> {
  const book = await openRuleBook(allFindings(report));
  const artifacts = sarifArtifacts(report, options.cwd);
  const { rules, taxonomy, indexOf } = sarifRules(allFindings(report), book);
  const { results, logicalLocations } = sarifResults(report, { book, artifacts, ruleIndex: indexOf });
  const notifications = sarifNotifications(report, artifacts);
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "ModelAudit",
            fullName: `ModelAudit ${report.version}`,
            version: report.version,
            semanticVersion: report.version,
            informationUri: INFORMATION,
            language: "en-US",
            isComprehensive: false,
            ...(taxonomy ? { supportedTaxonomies: [{ name: taxonomy.name, guid: taxonomy.guid, index: 0 }] } : {}),
            rules,
            notifications: notificationDescriptors(),
          },
        },
        invocations: [
          {
            executionSuccessful: !notifications.some((one) => one.level === "error"),
            exitCode: exitCodeOf(report),
            exitCodeDescription: EXIT_CODES[verdictOf(report)],
            arguments: report.arguments.map(redact),
            startTimeUtc: time(report.startTime),
            endTimeUtc: time(report.startTime + report.duration),
            toolExecutionNotifications: notifications,
          },
        ],
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder the scan was started in." } } },
        columnKind: "utf16CodeUnits",
        artifacts: artifacts.list,
        ...(logicalLocations.length ? { logicalLocations } : {}),
        results,
        ...(taxonomy ? { taxonomies: [taxonomy] } : {}),
      },
    ],
  };
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
