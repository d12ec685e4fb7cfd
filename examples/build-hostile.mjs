#!/usr/bin/env node
/**
 * Writes the hostile example models into examples/models/hostile. They are assembled byte by byte and never loaded;
 * what they would run is harmless (`echo`), but a scanner must not know that.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";

const folder = join(import.meta.dirname, "models/hostile");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const save = (name, bytes) => writeFileSync(join(folder, name), bytes);
const latin1 = (text) => Buffer.from(text, "latin1");

/** GLOBAL os.system, its argument, REDUCE, STOP. */
const plain = latin1("\x80\x02cos\nsystem\nX\x0a\x00\x00\x00echo hello\x85R.");
save("plain.pkl", plain);
// The name is put together at load time: ''.join(['sys', 'tem']).
save(
  "computed-name.pkl",
  latin1("\x80\x04\x8c\x05posix\x8c\x08builtins\x8c\x07getattr\x93\x8c\x00\x8c\x04join\x86R](\x8c\x03sys\x8c\x03teme\x85R\x93\x8c\x04echo\x85R."),
);
// No REDUCE anywhere: map() is built by NEWOBJ and consumed by tuple().
save("no-reduce.pkl", latin1("\x80\x04cbuiltins\ntuple\n(cbuiltins\nmap\n(cos\nsystem\n](\x8c\x04echoet\x81t\x81."));
// The payload comes first; the broken opcode after it only stops naive scanners.
save("broken-after-payload.pkl", Buffer.concat([plain.subarray(0, -1), latin1("\xff\xff\xff")]));
// A joblib-style compressed pickle with a harmless name.
save("vocabulary.joblib", gzipSync(plain, { mtime: 0 }));
save("weights.safetensors", plain);
save(
  "pytorch_model.bin",
  zip([
    ["archive/data.pkl", plain],
    ["archive/version", latin1("3\n")],
  ]),
);

/** A ZIP of stored members. */
function zip(members) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, bytes] of members) {
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt32LE(crc32(bytes), 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt32LE(bytes.length, 22);
    head.writeUInt16LE(name.length, 26);
    local.push(head, latin1(name), bytes);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    head.copy(entry, 6, 4, 28);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, latin1(name));
    offset += 30 + name.length + bytes.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
