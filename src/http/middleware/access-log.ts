// One line per request, after its answer. The route is the pattern: paths hold ids and mistakes.
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import type { AppContext, AppEnv } from "../context.ts";

/** The pattern of the route that answered, `unmatched` where there is none. */
export function routeOf(c: AppContext): string {
  const route = matchedRoutes(c).findLast(({ method }) => method !== "ALL");
  return route ? route.path.replaceAll(/\{.*?\}/g, "") : "unmatched";
}

export const accessLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = systemClock.now();
  await next();
  const { requestId, transactionId, walletId, replayed } = c.var;
  writeLog("info", {
    event: "request",
    requestId,
    method: c.req.method,
    route: routeOf(c),
    status: c.res.status,
    durationMs: systemClock.now() - startedAt,
    ...(transactionId !== undefined && { transactionId }),
    ...(walletId !== undefined && { walletId }),
    ...(replayed !== undefined && { replayed }),
  });
});
