import { linkSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const text = (value) => [...Buffer.from(value, "latin1")];
/** SHORT_BINUNICODE: opcode 0x8c, one length byte, UTF-8. */
const unicode = (value) => [0x8c, value.length, ...text(value)];

/** Protocol 4: `posix.system("id")`, called by REDUCE. Inert as long as nobody unpickles it. */
const EVIL = [0x80, 4, ...unicode("posix"), ...unicode("system"), 0x93, ...unicode("id"), 0x85, ...text("R.")];

/** Protocol 4: the dictionary `{"layers": 3}`. */
const SAFE = [0x80, 4, ...text("}"), ...unicode("layers"), 0x4b, 3, ...text("s.")];

/** Size of a file whose digest takes long; sparse, so it takes no room. */
const HUGE = 64 * 2 ** 30;

/** Files in a folder whose scan takes long; links to one file, so they take no room. */
const MANY = 60_000;

/** Writes the files that the checks scan below `folder`, and gives their paths. */
export function writeSamples(folder) {
  const models = join(folder, "models");
  const clean = join(folder, "clean");
  const huge = join(folder, "huge");
  const many = join(folder, "many");
  for (const one of [models, clean, huge, many]) mkdirSync(one, { recursive: true });
  const paths = {
    models,
    clean,
    huge,
    many,
    evil: join(models, "evil.pkl"),
    safe: join(clean, "safe.pkl"),
    second: join(clean, "weights.safetensors"),
    sparse: join(huge, "huge.safetensors"),
    missing: join(folder, "missing.pkl"),
  };
  writeFileSync(paths.evil, Buffer.from(EVIL));
  writeFileSync(join(models, "safe.pkl"), Buffer.from(SAFE));
  writeFileSync(paths.safe, Buffer.from(SAFE));
  writeFileSync(paths.second, safetensors(8));
  writeFileSync(paths.sparse, safetensors(HUGE, 0));
  truncateSync(paths.sparse, safetensors(HUGE, 0).length + HUGE);
  for (let index = 0; index < MANY; index++) linkSync(paths.safe, join(many, `${index}.pkl`));
  return paths;
}

/** A SafeTensors file with one tensor of `bytes` bytes, of which `written` are written. */
function safetensors(bytes, written = bytes) {
  const header = Buffer.from(JSON.stringify({ weight: { dtype: "U8", shape: [bytes], data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(written)]);
}
