// What the parts of the model share: the world, the rules, and how a step is reported.
import type { State } from "./layout.ts";
import type { Rules } from "./rules.ts";
import type { World } from "./world.ts";

export interface Model {
  readonly world: World;
  readonly rules: Rules;
  /** Says that the step under way breaks a promise. */
  readonly blame: (promise: string) => void;
}

/** `mishap`: a step that settling may not depend on: clients, crashes, failures, freezes.
 *  `deadline`: one that takes as long as a transaction may. */
export type StepKind = "mishap" | "deadline";

export type Emit = (label: string, next: State, kind?: StepKind) => void;
