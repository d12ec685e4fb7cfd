/** What one node reads and writes, by value name. */
export interface Edges {
  inputs: readonly string[];
  outputs: readonly string[];
}

/**
 * Whether nodes of one graph feed each other in a circle. Names that several nodes write are left out: such a graph is
 * wrong in another way, and which of them is meant is anybody's guess.
 */
export function isCyclic(nodes: readonly Edges[]): boolean {
  const writer = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    for (const name of node.outputs) if (name) writer.set(name, writer.has(name) ? -1 : index);
  }
  const readers: number[][] = nodes.map(() => []);
  const waitingFor = nodes.map((node, index) => {
    let count = 0;
    for (const name of node.inputs) {
      const source = name ? (writer.get(name) ?? -1) : -1;
      if (source < 0) continue;
      readers[source]?.push(index);
      count++;
    }
    return count;
  });
  // Takes out nodes that wait for nothing, until none is left or only circles are.
  const ready = waitingFor.flatMap((count, index) => (count === 0 ? [index] : []));
  let done = 0;
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    done++;
    for (const reader of readers[next] ?? []) {
      const left = (waitingFor[reader] ?? 0) - 1;
      waitingFor[reader] = left;
      if (left === 0) ready.push(reader);
    }
  }
  return done < nodes.length;
}
