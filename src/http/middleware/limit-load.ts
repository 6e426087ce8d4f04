// Refuses what comes while this isolate has too much in progress: at once, before anything is read
// or recorded. Who waits in a queue that is too long gets an answer that is too late. What meets no
// guarded route is answered all the same: it waits for no object.
import { createMiddleware } from "hono/factory";
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { requestMaxMs, requestsInProgressMax } from "../../domain/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import { isGuarded } from "../access.ts";
import type { AppEnv } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";
import { answerProblem } from "../problem.ts";

/** Of all requests that this isolate serves: one app is created in each. */
export function limitLoad(clock: Clock, max: number = requestsInProgressMax) {
  /** The oldest first. */
  const inProgress = new Set<{ readonly since: number }>();

  /** Those that the platform has dropped are never heard of again. One from before the clock was
   *  put back might be one of them, and is forgotten too: it counts for less than it should. */
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
