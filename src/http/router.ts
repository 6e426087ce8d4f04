// Hono's fast router, used twice. It refuses a path with a parameter beside a plain one in the same
// place, as `/transactions/{id}/capture` beside `/transactions/fund`, and Hono then falls back on a
// slower one for all routes. No request matches both kinds here: an id is no name of an operation.
import type { Result, Router } from "hono/router";
import { RegExpRouter } from "hono/router/reg-exp-router";

export class PlainPathsFirst<Handler> implements Router<Handler> {
  readonly name = "PlainPathsFirst";
  readonly #plain = new RegExpRouter<Handler>();
  readonly #withParameters = new RegExpRouter<Handler>();
  readonly #plainPaths = new Set<string>();

  add(method: string, path: string, handler: Handler): void {
    const takesAny = path.includes("*");
    const hasParameters = path.includes("/:");
    if (!takesAny && !hasParameters) this.#plainPaths.add(path);
    if (!hasParameters) this.#plain.add(method, path, handler);
    if (takesAny || hasParameters) this.#withParameters.add(method, path, handler);
  }

  match(method: string, path: string): Result<Handler> {
    const router = this.#plainPaths.has(path) ? this.#plain : this.#withParameters;
    return router.match(method, path);
  }
}
