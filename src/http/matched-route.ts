// Which of our routes a request met, known before its handler runs.
import { matchedRoutes } from "hono/route";
import type { AppContext, Route } from "./context.ts";

/** The method and pattern of the route that answers, as in `GET /users/:userId`: of several that
 *  match, the first that was declared. Undefined where none does. HEAD meets the route of GET. */
export function matchedRoute(c: AppContext): Route | undefined {
  const known = c.get("route");
  if (known) return known;
  const found = matchedRoutes(c).find(({ method }) => method !== "ALL");
  if (!found) return undefined;
  const route = { method: found.method, pattern: patternOf(found.path) };
  c.set("route", route);
  return route;
}

/** A route's path without the expressions that its parameters must match. */
export function patternOf(path: string): string {
  return path.replaceAll(/\{.*?\}/g, "");
}
