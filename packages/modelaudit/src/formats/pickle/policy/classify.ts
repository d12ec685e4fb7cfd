/** What the tables say of one name. No values, no arguments: those are judged in judge.ts. */
import { words } from "../../../detectors/names/words.js";
import { allowedUses, type Use } from "./allow.js";
import { deniedThirdParty, isActingMethod } from "./deny.js";
import { NameMemo } from "./name-memo.js";
import { canonical, dotted, type Name, packageOf, skeleton } from "./names.js";
import { type Capability, deniedStandardLibrary, isStandardLibrary } from "./stdlib.js";

export type Verdict =
  | { kind: "allowed"; module: string; name: string; uses: readonly Use[] }
  /** A method or constant of an allowed class: `RandomState.rand`. */
  | { kind: "method"; module: string; name: string }
  | { kind: "denied"; module: string; name: string; capability: Capability }
  /** Standard library, neither allowed nor known to be dangerous. */
  | { kind: "unvouched"; module: string; name: string }
  /** The name goes through something that gives access to everything: a dunder, a module inside a module. */
  | { kind: "obscured"; module: string; name: string; why: string }
  /** Not a name that Python source could spell, or one that looks like another. */
  | { kind: "misspelt"; module: string; name: string; why: string; resembles?: string }
  | { kind: "unknown"; module: string; name: string; package: string };

/** Modules that other modules have imported and that are a way out as the last part of a name: `collections._sys`. */
const REACHABLE_MODULES = words(
  "os sys subprocess builtins importlib shutil socket ctypes pickle marshal runpy pty posix nt io inspect gc types threading multiprocessing tempfile warnings functools operator itertools codecs imp pkgutil atexit signal weakref ast code platform urllib glob pathlib logging traceback contextlib",
);

const verdicts = new NameMemo<Verdict>();

/** Judges a reference by name alone. Pure; the same answer on every machine. */
export function classify(module: string, name: string): Verdict {
  let verdict = verdicts.get(module, name);
  if (!verdict) {
    verdict = decide(module, name);
    verdicts.set(module, name, verdict);
  }
  return verdict;
}

function decide(writtenModule: string, writtenName: string): Verdict {
  const misspelt = spelling(writtenModule, writtenName);
  if (misspelt) return misspelt;
  const at = canonical(writtenModule, writtenName);
  const { module, name } = at;

  const uses = allowedUses(module, name);
  if (uses) return { kind: "allowed", module, name, uses };

  const parts = name.split(".");
  const capability = deniedCapability(at);
  if (capability) return { kind: "denied", module, name, capability };

  const dunder = [...module.split("."), ...parts].find((part, index) => isDunder(part) && !(index === 0 && isMain(part)));
  if (dunder !== undefined) return { kind: "obscured", module, name, why: `${dunder} gives access to Python's internals` };
  const inner = parts.find((part, index) => isModuleName(part, index < parts.length - 1));
  if (inner !== undefined) {
    // `torch.serialization` + `os.system`: the real target is what the inner module says.
    const rest = parts.slice(parts.indexOf(inner)).join(".");
    return { kind: "obscured", module, name, why: `it reaches ${rest} through another module` };
  }
  if (parts.length > 1) {
    const owner = allowedUses(module, parts.slice(0, -1).join("."));
    if (isActingMethod(parts[parts.length - 1] ?? "")) return { kind: "denied", module, name, capability: "file" };
    if (owner) return { kind: "method", module, name };
  }
  const top = packageOf(module);
  if (module !== "" && isStandardLibrary(top)) {
    if (top === "builtins") return { kind: "denied", module, name, capability: "builtin" };
    return { kind: "unvouched", module, name };
  }
  return { kind: "unknown", module, name, package: top };
}

/**
 * Capability of the longest denied path that covers this name. Deny entries are dotted paths, so a name split elsewhere
 * between module and attribute is found all the same.
 */
export function deniedCapability(name: Name): Capability | undefined {
  const path = dotted(name);
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const prefix = path.slice(0, end);
    const found = deniedStandardLibrary(prefix) ?? deniedThirdParty(prefix);
    if (found) return found;
  }
  return undefined;
}

/** Letters, digits and underscores in parts between dots; `<locals>` and the like cannot be imported. */
const SPELLED = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

function spelling(module: string, name: string): Verdict | undefined {
  if (SPELLED.test(module) && SPELLED.test(name)) return undefined;
  const text = `${module}.${name}`;
  const looks = { module: skeleton(module).trim(), name: skeleton(name).trim() };
  if (looks.module !== module || looks.name !== name) {
    const known = SPELLED.test(looks.module) && SPELLED.test(looks.name) ? classify(looks.module, looks.name) : undefined;
    const resembles = known && known.kind !== "unknown" ? `${looks.module}.${looks.name}` : undefined;
    return {
      kind: "misspelt",
      module,
      name,
      why: /^[\x20-\x7e]*$/.test(text) ? "it has blanks around it" : "it has letters outside ASCII",
      ...(resembles ? { resembles } : {}),
    };
  }
  const why = /[^\x20-\x7e]/.test(text) ? "it has characters outside ASCII" : "Python source could not spell it";
  return { kind: "misspelt", module, name, why };
}

function isDunder(part: string): boolean {
  return part.length > 4 && part.startsWith("__") && part.endsWith("__");
}

function isMain(part: string): boolean {
  return part === "__main__" || part === "__torch__";
}

function isModuleName(part: string, inner: boolean): boolean {
  const bare = part.replace(/^_+/, "");
  if (REACHABLE_MODULES.has(bare)) return true;
  return inner && (isStandardLibrary(part) || isStandardLibrary(bare)) && /^[a-z_]/.test(part);
}
