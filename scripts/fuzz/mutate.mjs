/** Damage as bit errors, bad tools and attackers do it: one to four changes to a copy of the seed. */

/** Counts and lengths that parsers get wrong. */
const EXTREMES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

export function mutate(seed, random, others) {
  let bytes = Buffer.from(seed);
  const changes = 1 + random.below(4);
  for (let i = 0; i < changes; i++) bytes = random.pick(CHANGES)(bytes, random, others);
  return bytes;
}

const position = (bytes, random) => (random.chance(0.4) ? random.below(Math.min(bytes.length, 256)) : random.below(bytes.length));

const CHANGES = [
  function flipBit(bytes, random) {
    if (bytes.length) bytes[position(bytes, random)] ^= 1 << random.below(8);
    return bytes;
  },
  function setByte(bytes, random) {
    if (bytes.length) bytes[position(bytes, random)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
    return bytes;
  },
  function setNumber(bytes, random) {
    const width = random.pick([2, 4, 8]);
    if (bytes.length < width) return bytes;
    const at = Math.min(position(bytes, random), bytes.length - width);
    let value = BigInt.asUintN(8 * width, random.pick(EXTREMES));
    const forward = random.chance(0.8);
    for (let i = 0; i < width; i++, value >>= 8n) bytes[forward ? at + i : at + width - 1 - i] = Number(value & 0xffn);
    return bytes;
  },
  function remove(bytes, random) {
    const at = position(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(random.pick([4, 64, 1024])))]);
  },
  function repeat(bytes, random) {
    const at = position(bytes, random);
    const piece = bytes.subarray(at, at + 1 + random.below(64));
    return Buffer.concat([bytes.subarray(0, at), ...new Array(1 + random.below(20)).fill(piece), bytes.subarray(at)]);
  },
  function insert(bytes, random) {
    const at = position(bytes, random);
    const piece = Buffer.from(Array.from({ length: 1 + random.below(16) }, () => random.below(256)));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  function cut(bytes, random) {
    return bytes.subarray(0, position(bytes, random));
  },
  function splice(bytes, random, others) {
    const other = random.pick(others).bytes;
    return Buffer.concat([bytes.subarray(0, position(bytes, random)), other.subarray(random.below(other.length))]);
  },
  function append(bytes, random, others) {
    return Buffer.concat([bytes, random.pick(others).bytes]);
  },
  function prepend(bytes, random, others) {
    return Buffer.concat([random.pick(others).bytes.subarray(0, random.below(4096)), bytes]);
  },
];
