import type { Limits } from "../engine/budget.js";
import type { Policy } from "../engine/context.js";
import type { ScanSetup } from "../engine/scan.js";
import { nodeSetup } from "./platform.js";

/** What a lane needs to know; plain data, so that it crosses to a worker. */
export interface LaneOptions {
  policy: Policy;
  limits: Limits;
  /** Ids of the scanners that may run; null for all. */
  only: string[] | null;
  /** File URLs of modules that export `formats: Format[]`, loaded beside our own. */
  plugins: string[];
  /** Keep a record of every part, for listings. */
  keepAll?: boolean;
}

/** The scan setup for these options, with the plugins loaded. */
export async function laneSetup(options: LaneOptions, limits: Limits = options.limits): Promise<ScanSetup> {
  const own = nodeSetup({ policy: options.policy, limits, ...(options.only ? { only: new Set(options.only) } : {}) });
  const setup: ScanSetup = { ...own, keepAll: options.keepAll ?? false };
  if (!options.plugins.length) return setup;
  const { loadPlugins } = await import("./load-plugins.js");
  const extra = await loadPlugins(options.plugins);
  const names = new Set(extra.map((format) => format.id));
  return { ...setup, formats: [...extra, ...setup.formats], selected: (format) => names.has(format.id) || setup.selected(format) };
}
