import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1370",
    name: "jsonpickle-object",
    severity: "critical",
    title: 'Decoding the config with a library that rebuilds objects builds what it names ("{key}": {value})',
    why: "jsonpickle, and Json.NET with type names, import the class or function that the text names and call it, as pickle does.",
    remedy: "Do not decode the file with such a library. Ask for a plain config.",
    cwe: [502],
  },
  {
    id: "S1371",
    name: "config-foreign-module",
    severity: "warning",
    title: "Loading the model has {loader} import {name}",
    why: "The config names code that belongs neither to the loader nor to the model, and importing it runs it.",
    remedy: "Read that code before you load the model, or ask for a model that needs none.",
    cwe: [829, 94],
  },
];
