/** The seeds: the small files that the tests keep, by family, and pickles made here. */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const formats = resolve(import.meta.dirname, "../../packages/modelaudit/src/formats");
const models = resolve(import.meta.dirname, "../../examples/models");

/** Larger files cost time and add nothing: their structure is that of the small ones. */
const LARGEST = 64 * 1024;

const FAMILIES = {
  pickle: /^(pickle|numpy|pytorch_(?!zip|distcp)|torch7|compressed|skops)/,
  containers: /^(zip|tar|sevenzip|rar|compressed|pytorch_zip|pytorch_distcp|nemo|torchserve|keras_zip|oci|skops|executable|llamafile|executorch)/,
  graphs: /./,
};

function files(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** `{ name, bytes, format }` of every seed of a family. */
export function seeds(family) {
  const found = readdirSync(formats, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && (family === "all" || familyOf(entry.name) === family || (FAMILIES[family].test(entry.name) && family !== "graphs")),
    )
    .flatMap((entry) => files(join(formats, entry.name, "testdata")).map((path) => ({ format: entry.name, path })));
  const examples = family === "all" || family === "pickle" ? files(models).map((path) => ({ format: "example", path })) : [];
  const all = [...found, ...examples].map(({ format, path }) => ({ format, name: path.slice(path.lastIndexOf("/") + 1), bytes: readFileSync(path) }));
  return [
    ...all.filter((seed) => seed.bytes.length > 0 && seed.bytes.length <= LARGEST),
    ...(family === "graphs" || family === "containers" ? [] : PICKLES),
  ];
}

function familyOf(format) {
  return Object.keys(FAMILIES).find((family) => FAMILIES[family].test(format));
}

const pickle = (name, text) => ({ format: "pickle", name, bytes: Buffer.from(text, "latin1") });

/** Honest streams at each protocol, and the shortest forms of the usual attacks (inert: they name `true`). */
const PICKLES = [
  pickle("dict.0.pkl", "(dp0\nVkey\np1\nI1\nsVlist\np2\n(lp3\nI1\naI2\nas."),
  pickle("dict.2.pkl", "\x80\x02}q\x00(X\x03\x00\x00\x00keyq\x01K\x01X\x04\x00\x00\x00listq\x02]q\x03(K\x01K\x02eu."),
  pickle("framed.4.pkl", "\x80\x04\x95\x14\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x03key\x94K\x01\x8c\x01l\x94]\x94u."),
  pickle("ordered.2.pkl", "\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01."),
  pickle("evil.0.pkl", "cos\nsystem\n(S'true'\ntR."),
  pickle("evil.2.pkl", "\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R."),
  pickle("evil.4.pkl", "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."),
  pickle("evil.inst.pkl", "(S'true'\nios\nsystem\n."),
  pickle("evil.obj.pkl", "(cos\nsystem\nS'true'\no."),
  pickle("evil.build.pkl", "\x80\x02c__main__\nThing\n)\x81}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsbX\x04\x00\x00\x00trueb."),
];
