import { Feed } from "../../engine/feed.js";
import { type Work, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { OLD_BLOCKS, REMOVED_TYPES, TENSOR_TYPES, type TensorType } from "./types.js";

/**
 * The GGML family from before GGUF. Layout: magic, [u32 version], hyper-parameters, [filters], vocabulary, then tensors up
 * to the end of the file: u32 sides, u32 length of the name, u32 type, one u32 per side, name, [padding to 32], data.
 * Nothing in a file says how many hyper-parameters there are, nor where the number of words stands: each program knew
 * its own. So every arrangement is tried, and one that explains the file to its last byte is right.
 */
export interface LegacyModel {
  magic: string;
  version: number | undefined;
  words: number;
  tensors: { name: string; begin: number; end: number; type: string; elements: number }[];
}

/** What stopped the arrangement that came furthest. */
export interface LegacyFailure {
  /** `hostile`: numbers that no file can hold; `cut`: the bytes end inside a tensor; `unknown`: no arrangement fits. */
  kind: "hostile" | "cut" | "unknown";
  problem: string;
  offset: number;
}

/** On-disk magics, whether a version follows, and what the data of tensors is aligned to. */
const MAGICS: Readonly<Record<string, { versioned: boolean; alignment: number }>> = {
  lmgg: { versioned: false, alignment: 1 },
  fmgg: { versioned: true, alignment: 1 },
  tjgg: { versioned: true, alignment: 32 },
  algg: { versioned: true, alignment: 32 },
};

/** The most any known program wrote (whisper has 11). */
const MOST_PARAMETERS = 16;
/** Largest published vocabularies have some 260,000 words. */
const MOST_WORDS = 2 ** 20;
/** Bytes of one word; the longest known are some 200. */
const LONGEST_WORD = 4096;
/** Tokens checked before an arrangement is tried in earnest. */
const WORDS_GLANCED = 16;
const LONGEST_NAME = 1024;
const MOST_SIDES = 4;
/** Words and tensors read over all arrangements, so that zeros cannot keep us busy. */
const MOST_STEPS = 4_000_000;
const HEAD_BYTES = 64 * 1024;
/** Elements of the largest tensor that any of these programs could hold. */
const MOST_ELEMENTS = 2 ** 40;

interface Arrangement {
  /** Where the words begin. */
  start: number;
  words: number;
  /** Bytes behind each word: a score. */
  score: number;
  /** The count is the first number, as in most programs; then a wild tensor is no misreading. */
  usual: boolean;
}

export function* readLegacy(reader: Reader): Work<LegacyModel | LegacyFailure> {
  const head = new Cursor(yield* readUpTo(reader, 0, HEAD_BYTES));
  const magic = head.text(4);
  const kind = MAGICS[magic];
  if (!kind || head.left < 4) return { kind: "unknown", problem: "no known layout", offset: 4 };
  const version = kind.versioned ? head.u32() : undefined;
  const trial = new Trial(reader, kind.alignment);
  for (const arrangement of arrangements(head, reader.size)) {
    if (trial.spent) break;
    if (!glance(head, arrangement)) continue;
    for (const blocks of [{}, OLD_BLOCKS]) {
      const tensors = yield* trial.run(arrangement, blocks);
      if (tensors) return { magic, version, words: arrangement.words, tensors };
    }
  }
  const first = head.left >= 4 ? head.u32() : 0;
  // A first number that is a float (some programs put settings there) is no count.
  const float = first >= 0x3a000000 && first < 0x4f000000;
  if (trial.furthest.offset === 0 && first > reader.size && !float)
    return { kind: "hostile", problem: `it declares ${first} words, more than its bytes can hold`, offset: head.offset - 4 };
  return trial.furthest;
}

/** Every place where the words may begin, with every number before it that may be their count. */
function* arrangements(head: Cursor, size: number): Generator<Arrangement> {
  const base = head.offset;
  const numbers = Array.from({ length: Math.min(MOST_PARAMETERS + 2, head.left >> 2) }, (_, index) => readAt(head, base + 4 * index));
  for (let count = 0; count <= Math.min(MOST_PARAMETERS, numbers.length); count++) {
    const start = base + 4 * count;
    const before = [...new Set(numbers.slice(0, count))].filter((one) => one > 0 && one <= MOST_WORDS && one * 4 < size);
    for (const words of before) for (const score of [0, 4]) yield { start, words, score, usual: words === numbers[0] };
    yield { start, words: 0, score: 0, usual: false };
    // Filters of a spectrogram, as whisper has them: two sides, then their product of floats, then the counted words.
    const [rows, columns] = [numbers[count], numbers[count + 1]];
    if (rows && columns && rows * columns <= 2 ** 20) {
      const after = start + 8 + 4 * rows * columns;
      const words = after + 4 <= head.bytes.length ? readAt(head, after) : 0;
      if (words > 0 && words <= MOST_WORDS && words * 4 < size) yield { start: after + 4, words, score: 0, usual: true };
    }
  }
}

function readAt(head: Cursor, at: number): number {
  return new DataView(head.bytes.buffer, head.bytes.byteOffset, head.bytes.byteLength).getUint32(at, true);
}

/** Whether the first words, as far as they are in the head, have lengths of words. */
function glance(head: Cursor, { start, words, score }: Arrangement): boolean {
  const { bytes } = head;
  let at = start;
  for (let i = 0; i < Math.min(words, WORDS_GLANCED); i++) {
    if (at + 4 > bytes.length) return i > 0;
    const length = readAt(head, at);
    if (length > LONGEST_WORD) return false;
    at += 4 + length + score;
  }
  if (words > WORDS_GLANCED || at + 12 > bytes.length) return true;
  // So few words that the first tensor must be in sight, too; a wild one is what a hostile file has.
  return words > 0 || (readAt(head, at) >= 1 && readAt(head, at) <= MOST_SIDES && readAt(head, at + 4) <= LONGEST_NAME);
}

class Trial {
  furthest: LegacyFailure = { kind: "unknown", problem: "no known layout explains its bytes", offset: 0 };
  private readonly reader: Reader;
  private readonly alignment: number;
  private steps = 0;

  constructor(reader: Reader, alignment: number) {
    this.reader = reader;
    this.alignment = alignment;
  }

  get spent(): boolean {
    return this.steps > MOST_STEPS;
  }

  /** The tensors, when they reach exactly to the end of the file. */
  *run({ start, words, score, usual }: Arrangement, blocks: Readonly<Record<number, TensorType>>): Work<LegacyModel["tensors"] | undefined> {
    const feed = new Feed(this.reader, start);
    for (let i = 0; i < words; i++) {
      if (this.spent || feed.left < 4) return undefined;
      this.steps++;
      if (feed.cursor.left < 4) yield* feed.want(4);
      const length = feed.cursor.u32();
      if (length > LONGEST_WORD || length + score > feed.left) return undefined;
      feed.skip(length + score);
    }
    const tensors: LegacyModel["tensors"] = [];
    while (feed.left > 0) {
      if (this.spent) return undefined;
      this.steps++;
      const tensor = yield* this.tensor(feed, blocks, usual || tensors.length > 0);
      if (!tensor) return undefined;
      tensors.push(tensor);
    }
    return tensors.length ? tensors : undefined;
  }

  private *tensor(feed: Feed, blocks: Readonly<Record<number, TensorType>>, sure: boolean): Work<LegacyModel["tensors"][number] | undefined> {
    const at = feed.offset;
    const fail = (kind: LegacyFailure["kind"], problem: string) => {
      if (!sure || (this.furthest.kind === "cut" && kind !== "cut")) return undefined;
      // Read with the wrong block sizes, a file that is cut short looks wild behind its last quantised tensor.
      if (at > this.furthest.offset || (kind === "cut" && this.furthest.kind !== "cut")) this.furthest = { kind, problem, offset: at };
      return undefined;
    };
    if (feed.left < 12) return fail("unknown", `${feed.left} bytes are left over`);
    yield* feed.want(12);
    const [sides, nameLength, type] = [feed.cursor.u32(), feed.cursor.u32(), feed.cursor.u32()];
    if (sides > MOST_SIDES) return fail("hostile", `a tensor declares ${sides} dimensions; loaders keep room for ${MOST_SIDES}`);
    if (nameLength > LONGEST_NAME) return fail("hostile", `a tensor name declares ${nameLength} bytes`);
    if (feed.left < 4 * sides + nameLength) return fail("cut", "the bytes end inside the entry of a tensor");
    yield* feed.want(4 * sides + nameLength);
    let elements = 1;
    let row = 1;
    for (let i = 0; i < sides; i++) {
      const side = feed.cursor.u32();
      if (i === 0) row = side;
      elements *= side;
    }
    const name = new TextDecoder().decode(feed.cursor.raw(nameLength));
    if (elements > MOST_ELEMENTS) return fail("hostile", `the sides of the tensor ${name} multiply to ${elements}`);
    const known = blocks[type] ?? TENSOR_TYPES[type] ?? REMOVED_TYPES[type];
    if (!known) return fail("hostile", `the tensor ${name} has the unknown type ${type}`);
    if (row % known[1] !== 0) return fail("unknown", `the rows of the tensor ${name} do not divide into blocks`);
    const begin = Math.ceil(feed.offset / this.alignment) * this.alignment;
    const end = begin + (elements / known[1]) * known[2];
    if (end > this.reader.size) return fail("cut", `the tensor ${name} ends at byte ${end}, the file at ${this.reader.size}`);
    feed.skip(end - feed.offset);
    return { name, begin, end, type: known[0], elements };
  }
}
