import type { Rule } from "../../findings/rule.js";
import { policyRules } from "./policy/rules.js";

/** Rules on the structure of streams. */
const structureRules: readonly Rule[] = [
  {
    id: "S1201",
    name: "pickle-malformed",
    severity: "warning",
    title: "The pickle is malformed: {problem}",
    why: "No writer makes such a stream. What stands before the error has run by the time the loader fails, and scanners that give up at an error never see it.",
    remedy: "Do not load the file. Get the model from its publisher again and compare checksums.",
    cwe: [502, 20],
  },
  {
    id: "S1202",
    name: "pickle-readers-disagree",
    severity: "warning",
    title: "Readers of the pickle disagree on what it says: {problem}",
    why: "Python's two unpicklers treat such frames differently, so that one of them runs bytes that the other takes as data.",
    remedy: "Do not load the file. Honest writers end every frame where an opcode ends.",
    cwe: [436, 502],
    references: ["https://github.com/python/cpython/issues/154848"],
  },
  {
    id: "S1203",
    name: "pickle-hidden-stream",
    severity: "warning",
    title: "A pickle that {does} is hidden {where}",
    why: "It is not part of what the file seems to hold. Another loader, or another offset, runs it.",
    remedy: "Do not load the file. Ask its publisher what the second pickle is for.",
    cwe: [506, 502],
  },
  {
    id: "S1204",
    name: "pickle-allocation",
    severity: "warning",
    title: "Loading the pickle would exhaust the memory: {problem}",
    why: "The loader allocates what the stream declares before it looks at the data.",
    remedy: "Do not load the file.",
    cwe: [789],
  },
  {
    id: "S1205",
    name: "pickle-sibling-outside",
    severity: "warning",
    title: "The pickle reads its array from {path}, which {how}",
    why: "Old joblib files keep arrays in files beside the pickle. This one names a file elsewhere.",
    remedy: "Do not load the file. Save the model again with a current joblib.",
    cwe: [22],
  },
  {
    id: "S213",
    name: "pickle-nested",
    severity: "info",
    title: "A second pickle is stored inside as data ({how})",
    why: "It is judged like the file itself. It runs if the loader, or the program later, unpickles it.",
    remedy: "Find out what unpickles it, and when.",
    cwe: [502],
  },
];

export const rules: readonly Rule[] = [...structureRules, ...policyRules];
