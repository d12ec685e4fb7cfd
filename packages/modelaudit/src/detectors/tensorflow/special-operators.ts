import { type Work, readUpTo } from "../../engine/work.js";
import type { Range } from "../../io/waiting.js";
import { constantsFeeding, nodeName, textRanges } from "./constants.js";
import { type Spot, attributeTexts, handBackGraph } from "./spot.js";

/** Streams of PrintV2 that stay in the process. */
const STREAMS = /^(?:stdout|stderr|log\((?:info|warning|error)\))?$/;
/** A compiled module is read to look for call targets; larger ones are mostly weights. */
const MODULE_READ = 16 * 1024 * 1024;
/** Names under which JAX registers calls into Python; NUL-terminated in the module's string table. */
const PYTHON_CALLBACK = /(?:^|\0)(xla_(?:ffi_)?(?:partitioned_)?python_(?:cpu|gpu|tpu)?_?callback|xla_python_\w*callback)\0/;

/** Operators that are ordinary unless an attribute or a constant makes them reach out. */
export function* judgeSpecial(spot: Spot): Work<void> {
  const { node, args, place, file, body } = spot;
  switch (node.op) {
    case "PrintV2": {
      const path = (yield* attributeTexts(spot, "output_stream")).find((text) => !STREAMS.test(text));
      if (path !== undefined) yield { kind: "finding", rule: "S1440", args: { ...args, path }, ...place };
      return;
    }
    case "DebugIdentity":
    case "DebugIdentityV2":
    case "DebugIdentityV3":
    case "DebugNanCount":
    case "DebugNumericSummary": {
      for (const path of yield* attributeTexts(spot, "debug_urls")) {
        if (/^(?:file|grpc):/i.test(path)) yield { kind: "finding", rule: "S1440", args: { ...args, path }, ...place };
      }
      return;
    }
    case "CalibrationStatisticsSaver": {
      const [path] = yield* attributeTexts(spot, "output_file_path");
      if (path) yield { kind: "finding", rule: "S1102", args: { ...args, effect: "write", path }, ...place };
      return;
    }
    case "Send":
    case "Recv":
    case "_Send":
    case "_Recv":
    case "_HostSend":
    case "_HostRecv": {
      const devices = [...(yield* attributeTexts(spot, "send_device")), ...(yield* attributeTexts(spot, "recv_device"))];
      if (devices.some((device) => /^\/job:(?!localhost\b)/.test(device))) yield { kind: "finding", rule: "S1432", args, ...place };
      return;
    }
    case "DecodeProtoV2":
    case "EncodeProto": {
      const path = (yield* attributeTexts(spot, "descriptor_source")).find((text) => text && !/^(?:local:|bytes:)/.test(text));
      if (path) yield { kind: "finding", rule: "S1102", args: { ...args, effect: "read", path }, ...place };
      return;
    }
    case "CacheDataset":
    case "CacheDatasetV2": {
      const path = (yield* constantsFeeding(file, body, node.inputs[1] ?? "")).texts.find((text) => text.value)?.value;
      if (path) yield { kind: "finding", rule: "S1102", args: { ...args, effect: "write", path }, ...place };
      return;
    }
    case "DatasetFromGraph": {
      const source = body.nodes.find((one) => one.name === nodeName(node.inputs[0] ?? ""));
      for (const range of source ? yield* textRanges(file, source) : []) yield* handBackGraph(spot, range);
      return;
    }
    case "XlaCallModule": {
      for (const { key, texts } of node.attributes) if (key === "module") for (const range of texts) yield* judgeModule(spot, range);
      return;
    }
  }
}

function* judgeModule({ file, args, place }: Spot, range: Range): Work<void> {
  const bytes = yield* readUpTo(file.reader, range.start, Math.min(range.end - range.start, MODULE_READ));
  const target = PYTHON_CALLBACK.exec(new TextDecoder("latin1").decode(bytes))?.[1];
  if (target) yield { kind: "finding", rule: "S1430", args: { ...args, op: `${args.op} (${target})` }, ...place };
}
