import { words } from "../../detectors/names/words.js";
import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { PAYLOAD_START_BYTES, mayBePayload } from "../../detectors/payload-start/payload-start.js";
import { firstNonzero } from "../../detectors/trailing/first-nonzero.js";
import { probeBytes } from "../../detectors/trailing/scan-behind.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, read, readUpTo } from "../../engine/work.js";
import { FlatBuffer } from "../../io/flatbuffer.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { type Delegate, type Program, readProgram } from "./parser.js";

const DELEGATES = words(
  "XnnpackBackend CoreMLBackend MPSBackend VulkanBackend QnnBackend EthosUBackend ArmBackend TOSABackend VgfBackend NeuropilotBackend MediaTekBackend CadenceBackend OpenvinoBackend CudaBackend AotiBackend MetalBackend EnnBackend NeutronBackend NeuronBackend",
);
const NAMESPACES = words(
  "aten dim_order_ops quantized_decomposed cadence executorch_prim et_vk torchao llama quantized qaisw arm coreml xnnpack mps prims _test higher_order custom sdpa cortex_m auto_functionalized",
);
/** Findings of one kind in one program. */
const KEPT = 20;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }) {
    const identifier = String.fromCharCode(...(yield* read(reader, 4, 4)));
    yield { kind: "metadata", key: "identifier", value: identifier };
    if (identifier.startsWith("BP")) return yield* scanBundle(reader);
    if (identifier.startsWith("FT")) return yield* scanTensors(reader);
    const program = yield* readProgram(reader);
    yield { kind: "metadata", key: "version", value: program.version };
    yield { kind: "metadata", key: "methods", value: program.plans };
    yield { kind: "metadata", key: "operators", value: program.operators.size };
    yield { kind: "metadata", key: "delegates", value: [...new Set(program.delegates.map(({ id }) => id))] };
    for (const problem of program.problems.slice(0, KEPT))
      yield { kind: "finding", rule: "S902", args: { format: "ExecuTorch", problem }, at: problem };
    yield* judgeNames(program);
    for (const delegate of program.delegates) yield* judgeData(delegate, reader);
    yield* accountFor(program, reader);
  },
};

function* judgeNames({ delegates, operators }: Program): Work<void> {
  for (const id of new Set(delegates.map((delegate) => delegate.id)))
    if (!DELEGATES.has(id)) yield { kind: "finding", rule: "S1286", args: { id }, at: id };
  const namespaces = new Set([...operators].map((name) => (name.includes("::") ? (name.split("::")[0] as string) : "")));
  for (const namespace of [...namespaces].slice(0, KEPT)) {
    if (namespace && !NAMESPACES.has(namespace)) yield { kind: "finding", rule: "S1287", args: { namespace }, at: namespace };
  }
}

/** Looks at the start of what a delegate gets: compiled models of all kinds, but no program and no pickle. */
function* judgeData({ id, data }: Delegate, reader: Reader): Work<void> {
  if (!data || data.end > reader.size || data.end <= data.start) return;
  if (!mayBePayload(yield* readUpTo(reader, data.start, Math.min(PAYLOAD_START_BYTES, data.end - data.start)))) return;
  const hidden = { name: `data of ${id}`, role: "probe", reader: sliceReader(reader, data.start, data.end), offset: data.start } as const;
  const { formats } = yield* child({ ...hidden, hints: { codeExpected: true } });
  // Apple's and Qualcomm's compilers do give archives.
  if (formats.length && !formats.includes("zip"))
    yield { kind: "finding", rule: "S1285", args: { id, kind: formats.join(" and ") }, offset: data.start };
}

/** What lies between and behind the program and its segments is padding, or else something hidden. */
function* accountFor(program: Program, reader: Reader): Work<void> {
  let at = program.programEnd;
  const ranges = [...program.segments].sort((a, b) => a.start - b.start);
  for (const { start, end } of [...ranges, { start: reader.size, end: reader.size }]) {
    if ((yield* firstNonzero(reader, at, Math.min(start, reader.size))) !== undefined) {
      const length = Math.min(start, reader.size) - at;
      yield { kind: "finding", rule: "S902", args: { format: "ExecuTorch", problem: `${length} bytes belong to no segment` }, offset: at, length };
      yield* probeBytes(reader, at, at + length);
    }
    at = Math.max(at, Math.min(end, reader.size));
  }
}

/** A program with test inputs around it: slot 2 holds the program's bytes. */
function* scanBundle(reader: Reader): Work<void> {
  const program = yield* (yield* new FlatBuffer(reader).root()).vector(2);
  if (!program) {
    yield { kind: "incomplete", reason: "no-program", message: "The bundle holds no program." };
    return;
  }
  const { start, end } = program;
  yield* child({ name: "program", formats: ["executorch"], alsoIdentify: true, reader: sliceReader(reader, start, end), offset: start });
}

/** Tensor data apart from its program: `FH01` at byte 8, u32 length, u64 where the tables begin and their size, u64 where the data begins and its size. */
function* scanTensors(reader: Reader): Work<void> {
  const head = yield* readUpTo(reader, 8, 40);
  if (head.length < 40 || !beginsWith(head, "FH01")) {
    yield { kind: "incomplete", reason: "no-header", message: "The file has no header that says where its data is, and no reader loads it." };
    return;
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const end = Math.max(number(8) + number(16), number(24) + number(32));
  if (end > reader.size) {
    yield { kind: "incomplete", reason: "truncated", message: `The file is cut short: its data ends at byte ${end}, the file at ${reader.size}.` };
  } else if ((yield* firstNonzero(reader, end, reader.size)) !== undefined) {
    yield { kind: "finding", rule: "S902", args: { format: "ExecuTorch", problem: `${reader.size - end} bytes follow the data` }, offset: end };
    yield* probeBytes(reader, end);
  }
}
