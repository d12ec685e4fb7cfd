import type { ScanContext } from "../../engine/context.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import { type Work, read, wait } from "../../engine/work.js";
import type { CodecId, Decoder } from "../../io/codec.js";
import { BRANCH_FILTERS, branchFilter, deltaFilter, filterDecoder } from "../../io/codecs/filters.js";
import { bareLzmaDecoder } from "../../io/codecs/lzma.js";
import { lzma2Decoder, lzma2Dictionary } from "../../io/codecs/lzma2.js";
import { repeatedDecoder } from "../../io/codecs/repeated.js";
import type { Later, Reader } from "../../io/reader.js";
import type { Block, Coder } from "./structure.js";

/** Packed bytes read at a time. */
const PIECE = 256 * 1024;
/** Coders behind one another; real archives have one or two, three with a cipher. */
const LONGEST_CHAIN = 8;

const CODECS: Readonly<Record<string, CodecId>> = {
  "040108": "deflate",
  "040109": "deflate64",
  "040202": "bzip2",
  "04f71101": "zstd",
  "04f71104": "lz4",
};
/** Old and new identifiers of branch filters, by their number in xz. */
const BRANCHES: Readonly<Record<string, number>> = {
  "03030103": 4,
  "04": 4,
  "03030205": 5,
  "05": 5,
  "03030401": 6,
  "06": 6,
  "03030501": 7,
  "07": 7,
  "03030701": 8,
  "08": 8,
  "03030805": 9,
  "09": 9,
  "0a": 10,
};
const NAMES: Readonly<Record<string, string>> = {
  "06f10701": "AES encryption",
  "030401": "PPMd",
  "0303011b": "BCJ2",
  "04f71102": "Brotli",
  "0b": "the RISC-V filter",
};
export function isEncrypted(block: Block): boolean {
  return block.coders.some((coder) => coder.id === "06f10701");
}

/** Gives the plain pieces of one block, in order, by {@link BlockReader.next}. */
export interface BlockReader {
  /** The next piece; undefined at the end. Throws `Malformed` where the data is damaged or ends early. */
  next(): Work<Uint8Array | undefined>;
  close(): void;
}

/** Unpacks a block whose coders are a chain. Throws `Unsupported` for another graph and for coders that are not known. */
export function* openBlock(block: Block, packed: Reader, context: ScanContext): Work<BlockReader> {
  const decoders: Decoder[] = [];
  for (const index of chainOf(block)) {
    const coder = block.coders[index] as Coder;
    // A copy has nothing to do; everything else is a decoder.
    if (coder.id !== "00") decoders.push(yield* wait(open(coder, block.sizes[index] ?? 0, context)));
  }
  const ended = decoders.map(() => false);
  let offset = 0;

  function* pull(level: number): Work<Uint8Array | undefined> {
    const decoder = decoders[level];
    if (!decoder) return yield* raw();
    for (;;) {
      const piece = yield* wait(decoder.pull());
      if (piece || decoder.finished) return piece;
      if (ended[level]) throw new Malformed(offset, "more packed bytes", "their end");
      const input = yield* pull(level - 1);
      if (input) decoder.push(input);
      else decoder.end();
      ended[level] = !input;
    }
  }

  function* raw(): Work<Uint8Array | undefined> {
    if (offset >= packed.size) return undefined;
    context.budget.checkTime();
    const piece = yield* read(packed, offset, Math.min(PIECE, packed.size - offset));
    offset += piece.length;
    return piece;
  }

  return {
    next: () => pull(decoders.length - 1),
    close() {
      for (const decoder of decoders) decoder.close();
    },
  };
}

/** Numbers of the coders in the order they unpack. Throws `Unsupported` when they are not a simple chain. */
function chainOf(block: Block): number[] {
  const { coders, binds, packedInputs } = block;
  const odd = coders.find((coder) => coder.inputs !== 1 || coder.outputs !== 1);
  if (odd) throw new Unsupported(nameOf(odd));
  if (packedInputs.length !== 1 || coders.length > LONGEST_CHAIN) throw new Unsupported("this combination of 7z coders");
  const order: number[] = [];
  for (let at: number | undefined = packedInputs[0]; at !== undefined; ) {
    if (order.includes(at) || at >= coders.length) throw new Malformed(0, "a chain of coders", "a loop");
    order.push(at);
    at = binds.find(([, output]) => output === at)?.[0];
  }
  if (order.length !== coders.length) throw new Malformed(0, "a chain of coders", "loose ones");
  return order;
}

function nameOf(coder: Coder): string {
  return NAMES[coder.id] ?? `the 7z coder ${coder.id}`;
}

function open(coder: Coder, size: number, context: ScanContext): Later<Decoder> {
  const { id, properties } = coder;
  if (id === "030101" && properties.length >= 5) {
    return bareLzmaDecoder(properties[0]!, new DataView(properties.slice().buffer).getUint32(1, true), size);
  }
  const dictionary = id === "21" ? lzma2Dictionary(properties[0] ?? 255) : undefined;
  if (dictionary !== undefined) return lzma2Decoder(dictionary);
  if (id === "03") return filterDecoder(deltaFilter((properties[0] ?? 0) + 1));
  const branch = BRANCH_FILTERS[BRANCHES[id] ?? -1];
  if (branch) return filterDecoder(branchFilter(branch));
  const codec = CODECS[id];
  if (!codec) throw new Unsupported(nameOf(coder));
  return repeatedDecoder(() => known(context.codecs.open(codec), coder));
}

function known(decoder: Later<Decoder | undefined>, coder: Coder): Later<Decoder> {
  if (decoder instanceof Promise) return decoder.then((later) => known(later, coder));
  if (!decoder) throw new Unsupported(nameOf(coder));
  return decoder;
}
