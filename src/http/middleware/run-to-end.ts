// Lets a request complete after its client disconnects. Otherwise the platform would drop it
// midway: its load count would never be returned and its log line never written. Public routes are
// exempt: they wait for nothing.
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
