// Replaces modules of production code where a run wants other ones. Call before they are loaded: so
// not from a module that imports them statically.
import { registerHooks } from "node:module";

const own = new URL("./small-limits.ts", import.meta.url).href;
const production = new URL("../../src/domain/limits.ts", import.meta.url).href;

/** From now on, limits are those of small-limits.ts. */
export function smallLimits(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const replaced = found.url === production && context.parentURL !== own;
      return replaced ? { ...found, url: own } : found;
    },
  });
}
