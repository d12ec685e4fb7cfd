import { Noted } from "../../io/noted.js";
import { isNumber, isTuple } from "../pickle/questions.js";
import type { Effect, Global, Stream, Value } from "../pickle/values.js";

/** What a pickle says of one tensor storage that lies outside of it. */
export interface StorageClaim {
  key: string;
  /** Bytes it should have; undefined when the type is packed or not known. */
  bytes: number | undefined;
  itemBytes: number | undefined;
  items: number;
  /** `cpu`, `cuda:0`; `meta` for a storage without bytes. */
  location: string;
}

/** Bytes per item, by the storage's class without `Storage`, or by the dtype that an untyped one is given with. */
const ITEM_BYTES: Readonly<Record<string, number>> = {
  Double: 8,
  Float: 4,
  Half: 2,
  BFloat16: 2,
  Long: 8,
  Int: 4,
  Short: 2,
  Char: 1,
  Byte: 1,
  Bool: 1,
  ComplexDouble: 16,
  ComplexFloat: 8,
  QInt8: 1,
  QUInt8: 1,
  QInt32: 4,
  Untyped: 1,
  float64: 8,
  double: 8,
  float32: 4,
  float: 4,
  float16: 2,
  half: 2,
  bfloat16: 2,
  int64: 8,
  long: 8,
  int32: 4,
  int: 4,
  int16: 2,
  short: 2,
  int8: 1,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  float8_e4m3fn: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
};

/** What a stream says of the storages outside of it. */
export interface Storages {
  /** Once per key. */
  claims: Map<string, StorageClaim>;
  /** The first tensor that would reach past its storage, in words. */
  outOfBounds?: { key: string; problem: string };
}

const KNOWN = new Noted<Storages>();

/** Every storage that the persistent ids `("storage", type, key, location, items)` of a stream name, and the tensors made of them. */
export function storagesOf(stream: Stream): Storages {
  const known = KNOWN.get(stream);
  if (known) return known;
  const storages: Storages = { claims: new Map() };
  const { claims } = storages;
  const byValue = new Map<Value, StorageClaim>();
  for (let index = 0; index < stream.effects.length; index++) {
    const effect = stream.effects[index] as Effect;
    if (effect.kind === "persistent") {
      const claim = readClaim(effect.value.id);
      if (!claim) continue;
      byValue.set(effect.value, claim);
      // The first use of a key decides, as in PyTorch; a later, larger one of the same key is what a crafted file does.
      if ((claims.get(claim.key)?.bytes ?? -1) < (claim.bytes ?? 0)) claims.set(claim.key, claim);
    } else if (effect.kind === "call" && !storages.outOfBounds) {
      const { callee, args } = effect.built;
      const claim = args && isRebuilder(callee) ? byValue.get(args[0] as Value) : undefined;
      const problem = claim && reachOf(args as Value[], claim);
      if (problem) storages.outOfBounds = { key: claim.key, problem };
    }
  }
  // Not before: a watchdog may end this loop, and another file may hold the same stream.
  KNOWN.set(stream, storages);
  return storages;
}

const REBUILDERS: ReadonlySet<string> = new Set(["_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"]);

function isRebuilder(callee: Value): boolean {
  return callee.kind === "global" && callee.module === "torch._utils" && REBUILDERS.has(callee.name);
}

/** How a tensor's place, size and step (arguments 1 to 3 of its rebuilder) go beyond the storage, or undefined when they do not. */
function reachOf(args: readonly Value[], claim: StorageClaim): string | undefined {
  const sides = args[2];
  const steps = args[3];
  if (isNegative(args[1]) || hasNegative(sides) || hasNegative(steps)) return "a tensor has a negative place, size or step";
  let last = numberOf(args[1]);
  if (last === undefined || !isTuple(sides) || !isTuple(steps) || sides.dropped || steps.dropped || sides.items.length !== steps.items.length)
    return undefined;
  for (let index = 0; index < sides.items.length; index++) {
    const side = numberOf(sides.items[index]);
    const step = numberOf(steps.items[index]);
    if (side === undefined || step === undefined || side === 0) return undefined;
    last += (side - 1) * step;
  }
  return last >= claim.items ? `a tensor reaches item ${last} of a storage with ${claim.items}` : undefined;
}

function readClaim(id: Value): StorageClaim | undefined {
  if (!isTuple(id) || textOf(id.items[0]) !== "storage") return undefined;
  const type = id.items[1];
  const name = textOf(id.items[2]);
  const count = numberOf(id.items[4]);
  if (name === undefined || count === undefined) return undefined;
  const itemBytes = type?.kind === "global" ? itemBytesOf(type) : undefined;
  return { key: name, items: count, itemBytes, bytes: itemBytes === undefined ? undefined : count * itemBytes, location: textOf(id.items[3]) ?? "" };
}

function itemBytesOf({ module, name }: Global): number | undefined {
  if (module !== "torch" && module !== "torch.cuda" && module !== "torch.storage") return undefined;
  return ITEM_BYTES[name.endsWith("Storage") ? name.slice(0, -"Storage".length) : name];
}

function textOf(value: Value | undefined): string | undefined {
  if (value?.kind !== "constant") return undefined;
  return typeof value.value === "string" ? value.value : typeof value.value === "number" ? String(value.value) : undefined;
}

function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind !== "constant") return undefined;
  const number = typeof value.value === "bigint" ? Number(value.value) : value.value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 ? number : undefined;
}

function hasNegative(value: Value | undefined): boolean {
  if (value?.kind !== "container") return false;
  for (let index = 0; index < value.items.length; index++) if (isNegative(value.items[index])) return true;
  return false;
}

function isNegative(value: Value | undefined): boolean {
  return isNumber(value) && value.value < 0;
}
