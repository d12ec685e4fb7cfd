import type { Confidence, Glimpse } from "../../engine/format.js";
import { walk, type Walk } from "./walker.js";

/** Streams walked over in one glimpse: thousands of tiny ones fit in 4 KiB. */
const MOST_STREAMS = 2048;
/** A stream without header and import is believed when this many opcodes fit together. */
const ENOUGH_OPCODES = 4;
/**
 * How sure the first bytes are a pickle. With the header of protocol 2 or later the following opcodes must be valid. Text
 * protocols have no header: there a stream must reach its STOP, or an import that is followed by a call.
 */
export function recognize({ head, size, extension, hints }: Glimpse, extensions: readonly string[]): Confidence | undefined {
  if (head.length < 2) return undefined;
  const usual = extensions.includes(extension);
  let at = 0;
  let opcodes = 0;
  let first: Walk | undefined;
  for (let count = 0; count < MOST_STREAMS && at < head.length; count++) {
    const seen = walk(head, at, head.length, size);
    first ??= seen;
    opcodes += seen.opcodes;
    if (seen.imports && (seen.calls || seen.end === "stop")) return "certain";
    if (seen.end !== "stop") break;
    at = seen.at;
  }
  if (!first?.imports && isBehindText(head, size, usual)) return "likely";
  if (!first || first.opcodes === 0) return undefined;
  const header = head[0] === 0x80 && first.protocol >= 2;
  const looseHeader = head[0] === 0x80 && (head[1] as number) <= 5;
  if (header && first.end !== "broken" && first.opcodes >= 2) return "certain";
  if (first.end === "stop" && first.opcodes >= 2) {
    if (looseHeader) return "certain";
    if (onlyBlanks(head, at) && (usual || opcodes >= ENOUGH_OPCODES)) return "likely";
  }
  if (first.end === "cut" && first.imports && usual) return "likely";
  if (looseHeader && (usual || first.opcodes >= ENOUGH_OPCODES)) return "likely";
  return hints["loader"] !== undefined && first.opcodes >= 2 ? "possible" : undefined;
}

/** A stream right behind text (a config, a script). One that is text itself counts only in a file named as a pickle: pages tell of pickles, too. */
function isBehindText(head: Uint8Array, size: number, usual: boolean): boolean {
  const binary = head.findIndex((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13);
  if (binary < 0 && !usual) return false;
  for (let at = 1; at < (binary < 0 ? head.length : binary); at++) {
    // A header, an import, a mark before one.
    if (head[at] !== 0x80 && head[at] !== 0x63 && head[at] !== 0x28) continue;
    const seen = walk(head, at, head.length, size);
    if (seen.imports && (seen.calls || seen.end === "stop")) return true;
  }
  return false;
}

function onlyBlanks(head: Uint8Array, from: number): boolean {
  for (let at = from; at < head.length; at++) if ((head[at] as number) > 0x20) return false;
  return true;
}

/** True when the first bytes are a stream as far as they go, but say too little: a long text or number may fill them. */
export function goesOn({ head, size }: Glimpse): boolean {
  return size > head.length && walk(head, 0, head.length, size).end === "cut";
}
