// Walks the invariants and reports what is broken.
import { invariants } from "./all.ts";
import type { Finding, World } from "./invariant.ts";

export interface BrokenInvariant extends Finding {
  readonly invariant: string;
}

/** Walks the invariants: all of them, or those that hold always. */
export function* examine(world: World, holds?: "always"): Iterable<BrokenInvariant> {
  for (const invariant of invariants) {
    if (holds && invariant.holds !== holds) continue;
    for (const finding of invariant.find(world)) yield { ...finding, invariant: invariant.name };
  }
}
