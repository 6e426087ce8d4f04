// Which of our routes a request met, known before its handler runs.
import { matchedRoutes } from "hono/route";
import type { AppContext } from "./context.ts";

/** The method and pattern of the route that answers, as in `GET /users/:userId`: of several that
 *  match, the first that was declared. Undefined where none does. HEAD meets the route of GET. */
export function matchedRoute(
  c: AppContext,
): { readonly method: string; readonly pattern: string } | undefined {
  const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
  return route && { method: route.method, pattern: patternOf(route.path) };
}

/** A route's path without the expressions that its parameters must match. */
export function patternOf(path: string): string {
  return path.replaceAll(/\{.*?\}/g, "");
}
