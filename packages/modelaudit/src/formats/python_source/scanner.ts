import { judgePython } from "../../detectors/python-source/judge.js";
import type { Scanner } from "../../engine/format.js";
import { read } from "../../engine/work.js";

/** PEP 263: one of the first two lines may name the encoding. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
/** Encodings that leave ASCII as it is. In others a comment may decode to code. */
const PLAIN =
  /^(?:utf-?8(?:-sig)?|u8|(?:us-?)?ascii|646|latin-?1|l1|iso-?8859-?\d+|cp\d+|windows-?\d+|koi8-?\w|euc-?\w+|gbk?|gb18030|gb2312|big5|shift-?jis|sjis|mac-?\w+)$/;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader, name: where }, context) {
    context.budget.hold(reader.size);
    const bytes = yield* read(reader, 0, reader.size);
    const source = new TextDecoder().decode(bytes);
    for (const line of source.split("\n", 2)) {
      const encoding = COOKIE.exec(line)?.[1];
      if (encoding && !PLAIN.test(encoding.toLowerCase().replaceAll("_", "-"))) yield { kind: "finding", rule: "S1257", args: { where, encoding } };
    }
    const { effects, problem } = yield* judgePython(source);
    for (const { effect, evidence, severity, line, scope } of effects) {
      yield { kind: "finding", rule: "S507", severity, args: { where, effect, evidence }, line, at: `${line}`, details: { when: scope } };
    }
    if (problem) yield { kind: "incomplete", reason: "python-syntax", message: `The Python source was not understood as a whole: ${problem}.` };
  },
};
