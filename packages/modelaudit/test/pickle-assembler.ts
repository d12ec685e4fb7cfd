import { OPCODES, type Opcode } from "../src/formats/pickle/opcodes.js";
import { bytesOf } from "./scan-bytes.js";

type Operation = readonly [name: string, ...operands: (string | number | bigint | Uint8Array)[]];

/**
 * An opcode by name, with its operands; or several in one text, `"PROTO 4; GLOBAL posix system; STOP"`. Bytes, or {@link raw},
 * stand for what no writer makes.
 */
export type Instruction = string | Operation | Uint8Array;

const BY_NAME = new Map(OPCODES.flatMap((opcode) => (opcode ? [[opcode.name, opcode] as const] : [])));

/** The bytes of a pickle, instruction by instruction: `assemble(["PROTO", 2], "NONE", "STOP")`. For hostile input, inert. */
export function assemble(...instructions: Instruction[]): Uint8Array {
  const single = instructions.flatMap<Operation | Uint8Array>((one) =>
    typeof one === "string" ? one.split("; ").map((part) => part.split(" ") as [string, ...string[]]) : [one],
  );
  return bytesOf(
    ...single.map((instruction) => {
      if (instruction instanceof Uint8Array) return instruction;
      const [name, ...operands] = instruction;
      const opcode = BY_NAME.get(name);
      if (!opcode) throw new Error(`no opcode ${name}`);
      return bytesOf(opcode.code, operand(opcode, operands));
    }),
  );
}

/** Bytes as they are, for a broken operand or junk. */
export function raw(...parts: (string | number | Uint8Array)[]): Uint8Array {
  return bytesOf(...parts);
}

/** Instructions that call `module.name` with one text. */
export function callOf(module: string, name: string, argument: string): Instruction[] {
  return [["GLOBAL", module, name], "MARK", ["BINUNICODE", argument], "TUPLE", "REDUCE"];
}

/** The text that the usual payload gives to a shell, and the function it calls. */
export const TEXT: Instruction = ["BINUNICODE", "echo hi"];
export const SYSTEM: Instruction = ["GLOBAL", "posix", "system"];

/** The usual payload, made harmless: `posix.system("echo hi")`. */
export const CALL: Instruction[] = callOf("posix", "system", "echo hi");

/** A whole stream with {@link CALL}. */
export const HOSTILE: Uint8Array = assemble(["PROTO", 4], ...CALL, "STOP");

export function littleEndian(value: number | bigint | string, width: number): Uint8Array {
  const bits = BigInt.asUintN(width * 8, BigInt(value));
  return Uint8Array.from({ length: width }, (_, index) => Number((bits >> BigInt(index * 8)) & 0xffn));
}

function operand({ name, argument }: Opcode, operands: readonly (string | number | bigint | Uint8Array)[]): Uint8Array {
  const [value] = operands;
  if (argument === "none") return new Uint8Array(0);
  if (argument.startsWith("line")) {
    const lines = operands.map((line) => (name === "STRING" ? `'${line}'` : String(line)));
    return bytesOf(new TextEncoder().encode(`${lines.join("\n")}\n`));
  }
  if (argument === "float") {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Number(value));
    return new Uint8Array(view.buffer);
  }
  const width = /^[ui]\d+$/.test(argument) ? Number(argument.slice(1)) / 8 : argument === "i32text" ? 4 : Number(/\d+/.exec(argument)?.[0]);
  if (/^[ui]\d+$/.test(argument)) return littleEndian(value as number, width);
  const content = typeof value === "string" ? new TextEncoder().encode(value) : (value as Uint8Array);
  return bytesOf(littleEndian(content.length, width), content);
}
