// The route that a request matches, known before its handler runs.
import { matchedRoutes } from "hono/route";
import type { AppContext, Route } from "./context.ts";

/** The method and pattern of the matching route, as in `GET /users/:userId`: the first declared, if
 *  several match; undefined if none does. HEAD matches the route of GET. */
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
