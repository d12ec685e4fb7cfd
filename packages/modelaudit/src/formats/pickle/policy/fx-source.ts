/**
 * A pickled `torch.fx.GraphModule` carries the Python source of its `forward` and the imports that go before it; both are
 * compiled and run while loading. The generator writes a narrow language: assignments of calls to `self`'s modules, to torch's
 * functions and to methods of tensors. The text is read token by token, and what is outside of that language is a problem.
 */
import { words } from "../../../detectors/names/words.js";
import { classify } from "./classify.js";
import { isActingMethod } from "./deny.js";

/** What may stand before a text. Any other name there would be its prefix, and an f-string holds code. */
const BEFORE_TEXT = words("return in not and or is if else elif");

/** Modules whose functions graphs call, below `torch`: `torch.permute`, `torch.nn.functional.relu`, `torch.ops.aten.add`. */
const FUNCTION_HOMES =
  /^torch\.(?:(?:nn\.functional|functional|linalg|special|fft|sparse|signal|nested|nn\.init|_C\._nn|_C\._fft|_C\._linalg|_C\._special|_C\._VariableFunctions|random|Tensor)\.)?\w+$/;
const OPERATORS = /^torch\.ops\.(?:aten|prims|higher_order|quantized|quantized_decomposed|_quantized|torchvision)(?:\.\w+){1,2}$/;
/** Written before the function for each function that was not to be traced into; it only notes the name. */
const WRAP = "torch.fx._symbolic_trace.wrap";
const PYTREE = /^(?:fx_pytree|pytree)\.(?:tree_flatten_spec|tree_flatten|tree_unflatten|tree_leaves|tree_map)$/;

/** Built-in functions that generated code calls. getattr has a rule of its own. */
const BUILTINS = words("getattr len slice device int float bool str list tuple dict set range max min sum abs round type isinstance inf nan");
/** Words that generated code does not have, outside of attribute names. */
const FOREIGN = words(
  "import exec eval compile open globals locals vars setattr delattr breakpoint exit quit help memoryview lambda class with try except raise async await while yield global nonlocal super staticmethod classmethod property",
);
/** Packages whose untraced functions appear in graphs. */
const KNOWN_PACKAGES = words("torch torchvision transformers timm torchaudio math operator builtins typing collections numpy");

/** Allowed functions that are harmless with the right arguments alone: what generated source gives them is not known. */
const NEEDS_JUDGEMENT =
  /^(?:builtins\.(?:getattr|type)|functools\.reduce)$|^(?:copyreg|_?codecs)\.|\._ufunc_reconstruct$|\._load_from_bytes$|\.reduce_graph_module$|\._rebuild_from_type/;

/** What is wrong with the source of a GraphModule, or undefined. */
export function sourceProblem(imports: string, source: string): string | undefined {
  const names = new Set<string>();
  const modules = new Set(["torch"]);
  const problem = importsProblem(imports, names, modules);
  if (problem) return problem;
  if (/"""|'''/.test(source)) return "its source has a long string";
  // Python ends lines at a lone carriage return as well.
  const tokens = tokenize(source.replace(/\r\n?/g, "\n"));
  return tokens ? bodyProblem(tokens, names, modules) : "its source has characters that Python has not";
}

/** `import torch`, `import torch.fx._pytree as fx_pytree`, `from math import inf`, and one line that defines NoneType. */
function importsProblem(imports: string, names: Set<string>, modules: Set<string>): string | undefined {
  for (const written of imports.split("\n")) {
    const line = written.trim();
    if (line === "" || line === "NoneType = type(None)") continue;
    const whole = /^import ([\w.]+)(?: as (\w+))?$/.exec(line);
    const part = /^from ([\w.]+) import (\w+)(?: as (\w+))?$/.exec(line);
    if (whole) {
      const [, module = "", alias] = whole;
      if (!/^(?:torch|math|operator|torch\.fx\._pytree|torch\.utils\._pytree)$/.test(module)) return `it imports ${module}`;
      modules.add(alias ?? module);
    } else if (part) {
      const [, module = "", name = "", alias] = part;
      const verdict = classify(module, name);
      // Under its own name getattr is read with its arguments.
      const own = module === "builtins" && (alias ?? name) === name;
      const fine =
        (verdict.kind === "allowed" && (own || !NEEDS_JUDGEMENT.test(`${verdict.module}.${verdict.name}`))) ||
        (verdict.kind === "unknown" && KNOWN_PACKAGES.has(verdict.package));
      if (!fine) return `it imports ${module}.${name}`;
      names.add(alias ?? name);
    } else return `its import block has the line ${JSON.stringify(line.slice(0, 80))}`;
  }
  return undefined;
}

function tokenize(source: string): string[] | undefined {
  const tokens: string[] = [];
  // Numbers end where Python ends them: `1..__class__` is one with an attribute. Outside of texts and comments all is ASCII.
  const token =
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[A-Za-z_]\w*|0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?[jJ]?|\s+|[!$%&(-/:-@[-^`{-~]/gy;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match) return undefined;
    if (!/^[\s#]/.test(match[0])) tokens.push(match[0]);
  }
  return tokens;
}

function bodyProblem(tokens: readonly string[], names: ReadonlySet<string>, modules: ReadonlySet<string>): string | undefined {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as string;
    if (/^["']/.test(token)) {
      if (/^.__|__.$|\\/.test(token)) return `its source has the text ${token.slice(0, 60)}`;
      continue;
    }
    if (!/^[A-Za-z_]/.test(token)) continue;
    if (/^["']/.test(tokens[at + 1] ?? "") && !BEFORE_TEXT.has(token)) return `its source has a text with the prefix ${token}`;
    if (/^__/.test(token)) return `its source uses ${token}`;
    const attribute = tokens[at - 1] === ".";
    if (attribute) {
      // An attribute of a call's result or of an item; those of names are read with the name.
      if (tokens[at + 1] === "(" && isActingMethod(token)) return `its source calls .${token}()`;
      continue;
    }
    if (FOREIGN.has(token) && tokens[at + 1] !== "=") return `its source says ${token}`;
    const path = [token];
    let end = at + 1;
    while (tokens[end] === "." && /^[A-Za-z_]/.test(tokens[end + 1] ?? "")) {
      path.push(tokens[end + 1] as string);
      end += 2;
    }
    if (path.some((part) => part.startsWith("__"))) return `its source uses ${path.join(".")}`;
    const called = tokens[end] === "(";
    const problem =
      pathProblem(path, called, tokens[at - 1] === "def" || tokens[end] === "=", names, modules) ??
      (token === "getattr" ? getattrProblem(tokens, at) : undefined);
    if (problem) return problem;
    at = end - 1;
  }
  return undefined;
}

function pathProblem(
  path: readonly string[],
  called: boolean,
  defined: boolean,
  names: ReadonlySet<string>,
  modules: ReadonlySet<string>,
): string | undefined {
  const [root = ""] = path;
  const whole = path.join(".");
  if (modules.has(root)) {
    if (path.length === 1) return defined ? undefined : `its source hands on the module ${root}`;
    if (root !== "torch") return PYTREE.test(whole) || /^(?:math|operator)\.\w+$/.test(whole) ? deniedProblem(whole) : `its source uses ${whole}`;
    if (whole === WRAP || OPERATORS.test(whole)) return undefined;
    const verdict = classify("torch", whole.slice(6));
    if (verdict.kind === "allowed") return undefined;
    return called && FUNCTION_HOMES.test(whole) ? deniedProblem(whole) : `its source uses ${whole}`;
  }
  const last = path[path.length - 1] as string;
  if (called && path.length > 1 && root !== "self" && isActingMethod(last)) return `its source calls ${whole}()`;
  // Modules are called through self; a bare name that is called is a built-in or an import.
  if (
    called &&
    path.length === 1 &&
    !defined &&
    !BUILTINS.has(root) &&
    !names.has(root) &&
    !/^(?:if|in|and|or|not|return|is|else|del|for)$/.test(root)
  )
    return `its source calls ${root}()`;
  return undefined;
}

function deniedProblem(path: string): string | undefined {
  const dot = path.indexOf(".");
  const verdict = classify(path.slice(0, dot), path.slice(dot + 1));
  return verdict.kind === "denied" || verdict.kind === "obscured" ? `its source calls ${path}()` : undefined;
}

/** `getattr(getattr(self.stem, "0"), "1")`: the name is a literal. */
function getattrProblem(tokens: readonly string[], at: number): string | undefined {
  if (tokens[at + 1] !== "(") return "its source hands on getattr";
  let depth = 0;
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index] as string;
    if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token)) depth--;
    if (depth === 0) return "its source calls getattr without a name";
    if (depth === 1 && token === ",") {
      const name = tokens[index + 1] ?? "";
      return /^["'][\w.]+["']$/.test(name) && tokens[index + 2] === ")" ? undefined : "its source computes the name of an attribute";
    }
  }
  return "its source calls getattr without a name";
}
