// Load shedding: refuses requests at once, before anything is read or recorded, while this isolate
// has too many in progress. Queueing them would only produce late answers. Public routes are
// exempt: they wait for no object.
import { createMiddleware } from "hono/factory";
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { requestMaxMs, requestsInProgressMax } from "../../domain/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import { isGuarded } from "../access.ts";
import type { AppEnv } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";
import { answerProblem } from "../problem.ts";

/** Counts all requests of this isolate, which creates one app. */
export function limitLoad(clock: Clock, max: number = requestsInProgressMax) {
  /** Oldest first. */
  const inProgress = new Set<{ readonly since: number }>();

  /** Forgets requests that the platform has dropped: they never end. A request from before the
   *  clock was put back may be one of them and is forgotten too, so the count may be too low. */
  function forgetDropped(now: number): void {
    for (const request of inProgress) {
      if (isYoung(request.since, now, requestMaxMs)) return;
      inProgress.delete(request);
    }
  }

  return createMiddleware<AppEnv>(async (c, next) => {
    if (!isGuarded(matchedRoute(c))) return await next();
    const now = clock.now();
    if (inProgress.size >= max) forgetDropped(now);
    if (inProgress.size >= max) return answerProblem(c, "overloaded");
    const request = { since: now };
    inProgress.add(request);
    try {
      return await next();
    } finally {
      inProgress.delete(request);
    }
  });
}
