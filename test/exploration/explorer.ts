// Breadth-first search through all states of a world, so that the first broken promise found has
// one of the shortest traces. Afterwards: from every state, without mishaps, all can still settle.
import { brokenPromise, isSettled } from "./invariants.ts";
import type { State } from "./layout.ts";
import type { Model, StepKind } from "./model.ts";
import type { Rules } from "./rules.ts";
import { NumberList, StateTable } from "./state-table.ts";
import { successors } from "./successors.ts";
import { describeOutcome } from "./trace.ts";
import type { World } from "./world.ts";

export interface TraceStep {
  readonly label: string;
  readonly changes: readonly string[];
}

export interface Violation {
  readonly promise: string;
  readonly trace: readonly TraceStep[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the start to the farthest state. */
  readonly depth: number;
  /** Of processor time: wall time depends on what else the machine does. */
  readonly milliseconds: number;
  readonly violation: Violation | undefined;
  /** The outcomes that were reached: what a world cannot show it does not test. */
  readonly outcomes: readonly string[];
}

export const cannotSettle = "from here, without further mishaps, not all can settle";
export const waitsForDeadline = "from here, not all can settle before a deadline";

export class Explorer {
  readonly #world: World;
  readonly #model: Model;
  readonly #table: StateTable;
  readonly #parents = new NumberList();
  readonly #packed: Uint32Array;
  /** Successors by steps that are no mishap, state after state, those by a deadline as their
   *  complement; `#firstOf` has the starts. */
  readonly #goodSteps = new NumberList();
  readonly #firstOf = new NumberList();
  readonly #outcomes = new Set<string>();
  #blamed: string | undefined;
  #broken: Violation | undefined;
  #transitions = 0;
  #depth = 0;

  constructor(world: World, rules: Rules) {
    this.#world = world;
    const blame = (promise: string) => {
      this.#blamed ??= promise;
    };
    this.#model = { world, rules, blame };
    this.#table = new StateTable(world.layout.words);
    this.#packed = new Uint32Array(world.layout.words);
  }

  explore(): Exploration {
    const before = process.threadCpuUsage();
    const violation = this.#search() ?? this.#findUnsettled();
    const { user, system } = process.threadCpuUsage(before);
    return {
      states: this.#table.size,
      transitions: this.#transitions,
      depth: this.#depth,
      milliseconds: (user + system) / 1000,
      violation,
      outcomes: [...this.#outcomes].toSorted(),
    };
  }

  #search(): Violation | undefined {
    const { layout } = this.#world;
    const state = this.#world.initial.slice();
    layout.pack(state, this.#packed);
    this.#parents.push(-1);
    this.#table.add(this.#packed);
    let levelEnd = 1;
    for (let index = 0; index < this.#table.size; index++) {
      if (index === levelEnd) {
        this.#depth += 1;
        levelEnd = this.#table.size;
      }
      this.#read(index, state);
      this.#firstOf.push(this.#goodSteps.length);
      this.#blamed = undefined;
      successors(this.#model, state, (label, next, kind) => {
        this.#broken ??= this.#reach(index, state, label, next, kind);
        this.#blamed = undefined;
      });
      if (this.#broken) return this.#broken;
    }
    this.#firstOf.push(this.#goodSteps.length);
    return undefined;
  }

  #reach(
    from: number,
    state: State,
    label: string,
    next: State,
    kind?: StepKind,
  ): Violation | undefined {
    this.#transitions += 1;
    this.#world.layout.pack(next, this.#packed);
    const known = this.#table.size;
    const index = this.#table.add(this.#packed);
    const isNew = index === known;
    if (isNew) this.#parents.push(from);
    if (kind !== "mishap" && index !== from) {
      this.#goodSteps.push(kind === "deadline" ? ~index : index);
    }
    const promise = this.#blamed ?? (isNew ? brokenPromise(this.#world, next) : undefined);
    if (isNew)
      for (const outcome of describeOutcome(this.#world, next)) this.#outcomes.add(outcome);
    if (promise === undefined) return undefined;
    const changes = this.#world.layout.difference(state, next);
    return { promise, trace: [...this.#traceTo(from), { label, changes }] };
  }

  #read(index: number, into: State): void {
    const { layout } = this.#world;
    layout.unpack(this.#table.states, index * layout.words, into);
  }

  /** What settles without a deadline settles. */
  #findUnsettled(): Violation | undefined {
    const unmet = () => this.#findUnmet(cannotSettle, (step) => (step < 0 ? ~step : step));
    if (this.#world.configuration.mayWait) return unmet();
    const waiting = this.#findUnmet(waitsForDeadline, (step) => (step < 0 ? undefined : step));
    return waiting && (unmet() ?? waiting);
  }

  /** Backward from the settled states by steps that have a target; the first state that is not met
   *  breaks the promise. */
  #findUnmet(promise: string, target: (step: number) => number | undefined): Violation | undefined {
    const size = this.#table.size;
    const settles = new Uint8Array(size);
    const state = this.#world.layout.blank();
    for (let index = 0; index < size; index++) {
      this.#read(index, state);
      if (isSettled(this.#world, state)) settles[index] = 1;
    }
    for (let changed = true; changed;) {
      changed = false;
      for (let index = size - 1; index >= 0; index--) {
        if (settles[index] === 1) continue;
        const end = this.#firstOf.at(index + 1);
        for (let step = this.#firstOf.at(index); step < end; step++) {
          const to = target(this.#goodSteps.at(step));
          if (to === undefined || settles[to] === 0) continue;
          settles[index] = 1;
          changed = true;
          break;
        }
      }
    }
    const stuck = settles.indexOf(0);
    return stuck < 0 ? undefined : { promise, trace: this.#traceTo(stuck) };
  }

  /** The steps to a state are found again by repeating the search along its ancestors. */
  #traceTo(index: number): TraceStep[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.#parents.at(at)) path.push(at);
    path.reverse();
    const { layout } = this.#world;
    const from = layout.blank();
    const to = layout.blank();
    return path.slice(1).map((target, position) => {
      this.#read(path[position]!, from);
      this.#read(target, to);
      let label = "";
      successors(this.#model, from, (candidate, next) => {
        if (label === "" && next.every((value, field) => value === to[field])) label = candidate;
      });
      return { label, changes: layout.difference(from, to) };
    });
  }
}
