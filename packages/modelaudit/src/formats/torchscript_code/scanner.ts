import type { Scanner } from "../../engine/format.js";
import { read } from "../../engine/work.js";
import { judgeCode } from "./judge.js";

/** More code than the largest traced models have. */
const LONGEST = 64 * 1024 * 1024;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    context.budget.hold(Math.max(reader.size, reader.size > LONGEST ? Number.POSITIVE_INFINITY : 0));
    const source = new TextDecoder().decode(yield* read(reader, 0, reader.size));
    for (const { kind, name, effect, line } of judgeCode(source)) {
      const place = { line, at: name };
      if (kind === "effect") yield { kind: "finding", rule: "S1265", args: { name, effect: effect ?? "" }, ...place };
      else if (kind === "statement") yield { kind: "finding", rule: "S1266", args: { name }, ...place };
      else if (kind === "bad")
        yield { kind: "finding", rule: "S902", args: { format: "TorchScript", problem: `line ${line} holds ${name}` }, ...place };
      else yield { kind: "finding", rule: "S1267", args: { name }, ...place };
    }
  },
};
