// A request runs to its end although its client hangs up. The platform would drop it in the middle:
// what waits would never go on, so that nothing is counted back and no line is logged. What meets
// no guarded route waits for nothing.
import { createMiddleware } from "hono/factory";
import { isGuarded } from "../access.ts";
import type { AppEnv } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";

export const runToEnd = createMiddleware<AppEnv>(async (c, next) => {
  if (!isGuarded(matchedRoute(c))) return await next();
  const ended = next();
  c.executionCtx.waitUntil(ended.catch(() => {}));
  return await ended;
});
