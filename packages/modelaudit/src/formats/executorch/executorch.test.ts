import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const u64 = (value: number) => [...u32(value), ...u32(0)];

/** A table laid out by hand: vtable first, then the table with u32 (or u64) fields; references are filled in by `patch`. */
class Builder {
  bytes: number[] = [];
  at(): number {
    while (this.bytes.length % 8) this.bytes.push(0);
    return this.bytes.length;
  }
  table(slots: Record<number, "ref" | "u32" | "u64" | "u8">): { at: number; field: Record<number, number> } {
    const count = Math.max(...Object.keys(slots).map(Number)) + 1;
    const vtable = this.at();
    const offsets: number[] = Array(count).fill(0);
    let size = 8;
    for (const [slot, kind] of Object.entries(slots)) {
      offsets[Number(slot)] = size;
      size += kind === "u64" ? 8 : 8;
    }
    this.bytes.push(...u16(4 + 2 * count), ...u16(size), ...offsets.flatMap(u16));
    const at = this.at();
    this.bytes.push(...u32(at - vtable), ...Array(size - 4).fill(0));
    return { at, field: Object.fromEntries(Object.keys(slots).map((slot) => [slot, at + (offsets[Number(slot)] as number)])) };
  }
  set(at: number, bytes: number[]): void {
    bytes.forEach((byte, index) => {
      this.bytes[at + index] = byte;
    });
  }
  ref(field: number | undefined, target: number): void {
    this.set(field as number, u32(target - (field as number)));
  }
  text(value: string): number {
    const at = this.at();
    this.bytes.push(...u32(value.length), ...Buffer.from(value, "latin1"), 0);
    return at;
  }
  vector(count: number): { at: number; item: (index: number) => number } {
    const at = this.at();
    this.bytes.push(...u32(count), ...Array(4 * count).fill(0));
    return { at, item: (index) => at + 4 + 4 * index };
  }
}

/** A program with one operator, and one delegate whose data lies in a segment behind it. */
function program(data: Uint8Array, options: { id?: string; operator?: string; size?: number; tail?: Uint8Array } = {}): Uint8Array {
  const builder = new Builder();
  builder.bytes.push(...u32(0), ...Buffer.from("ET12"), ...Buffer.from("eh00"), ...u32(32), ...u64(0), ...u64(0), ...u64(0));
  const root = builder.table({ 1: "ref", 4: "ref" });
  builder.ref(0, root.at);
  const plans = builder.vector(1);
  builder.ref(root.field[1], plans.at);
  const plan = builder.table({ 0: "ref", 6: "ref", 7: "ref" });
  builder.ref(plans.item(0), plan.at);
  builder.ref(plan.field[0], builder.text("forward"));
  const operators = builder.vector(1);
  builder.ref(plan.field[6], operators.at);
  const operator = builder.table({ 0: "ref", 1: "ref" });
  builder.ref(operators.item(0), operator.at);
  builder.ref(operator.field[0], builder.text(options.operator ?? "aten::add"));
  builder.ref(operator.field[1], builder.text("out"));
  const delegates = builder.vector(1);
  builder.ref(plan.field[7], delegates.at);
  const delegate = builder.table({ 0: "ref", 1: "ref" });
  builder.ref(delegates.item(0), delegate.at);
  builder.ref(delegate.field[0], builder.text(options.id ?? "XnnpackBackend"));
  const processed = builder.table({ 0: "u8", 1: "u32" });
  builder.ref(delegate.field[1], processed.at);
  builder.set(processed.field[0] as number, [1]);
  const segments = builder.vector(1);
  builder.ref(root.field[4], segments.at);
  const segment = builder.table({ 0: "u64", 1: "u64" });
  builder.ref(segments.item(0), segment.at);
  builder.set(segment.field[1] as number, u64(options.size ?? data.length));
  const end = builder.at();
  const base = Math.ceil(end / 64) * 64;
  builder.set(16, [...u64(end), ...u64(base), ...u64(options.size ?? data.length)]);
  return bytesOf(Uint8Array.from(builder.bytes), new Uint8Array(base - end), data, options.tail ?? "");
}

const DATA = bytesOf("XH00", new Uint8Array(60));
/** A header of a 64-bit library with one program header. */
const ELF = bytesOf("\x7fELF\x02\x01\x01", new Uint8Array(9), "\x03\0\x3e\0\x01\0\0\0", new Uint8Array(28), "\x40\0\x38\0\x01\0", new Uint8Array(70));

test("an honest program is clean", async () => {
  const scanned = await scanBytes("a.pte", program(DATA));
  expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["executorch"]]);
  expect(scanned.records[0]?.metadata).toMatchObject({ methods: ["forward"], operators: 1, delegates: ["XnnpackBackend"] });
});

test.each([
  ["a segment beyond the file", program(DATA, { size: 100_000 }), "S902", "warning"],
  ["bytes behind the last segment", program(DATA, { tail: bytesOf("hidden") }), "S902", "warning"],
  ["a program as a delegate's data", program(ELF), "S1285", "warning"],
  ["a delegate nobody knows", program(DATA, { id: "Mine" }), "S1286", "info"],
  ["an operator nobody knows", program(DATA, { operator: "mine::run" }), "S1287", "info"],
])("%s is told", async (_, bytes, rule, worst) => {
  const scanned = await scanBytes("a.pte", bytes);
  expect(scanned.rules).toContain(rule);
  expect(scanned.worst).toBe(worst);
});

test("a reference out of the buffer is inconclusive", async () => {
  const bytes = Uint8Array.from(program(DATA));
  bytes.set([0xff, 0xff, 0, 0], 0);
  expect((await scanBytes("a.pte", bytes)).outcome).toBe("inconclusive");
});

test("tensor data without its header is inconclusive", async () => {
  expect((await scanBytes("a.ptd", bytesOf(...u32(8), "FT01", new Uint8Array(64)))).outcome).toBe("inconclusive");
});
