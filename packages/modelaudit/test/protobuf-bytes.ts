import { bytesOf } from "./scan-bytes.js";

/** A field's value: an integer, or text or bytes or an inner message (length-delimited). */
type Value = number | bigint | string | Uint8Array;

/** The bytes of a protobuf message, from field numbers and values in order. For building hostile input by hand, inert. */
export function protobuf(...fields: [number: number, value: Value][]): Uint8Array {
  return bytesOf(
    ...fields.flatMap(([number, value]) => {
      if (typeof value === "number" || typeof value === "bigint") return [varintBytes(number * 8), varintBytes(value)];
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return [varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes];
    }),
  );
}

export function varintBytes(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
