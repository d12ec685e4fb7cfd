/** Rules on calls of the standard library. Each was written after reading what the function does with its arguments. */
import type { Value } from "../values.js";
import { builds, type CallRule, callable, isEncoded, isName, OK, type RuleTable, wrong } from "./call-rule.js";
import { classify } from "./classify.js";
import { canonical } from "./names.js";
import { hasPlainMetaclass } from "./saved-code.js";
import { bytesLike, collects, TEXT_CODECS } from "./sizes.js";
import { judgeUse } from "./use.js";
import { entry, isConstant, isNone, isNumber, isText, show } from "../questions.js";

/** A regular expression in a pickled `re.compile` is stored as text; tokenizers have some of a few kilobytes. */
const LONGEST_PATTERN = 64 * 1024;

/** `_codecs.encode(text, "latin1")`: how protocols below 3 write bytes. */
const encode: CallRule = ({ args, known }) => {
  const [text, codec] = args;
  if (!known || args.length > 2) return wrong("writers give it a text and a codec");
  if (!(text?.kind === "constant" && typeof text.value === "string")) return wrong("it encodes no literal text");
  if (codec !== undefined && !(isText(codec) && TEXT_CODECS.test(codec.value))) return wrong("the codec computes instead of encoding", "critical");
  return OK;
};

/** getattr(class, "name"): judged as the dotted name. Writers of protocols below 4 store inner classes and methods so. */
const getattr: CallRule = (call) => {
  const [owner, name, ...rest] = call.args;
  if (!call.known || !owner || !isText(name)) return wrong("the attribute is not named in the file", "critical");
  const target = call.built ? call.judge.targets.resolve(call.built) : ({ kind: "nothing", what: "" } as const);
  if (target.kind === "name" && target.module === "builtins" && target.name === "setattr" && name.value === "_setattr") {
    // dill's own: what it sets, and on what, is judged where it is called.
    for (const used of call.args) call.judge.noteUse(used);
    return OK;
  }
  if (rest.length) return wrong("writers give no default");
  if (target.kind === "name") {
    judgeUse(call.judge, { module: target.module, name: target.name, how: "referenced", offset: call.offset, args: undefined });
    return OK;
  }
  if (target.kind === "new") {
    call.judge.called(target, undefined, call.route, call.offset);
    return OK;
  }
  if (/^__.*__$/.test(name.value)) return wrong(`${name.value} gives access to Python's internals`, "critical");
  // An attribute of something unknown: a field of an object that the stream built.
  return target.kind === "reported" || target.kind === "code" ? OK : wrong(`it takes ${name.value} of ${show(owner, 1)}`);
};

/** `base.__new__(cls, state)`, then `base.__init__(state)` where it has one, which is as good as a call of the base. */
export const reconstructor: CallRule = (call) => {
  const [cls, base, ...state] = call.args;
  const target = base ? call.judge.targets.resolve(base) : undefined;
  if (target?.kind === "name") {
    // Writers name the first base that is written in C: a built-in type, or one that may be called as well.
    const verdict = classify(target.module, target.name);
    const calls = verdict.kind === "allowed" && verdict.uses.includes("called");
    const plain = verdict.module === "builtins" && verdict.name === "object";
    if (!calls && !plain) return wrong(`the base class is ${target.module}.${target.name}`, "critical");
    if (calls) judgeUse(call.judge, { module: target.module, name: target.name, how: "called", offset: call.offset, args: state });
  } else if (target?.kind !== "reported") return wrong("the base class is not named in the file", "critical");
  return builds(call, cls);
};

/** re._compile(pattern, flags). Protocols below 3 write a pattern of bytes through `_codecs.encode`. */
const pattern: CallRule = (call) => {
  const [text, flags] = call.args;
  const encoded = isEncoded(call, text) ? text.args?.[0] : text;
  const length = literalLength(encoded);
  if (length === undefined) return wrong("the pattern is no literal");
  if (length > LONGEST_PATTERN) return [{ kind: "allocation", amount: `the compilation of a pattern of ${length} characters` }];
  return flags === undefined || isNumber(flags) || flags.kind === "built" ? OK : wrong("the flags are no number");
};

function literalLength(value: Value | undefined): number | undefined {
  if (value?.kind !== "constant" || !(typeof value.value === "string" || value.value instanceof Uint8Array)) return undefined;
  return value.cut?.length ?? value.value.length;
}

const plainConstants: CallRule = ({ args, known }) => {
  if (!known || !args.every((value) => isConstant(value) || value.kind === "container")) return wrong("its arguments are not plain values");
  return OK;
};

/** Time zone names are looked up as paths below the zone database; behind a leading slash or colon stands any path. */
const zoneName: CallRule = ({ args }) => {
  const [name] = args;
  if (name === undefined || isNone(name)) return OK;
  return isText(name) && /^[A-Za-z0-9_+-][A-Za-z0-9_+:/-]{0,63}$/.test(name.value) ? OK : wrong("the zone is not a plain zone name");
};

/** tzfile(None, name): with a first argument it would open that file. */
const zoneFile: CallRule = ({ args }) => (isNone(args[0]) ? OK : wrong("it reads a file", "critical"));

/** type(x): the class of a value. With three arguments it makes a class. */
const type: CallRule = ({ args, known }) => (known && args.length === 1 ? OK : wrong("it makes a new class", "critical"));

/** functools.reduce(operator.or_, (int, str)) and operator.getitem(typing.Union, ...) spell type annotations. */
const reduce: CallRule = (call) => {
  const [fold] = call.args;
  return fold && isName(call, fold, "operator", "or_") ? OK : wrong(`it calls ${fold ? show(fold) : "nothing"} over its items`, "critical");
};

const typing: CallRule = (call) => {
  const [owner] = call.args;
  const target = owner ? call.judge.targets.resolve(owner) : undefined;
  if (target?.kind === "name") {
    const at = canonical(target.module, target.name);
    if (/^(?:typing|typing_extensions|collections\.abc)$/.test(at.module) || at.module === "builtins") return OK;
  }
  if (owner && hasPlainMetaclass(call.judge, owner)) return OK;
  // `Union[int, str]` inside of another; of other objects, the item could be the result of a call (`defaultdict`).
  const cls = target?.kind === "instance" && target.of.kind === "built" ? call.judge.targets.classOf(target.of) : undefined;
  return cls?.kind === "name" && /^(?:_?operator|_?functools|types|typing\w*)$/.test(cls.module)
    ? OK
    : wrong("it takes an item of something that is no type annotation", "critical");
};

const partial: CallRule = (call) => callable(call, call.args[0], false);

/** map(f, x), filter(f, x): f runs when the result is consumed. */
const runsOverItems: CallRule = (call) => callable(call, call.args[0], true);

/** accumulate(x, func=f), groupby(x, key=f). */
const runsSecond: CallRule = (call) => callable(call, call.args[1] ?? entry(call.kwargs, "func") ?? entry(call.kwargs, "key"), true);

/** iter(f, sentinel) calls f. */
const iterate: CallRule = (call) => (call.args.length > 1 ? callable(call, call.args[0], true) : OK);

const keepsFactory: CallRule = (call) => {
  const [factory, ...rest] = call.args;
  return [...callable(call, factory, false), ...(rest.length ? collects({ ...call, args: rest }) : OK)];
};

/** Fraction("1/3"). An exponent would be multiplied out: `1e999999999`. */
const fraction: CallRule = ({ args }) =>
  args.every((part) => isNumber(part) || (isText(part) && /^[-+]?\d{1,4000}(?:\/\d{1,4000})?$/.test(part.value))) ? OK : wrong("it is no fraction");

/** int(Decimal("1e999999999")) would multiply that out. */
const whole: CallRule = ({ args }) => (args[0]?.kind === "built" ? wrong("it turns an object into a number") : OK);

export const PYTHON: RuleTable = [
  [bytesLike, "builtins.bytes builtins.bytearray"],
  [
    collects,
    "builtins.str builtins.list builtins.tuple builtins.set builtins.frozenset builtins.dict collections.OrderedDict collections.Counter collections.deque collections.UserList torch.Size",
  ],
  [whole, "builtins.int"],
  [getattr, "builtins.getattr"],
  [type, "builtins.type"],
  [() => wrong("no writer prints"), "builtins.print"],
  [runsOverItems, "builtins.map builtins.filter itertools.starmap itertools.filterfalse itertools.takewhile itertools.dropwhile"],
  [runsSecond, "itertools.accumulate itertools.groupby"],
  [iterate, "builtins.iter"],
  [keepsFactory, "collections.defaultdict"],
  [(call) => (isText(call.args[0]) ? collects({ ...call, args: call.args.slice(1) }) : wrong("the type code is no text")), "array.array"],
  [reconstructor, "copyreg._reconstructor"],
  [encode, "_codecs.encode codecs.encode"],
  [fraction, "fractions.Fraction"],
  [partial, "functools.partial"],
  [reduce, "functools.reduce"],
  [typing, "operator.getitem"],
  [({ args }) => (args.every((value) => value.kind !== "constant") ? OK : wrong("it computes")), "operator.or_"],
  [({ args }) => (args.every((value) => isConstant(value) || value.kind === "built") ? OK : wrong("it takes no plain keys")), "operator.itemgetter"],
  [pattern, "re._compile re.compile"],
  [
    plainConstants,
    "logging.getLogger uuid.UUID pathlib.Path pathlib.PosixPath pathlib.WindowsPath pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath",
  ],
  [
    zoneName,
    "zoneinfo.ZoneInfo zoneinfo.ZoneInfo._unpickle zoneinfo.ZoneInfo.no_cache pytz._p pytz.timezone pytz.tzinfo.unpickler dateutil.tz.tz.gettz dateutil.tz.gettz dateutil.zoneinfo.gettz pendulum.tz.timezone.Timezone pendulum.tz.timezone.Timezone._unpickle",
  ],
  [zoneFile, "dateutil.tz.tz.tzfile dateutil.tz.tzfile dateutil.zoneinfo.tzfile"],
  [
    (call) => (isName(call, call.args[0], "dateutil.tz._tzfile", "tzfile") ? OK : wrong("its class is not tzfile", "critical")),
    "dateutil.tz._tzfile._unpickle",
  ],
];
