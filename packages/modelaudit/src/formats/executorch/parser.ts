import { Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { FlatBuffer, type Table, type Vector } from "../../io/flatbuffer.js";
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";

export interface Delegate {
  id: string;
  /** Where its compiled part lies; undefined when the reference leads nowhere. */
  data: Range | undefined;
}

export interface Program {
  version: number;
  plans: string[];
  /** `aten::add.out`, once each. */
  operators: Set<string>;
  delegates: Delegate[];
  segments: Range[];
  /** Where the FlatBuffer and where everything ends, as the file itself says. */
  programEnd: number;
  end: number;
  problems: string[];
}

/** Extended header at byte 8: `eh00`, u32 length, u64 size of the program, u64 where segments begin, from 32 bytes on u64 their size. */
interface ExtendedHeader {
  programSize: number;
  segmentBase: number;
  segmentBytes?: number;
}

const EXTENDED_MAGIC = 0x30306865;
const HEADER_START = 8;
/** Operators and delegates kept: programs have some hundred. */
const KEPT = 10_000;

/** Slots of the schema's tables, https://github.com/pytorch/executorch/blob/main/schema/program.fbs */
const PROGRAM = { version: 0, plans: 1, delegateData: 3, segments: 4 };
const PLAN = { name: 0, operators: 6, delegates: 7 };
const OPERATOR = { name: 0, overload: 1 };
const DELEGATE = { id: 0, processed: 1 };
const PROCESSED = { location: 0, index: 1 };
const SEGMENT = { offset: 0, size: 1 };
/** `DataLocation` of a delegate: in the buffer, or in a segment. */
const IN_SEGMENT = 1;

/** Reads a program's tables and where its data lies. Throws `Malformed` where references leave the buffer. */
export function* readProgram(reader: Reader): Work<Program> {
  const header = yield* extendedHeader(reader);
  const programEnd = Math.min(header?.programSize ?? reader.size, reader.size);
  const buffer = new FlatBuffer(reader, { end: programEnd });
  const root = yield* buffer.root();
  const program: Program = {
    version: yield* root.number(PROGRAM.version, "u32"),
    plans: [],
    operators: new Set(),
    delegates: [],
    segments: [],
    programEnd,
    end: header ? Math.max(programEnd, header.segmentBase + (header.segmentBytes ?? 0)) : reader.size,
    problems: [],
  };
  if (header && header.programSize > reader.size) program.problems.push(`the program claims ${header.programSize} bytes of ${reader.size}`);
  yield* readSegments(root, program, header?.segmentBase ?? 0, reader.size);
  // Where the bytes of delegates that are stored in the buffer itself lie.
  const inline = yield* root.map(PROGRAM.delegateData, (table) => table.vector(0));
  for (const plan of yield* root.tables(PROGRAM.plans)) yield* readPlan(plan, program, inline);
  return program;
}

function* extendedHeader(reader: Reader): Work<ExtendedHeader | undefined> {
  const cursor = new Cursor(yield* read(reader, HEADER_START, Math.min(32, reader.size - HEADER_START)), HEADER_START);
  if (cursor.left < 24 || cursor.u32() !== EXTENDED_MAGIC) return undefined;
  const length = cursor.u32();
  if (length < 24) throw new Malformed(HEADER_START + 4, "an extended header of at least 24 bytes", String(length));
  const header: ExtendedHeader = { programSize: cursor.count(), segmentBase: cursor.count() };
  if (length >= 32 && cursor.left >= 8) header.segmentBytes = cursor.count();
  return header;
}

function* readSegments(root: Table, program: Program, base: number, size: number): Work<void> {
  for (const [index, table] of (yield* root.tables(PROGRAM.segments)).entries()) {
    const start = base + (yield* table.number(SEGMENT.offset, "u64"));
    const end = start + (yield* table.number(SEGMENT.size, "u64"));
    if (base === 0 || start < program.programEnd) program.problems.push(`segment ${index} lies inside of the program`);
    else if (end > size) program.problems.push(`segment ${index} ends at byte ${end} of ${size}`);
    program.segments.push({ start, end });
    program.end = Math.max(program.end, Math.min(end, size));
  }
}

function* readPlan(plan: Table, program: Program, inline: readonly (Vector | undefined)[]): Work<void> {
  program.plans.push(yield* plan.text(PLAN.name));
  for (const operator of yield* plan.tables(PLAN.operators)) {
    if (program.operators.size >= KEPT) break;
    const overload = yield* operator.text(OPERATOR.overload);
    program.operators.add(`${yield* operator.text(OPERATOR.name)}${overload ? `.${overload}` : ""}`);
  }
  for (const delegate of yield* plan.tables(PLAN.delegates)) {
    if (program.delegates.length >= KEPT) break;
    const id = yield* delegate.text(DELEGATE.id);
    const processed = yield* delegate.table(DELEGATE.processed);
    if (!processed) continue;
    const index = yield* processed.number(PROCESSED.index, "u32");
    const inSegment = (yield* processed.number(PROCESSED.location, "i8")) === IN_SEGMENT;
    const data = inSegment ? program.segments[index] : inline[index];
    if (!data) program.problems.push(`the delegate ${id} refers to data ${index}, which is not there`);
    program.delegates.push({ id, data: data && { start: data.start, end: data.end } });
  }
}
