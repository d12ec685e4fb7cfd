/** What allowed callables may be called with: the allow table says that honest files use a name, the rules what makes it harmless. */
import type { CallRule } from "./call-rule.js";
import { firstIsClass, LIBRARIES, newObject, onlyData, reconstruct, symbolicRule } from "./calls-libraries.js";
import type { Name } from "./names.js";
import { PYTHON, reconstructor } from "./calls-python.js";
import { sizes } from "./sizes.js";

let rules: Map<string, CallRule> | undefined;

/** The rule on a callable's arguments, or undefined when any are fine. */
export function callRule(module: string, name: string): CallRule | undefined {
  rules ??= new Map([...PYTHON, ...LIBRARIES].flatMap(([rule, names]) => names.split(/\s+/).map((path) => [path, rule] as const)));
  const rule = rules.get(`${module}.${name}`);
  if (rule) return rule;
  // Cython's `__pyx_unpickle_Name(class, checksum, state)`: `Name.__new__(class)`, then the state tuple.
  if (name.startsWith("__pyx_unpickle_")) return firstIsClass;
  return /^torch(?:\.|$)/.test(module) && /(?:Storage|Tensor)$/.test(name) ? sizes : symbolicRule(module, name);
}

/** True where keywords are judged too, or any are fine. */
export function readsKeywords({ module, name }: Name): boolean {
  const rule = callRule(module, name);
  return rule === undefined || rule === onlyData || rule === symbolicRule(module, name);
}

/** True for functions that make an object of the class they are given first. */
export function makesFirst(module: string, name: string): boolean {
  const rule = callRule(module, name);
  return rule === firstIsClass || rule === newObject || rule === reconstruct || rule === reconstructor;
}
