import { judgePython } from "../../detectors/python-source/judge.js";
import type { Scanner } from "../../engine/format.js";
import { read, type Work } from "../../engine/work.js";
import { commandsOf } from "../../detectors/python-bytecode/judge-code.js";
import { readCode } from "../../detectors/python-bytecode/marshal.js";

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
    // 2 bytes that differ by version, then CR LF: a compiled module, with which Python makes do when there is no source.
    if (bytes[2] === 0x0d && bytes[3] === 0x0a) return yield* judgeCompiled(bytes, where);
    const text = new TextDecoder().decode(bytes);
    const source = where.toLowerCase().endsWith(".pth") ? text.replace(/^(?!import[ \t]).*$/gm, "") : text;
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

/** Bytes before the code: since 3.7, 3.3 and before. */
const HEADERS = [16, 12, 8];

function* judgeCompiled(bytes: Uint8Array, where: string): Work<void> {
  for (const header of HEADERS) {
    const code = readCode(bytes.subarray(header));
    if (!code) continue;
    const commands = commandsOf(code);
    const args = { where, effect: `use ${commands.join(", ")}`, evidence: "compiled code" };
    if (commands.length) yield { kind: "finding", rule: "S507", severity: "warning", args };
    return;
  }
  yield { kind: "incomplete", reason: "python-bytecode", message: "The compiled Python module could not be read." };
}
