/** The policy: every import, call, BUILD and item assignment is judged where it happens; nothing that comes later takes it back. */
import type { Severity } from "../../../findings/severity.js";
import type { Built, Effect, Global, Route, Stream, Value } from "../values.js";
import { helperOf } from "./by-value.js";
import { callRule, readsKeywords } from "./calls.js";
import { classify } from "./classify.js";
import { handOn } from "./hand-on.js";
import type { Judgement, LoadContext } from "./judgement.js";
import { NameMemo } from "./name-memo.js";
import { canonical } from "./names.js";
import { isStorageId } from "./persistent.js";
import { isRecorded } from "./reference.js";
import { codeCalled } from "./saved-code.js";
import { checkState } from "./states.js";
import { type Target, Targets } from "./target.js";
import { isBuilding, judgeUse, takesWrongItems } from "./use.js";
import { Noted } from "../../../io/noted.js";
import { argumentsOf, isText, isTuple, show, showArguments } from "../questions.js";

/** Findings kept of one stream. More say nothing new, and a hostile file could make millions. */
const MOST_JUDGEMENTS = 200;

const JUDGED = new Noted<{ load: LoadContext; judgements: readonly Judgement[] }>();

/** What the policy says of a stream. Streams of which many files hold the same are judged once. */
export function judgeStream(stream: Stream, load: LoadContext): readonly Judgement[] {
  const known = JUDGED.get(stream);
  if (known && known.load.loader === load.loader && known.load.trust === load.trust) return known.judgements;
  const judgements = judgeOnce(stream, load);
  JUDGED.set(stream, { load, judgements });
  return judgements;
}

function judgeOnce(stream: Stream, load: LoadContext): Judgement[] {
  const judge = new Judge(load);
  const { effects } = stream;
  for (let index = 0; index < effects.length; index++) judge.effect(effects[index] as Effect);
  if (stream.result) handOn(judge, stream.result, stream.end);
  return judge.finish();
}

interface Import {
  global: Global;
  used: boolean;
}

/** One stream's judgement in the making. */
export class Judge {
  readonly load: LoadContext;
  private readonly judgements: Judgement[] = [];
  private readonly said = new Set<string>();
  readonly targets = new Targets();
  /** The first import of each canonical name, and whether the name was used. */
  private readonly imports: Import[] = [];
  private readonly byName = new NameMemo<Import>(Number.POSITIVE_INFINITY);
  /** Containers whose values were looked at when they were handed on. */
  readonly walked = new Set<Value>();
  /** Imports that may be called with anything. */
  private readonly plain = new Map<Global, boolean>();
  /** Unknown packages of which the stream makes objects. */
  readonly builtOf = new Set<string>();
  /** References to names of unknown packages, judged when all objects are known. */
  readonly references: { package: string; found: Judgement; offset: number }[] = [];
  /** Classes of the file whose body has an `__init__`. */
  readonly starting = new Set<Value>();
  /** Calls inside the arguments of the call being judged. */
  depth = 0;

  constructor(load: LoadContext) {
    this.load = load;
  }

  say(rule: string, severity: Severity, offset: number, args: Judgement["args"], details?: Record<string, unknown>): void {
    const key = `${rule} ${severity} ${Object.values(args).join(" ")}`;
    if (this.said.has(key)) return;
    if (this.judgements.length >= MOST_JUDGEMENTS && severity !== "critical") return;
    if (this.judgements.length >= 2 * MOST_JUDGEMENTS) return;
    this.said.add(key);
    this.judgements.push({ rule, severity, offset, args, ...(details ? { details } : {}) });
  }

  effect(effect: Effect): void {
    const { offset } = effect;
    switch (effect.kind) {
      case "import":
        this.import(effect.global);
        break;
      case "call":
        this.call(effect.built);
        this.handOnAll(effect.built.args, offset);
        if (effect.built.argsValue) handOn(this, effect.built.argsValue, offset);
        if (effect.built.kwargs) handOn(this, effect.built.kwargs, offset);
        break;
      case "build":
        this.build(effect.target, effect.state, offset);
        handOn(this, effect.state, offset);
        break;
      case "mutate":
        this.mutate(effect.target, effect.opcode, effect.items, offset);
        this.handOnAll(effect.items, offset);
        break;
      case "persistent":
        this.persistent(effect.value.id, offset);
        break;
      case "extension":
        this.say("S211", "warning", offset, { code: effect.value.code });
        break;
      case "unresolved-import": {
        const how = `${show(effect.module, 2)} and ${show(effect.name, 2)} are no texts`;
        this.say("S1233", "critical", offset, { callable: "a name", how });
        break;
      }
      case "hash-bomb":
        this.say("S214", "warning", offset, { nodes: effect.nodes });
        break;
    }
  }

  private handOnAll(values: readonly Value[] | undefined, offset: number): void {
    for (let index = 0; values && index < values.length; index++) handOn(this, values[index] as Value, offset);
  }

  private import(global: Global): void {
    const { module, name } = canonical(global.module, global.name);
    if (!this.byName.get(module, name)) {
      const first = { global, used: false };
      this.byName.set(module, name, first);
      this.imports.push(first);
    }
    if (global.computed !== undefined) {
      this.say("S1233", "critical", global.offset, { callable: `${global.module}.${global.name}`, how: global.computed });
    }
  }

  /** Notes that a rule has judged this import, so that the bare reference is not reported. */
  noteUse(value: Value): void {
    if (value.kind === "global") this.markUsed(value.module, value.name);
  }

  markUsed(module: string, name: string): void {
    const at = canonical(module, name);
    const known = this.byName.get(at.module, at.name);
    if (known) known.used = true;
  }

  /** After the last effect: names that were imported and neither called nor built. */
  finish(): Judgement[] {
    for (const { global, used } of this.imports) {
      if (!used) judgeUse(this, { module: global.module, name: global.name, how: "referenced", offset: global.offset, args: undefined });
    }
    // Objects of a library hold its functions and classes: where the stream makes such an object, a name of the same package
    // beside it brings in nothing new. Of a library whose names were all recorded, a name outside the tables is strange.
    for (const { package: name, found, offset } of this.references) {
      const own = this.builtOf.has(name) && !isRecorded(name);
      this.say(found.rule, own ? "info" : found.severity, offset, found.args);
    }
    return this.judgements;
  }

  private call(built: Built): void {
    const { callee, route, offset } = built;
    // The common case, made hundreds of thousands of times by some files: an allowed name without a rule.
    if (callee.kind === "global" && built.args) {
      let plain = this.plain.get(callee);
      if (plain === undefined) {
        plain = this.isPlain(callee);
        this.plain.set(callee, plain);
        if (plain) this.markUsed(callee.module, callee.name);
      }
      if (plain) return;
    }
    const target = this.targets.resolve(built.callee);
    const own = argumentsOf(built);
    const args = own && [...this.targets.given(callee), ...own];
    if (built.argsValue && built.argsValue.kind !== "container" && route === "REDUCE") {
      // The Python unpickler takes any iterable: the arguments come out of a call.
      this.say("S1240", "warning", offset, { callable: show(built.callee), evidence: "", why: "its arguments are not a plain tuple" });
    }
    const kwargs = target.kind === "name" ? this.targets.keywords(callee) : undefined;
    if (target.kind === "name" && kwargs && !readsKeywords(canonical(target.module, target.name))) {
      this.say("S1240", "warning", offset, { callable: show(callee), evidence: "", why: "it gets keywords from a partial" });
    }
    if (this.called(target, args, route, offset, kwargs ? { ...built, kwargs } : built)) this.targets.reported.add(built);
  }

  /** Judges a call of `target`. True when it was reported as alarming, so that its result needs no more words. */
  called(target: Target, args: readonly Value[] | undefined, route: Route, offset: number, built?: Built): boolean {
    switch (target.kind) {
      case "reported":
        return true;
      case "code":
        return codeCalled(this, target.what, args ?? [], route, offset, built);
      case "instance":
        this.say("S1243", "critical", offset, { what: `an object it has built, ${show(target.of, 1)}` });
        return true;
      case "nothing":
        this.say("S1243", "critical", offset, { what: target.what });
        return true;
      case "new":
        return judgeUse(this, { module: target.module, name: target.name, how: "built", offset, args: args?.slice(1) });
      case "name": {
        const how = isBuilding(route, args, built) ? "built" : "called";
        return judgeUse(this, { module: target.module, name: target.name, how, route, offset, args, ...(built ? { built } : {}) });
      }
    }
  }

  private isPlain({ module, name }: Global): boolean {
    const at = canonical(module, name);
    const verdict = classify(module, name);
    return verdict.kind === "allowed" && verdict.uses.includes("called") && !callRule(at.module, at.name) && !helperOf(at.module, at.name);
  }

  private build(target: Value, state: Value, offset: number): void {
    if (target.kind === "constant" || target.kind === "container") return;
    const resolved = this.targets.resolve(target);
    if (resolved.kind === "name" && !(target.kind === "built" && this.targets.isPartial(target))) {
      this.say("S1239", "critical", offset, { callable: `${resolved.module}.${resolved.name}`, how: `BUILD sets ${show(state, 1)}` });
      return;
    }
    // What a reported call gave may be made worse by its state.
    if (target.kind !== "built") {
      if (resolved.kind === "reported") return;
      this.say("S1243", "critical", offset, { what: resolved.kind === "nothing" ? `the state setter of ${resolved.what}` : "a state setter" });
      return;
    }
    const cls = this.targets.classOf(target);
    const name = cls.kind === "name" ? canonical(cls.module, cls.name) : { module: "", name: "an object" };
    const why = checkState(this, name.module, name.name, state);
    if (why)
      this.say("S1241", why.severity ?? "critical", offset, { callable: name.module ? `${name.module}.${name.name}` : name.name, why: why.text });
  }

  private mutate(target: Value, opcode: string, items: readonly Value[], offset: number): void {
    if (this.targets.reported.has(target) || target.kind === "container" || target.kind === "constant") return;
    const resolved = this.targets.resolve(target);
    if (resolved.kind === "reported") return;
    if (resolved.kind === "name") {
      this.say("S1239", "critical", offset, { callable: `${resolved.module}.${resolved.name}`, how: `${opcode} ${showArguments(items)}` });
      return;
    }
    if (target.kind !== "built") {
      this.say("S1245", "critical", offset, { callable: show(target), opcode });
      return;
    }
    const cls = this.targets.classOf(target);
    if (cls.kind === "code") return;
    const at = cls.kind === "name" ? canonical(cls.module, cls.name) : undefined;
    if (at && takesWrongItems(this, at, items, offset)) return;
    const verdict = cls.kind === "name" ? classify(cls.module, cls.name) : undefined;
    const callable = cls.kind === "name" ? `${cls.module}.${cls.name}` : "an object";
    if (verdict?.kind === "allowed") {
      // Tensors, arrays and what functions return take no items while loading (CVE-2026-24747 wrote through a tensor).
      const holdsMemory = /^(?:torch|numpy)(?:\.|$)/.test(verdict.module) && !/(?:Dict|List|Set|Metadata|Args|Config)$/.test(verdict.name);
      if (!holdsMemory && /^(?:[A-Z]|deque|defaultdict|list|dict|set|bytearray|array|Counter)/.test(verdict.name.replace(/^_+/, ""))) return;
      this.say("S1245", "critical", offset, { callable, opcode });
    } else if (verdict?.kind !== "unknown") this.say("S1245", "critical", offset, { callable, opcode });
  }

  private persistent(id: Value, offset: number): void {
    if (isStorageId(this, id)) return;
    const [kind, , call, args] = isTuple(id) ? id.items : [];
    // torch.package: ("reduce_package", id, function, arguments) is a call by other means.
    if (isText(kind) && kind.value === "reduce_package" && call) {
      this.called(this.targets.resolve(call), isTuple(args) ? args.items : undefined, "REDUCE", offset);
      return;
    }
    this.say("S212", "warning", offset, { id: show(id, 2) });
  }
}
