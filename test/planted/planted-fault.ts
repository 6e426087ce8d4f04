// The form of a planted fault: a small, exact edit of production code that breaks one promise, and
// the fast tests that have to notice. New code brings its faults along: one file for each area in
// faults/, listed in all.ts. `npm run test:planted` plants them one at a time.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An exact edit of a file of `src` or `migrations`. The result must still load and run. */
export interface Edit {
  /** Unique over all areas; kebab-case. */
  readonly name: string;
  /** Relative to the root of the repository. */
  readonly file: string;
  /** What is replaced: occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface PlantedFault extends Edit {
  /** The promise that no longer holds. */
  readonly breaks: string;
  /** The nearest fast tests: files of the projects `domain` and `workers`; or, for a rule that only
   *  an order of events can break, a command that fails, such as one seed of the simulator. */
  readonly caughtBy: readonly string[] | { readonly command: string };
  /** The promise is that something comes to its end: a test that takes too long has noticed. For any
   *  other fault it has not, as the machine may have been busy. */
  readonly hangs?: true;
}

/** An edit that changes nothing that anybody could observe, and why. It is not run. */
export interface EquivalentEdit extends Edit {
  readonly argument: string;
}

export interface Area {
  readonly area: string;
  readonly faults: readonly PlantedFault[];
  readonly equivalent?: readonly EquivalentEdit[];
}

/** The file with the edit applied. Throws where `find` is not in it exactly once: such an edit has
 *  been overtaken by the code and must be written anew. */
export function edited(root: string, { name, file, find, replace }: Edit): string {
  const text = readFileSync(join(root, file), "utf8");
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${name}: found ${places} times in ${file}, expected once`);
  if (find === replace) throw new Error(`${name}: replaces text by itself`);
  return text.replace(find, () => replace);
}
