// The access log: one line per request, after its answer. Logs the route's pattern, never the path,
// which holds ids and mistyped secrets.
import { createMiddleware } from "hono/factory";
import type { Principal } from "../../domain/principal.ts";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";

/** The pattern of the route that answered, `unmatched` where there is none. */
export function routeOf(c: AppContext): string {
  return matchedRoute(c)?.pattern ?? "unmatched";
}

export const accessLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = systemClock.now();
  await next();
  const variables = c.var;
  const { requestId, denied, transactionId, batchId, walletId, replayed } = variables;
  // Public routes have no principal, whatever the type says.
  const principal = variables.principal as Principal | undefined;
  writeLog("info", {
    event: "request",
    requestId,
    method: c.req.method,
    route: routeOf(c),
    status: c.res.status,
    durationMs: Math.max(systemClock.now() - startedAt, 0),
    ...(principal && { principal: principal.id }),
    ...(denied !== undefined && { denied }),
    ...(transactionId !== undefined && { transactionId }),
    ...(batchId !== undefined && { batchId }),
    ...(walletId !== undefined && { walletId }),
    ...(replayed !== undefined && { replayed }),
  });
});
