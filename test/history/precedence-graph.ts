// A directed graph of what must come before what, and the search for a contradiction in it.
// Linear in nodes and edges; compact, because histories are long.

export class PrecedenceGraph {
  #nodes = 0;
  readonly #sources: number[] = [];
  readonly #targets: number[] = [];

  addNode(): number {
    return this.#nodes++;
  }

  addEdge(before: number, after: number): void {
    this.#sources.push(before);
    this.#targets.push(after);
  }

  get size(): { readonly nodes: number; readonly edges: number } {
    return { nodes: this.#nodes, edges: this.#sources.length };
  }

  /** The sets of nodes that all lie before each other: none in a sound order. Tarjan's algorithm
   *  with a stack of its own, because histories are deeper than the engine's. */
  tangles(): number[][] {
    const next = this.#adjacency();
    const index = new Int32Array(this.#nodes).fill(-1);
    const low = new Int32Array(this.#nodes);
    const position = new Uint32Array(this.#nodes);
    const isOpen = new Uint8Array(this.#nodes);
    const open: number[] = [];
    const path: number[] = [];
    const found: number[][] = [];
    let counter = 0;
    const enter = (node: number) => {
      index[node] = low[node] = counter++;
      isOpen[node] = 1;
      open.push(node);
      path.push(node);
    };
    for (let root = 0; root < this.#nodes; root++) {
      if (index[root] === -1) enter(root);
      for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
        const target = next.of(node)[position[node]!++];
        if (target === undefined) {
          path.pop();
          const parent = path.at(-1);
          if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
          if (low[node] !== index[node]) continue;
          const tangle = open.splice(open.lastIndexOf(node));
          for (const member of tangle) isOpen[member] = 0;
          if (tangle.length > 1) found.push(tangle);
        } else if (index[target] === -1) {
          enter(target);
        } else if (isOpen[target]) {
          low[node] = Math.min(low[node]!, index[target]!);
        }
      }
    }
    return found;
  }

  /** The shortest cycle through `start` that stays within `nodes`. */
  cycleThrough(start: number, nodes: ReadonlySet<number>): readonly number[] | undefined {
    const forward = this.#adjacency();
    const cameFrom = new Map<number, number>();
    let frontier = [start];
    while (frontier.length > 0) {
      const next: number[] = [];
      for (const node of frontier) {
        for (const target of forward.of(node)) {
          if (target === start) return pathTo(node, start, cameFrom);
          if (!nodes.has(target) || cameFrom.has(target)) continue;
          cameFrom.set(target, node);
          next.push(target);
        }
      }
      frontier = next;
    }
    return undefined;
  }

  #cached: Adjacency | undefined;

  /** Of the edges so far: none may be added afterwards. */
  #adjacency(): Adjacency {
    return (this.#cached ??= new Adjacency(this.#nodes, this.#sources, this.#targets));
  }
}

function pathTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [end];
  for (let node = end; node !== start;) {
    node = cameFrom.get(node) ?? start;
    path.push(node);
  }
  return path.toReversed();
}

/** The neighbours of each node, one after the other in one array. */
class Adjacency {
  readonly #starts: Uint32Array;
  readonly #neighbours: Uint32Array;

  constructor(nodes: number, sources: readonly number[], targets: readonly number[]) {
    const starts = new Uint32Array(nodes + 1);
    for (const source of sources) starts[source + 1]! += 1;
    for (let node = 0; node < nodes; node++) starts[node + 1]! += starts[node]!;
    const filled = starts.slice();
    const neighbours = new Uint32Array(sources.length);
    for (const [index, source] of sources.entries()) {
      neighbours[filled[source]!] = targets[index]!;
      filled[source]! += 1;
    }
    this.#starts = starts;
    this.#neighbours = neighbours;
  }

  of(node: number): Uint32Array {
    return this.#neighbours.subarray(this.#starts[node], this.#starts[node + 1]);
  }
}
