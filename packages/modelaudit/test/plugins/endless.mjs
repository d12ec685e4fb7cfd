/** Scanners that misbehave, for the tests of the lanes: each matches a file whose first bytes are its name. */
const misbehave = {
  LOOP: function* () {
    for (;;);
  },
  FIND: function* () {
    yield { kind: "finding", rule: "S902", args: { format: "test", problem: "found before the loop" } };
    for (;;);
  },
  HEAP: function* () {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(held.length));
  },
  WAIT: function* () {
    yield new Promise(() => {});
  },
  EVER: function* () {
    for (;;) yield new Promise((resolve) => setTimeout(resolve, 20));
  },
  FAIL: function* () {
    throw new Error("a bug in a scanner");
  },
};

export const formats = Object.entries(misbehave).map(([name, scan]) => ({
  id: `test_${name.toLowerCase()}`,
  className: `Test${name}Scanner`,
  description: "Misbehaves on purpose",
  extensions: [],
  tags: [],
  sniff: ({ head }) => (String.fromCharCode(...head.subarray(0, 4)) === name ? "certain" : undefined),
  load: async () => ({ scanner: { version: 1, scan } }),
}));
