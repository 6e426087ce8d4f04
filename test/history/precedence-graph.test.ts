// Guarantee: the search for contradictions in an order finds every cycle, and only cycles.
import { describe, expect, test } from "vitest";
import { PrecedenceGraph } from "./precedence-graph.ts";
import { Random } from "./random.ts";

function graphOf(nodes: number, edges: readonly (readonly [number, number])[]): PrecedenceGraph {
  const graph = new PrecedenceGraph();
  for (let node = 0; node < nodes; node++) graph.addNode();
  for (const [before, after] of edges) graph.addEdge(before, after);
  return graph;
}

/** Who lies on a cycle, by trying every path: slow and obvious. */
function onCycles(nodes: number, edges: readonly (readonly [number, number])[]): number[] {
  const reaches = Array.from({ length: nodes }, () => Array<boolean>(nodes).fill(false));
  for (const [before, after] of edges) reaches[before]![after] = true;
  for (let via = 0; via < nodes; via++) {
    for (let from = 0; from < nodes; from++) {
      for (let to = 0; to < nodes; to++) {
        if (reaches[from]![via] && reaches[via]![to]) reaches[from]![to] = true;
      }
    }
  }
  return reaches.flatMap((row, node) => (row[node] ? [node] : []));
}

describe("tangles", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))("as by brute force (%i)", (seed) => {
    const random = new Random(seed);
    const nodes = random.integer(2, 12);
    const edges = Array.from({ length: random.integer(1, 20) }, () => {
      const before = random.integer(0, nodes - 1);
      return [before, (before + random.integer(1, nodes - 1)) % nodes] as const;
    });
    const graph = graphOf(nodes, edges);
    const tangles = graph.tangles();
    const byNumber = (left: number, right: number) => left - right;
    expect(tangles.flat().toSorted(byNumber)).toEqual(onCycles(nodes, edges));
    for (const tangle of tangles) {
      const cycle = graph.cycleThrough(tangle[0]!, new Set(tangle));
      expect(cycle?.length).toBeGreaterThan(1);
    }
  });

  test("a long chain is no problem, closed or open", () => {
    const length = 200_000;
    const edges = Array.from({ length: length - 1 }, (_, node) => [node, node + 1] as const);
    expect(graphOf(length, edges).tangles()).toEqual([]);
    expect(graphOf(length, [...edges, [length - 1, 0]]).tangles()[0]).toHaveLength(length);
  });
});

test("the shortest cycle is shown, in order", () => {
  const graph = graphOf(6, [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0],
    [1, 4],
    [4, 0],
  ]);
  expect(graph.cycleThrough(0, new Set([0, 1, 2, 3, 4]))).toEqual([0, 1, 4]);
});
