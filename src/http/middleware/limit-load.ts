// Refuses what comes while this isolate has too much in progress: at once, before anything is read
// or recorded. Who waits in a queue that is too long gets an answer that is too late. Public routes
// are answered all the same: they wait for no object.
import { createMiddleware } from "hono/factory";
import { requestsInProgressMax } from "../../domain/limits.ts";
import { accessTo } from "../access.ts";
import type { AppEnv } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";
import { answerProblem } from "../problem.ts";

/** Of all requests that this isolate serves: one app is created in each. */
export function limitLoad(max: number = requestsInProgressMax) {
  let inProgress = 0;
  return createMiddleware<AppEnv>(async (c, next) => {
    const route = matchedRoute(c);
    if (route && accessTo(route) === "public") return await next();
    if (inProgress >= max) return answerProblem(c, "overloaded");
    inProgress += 1;
    try {
      return await next();
    } finally {
      inProgress -= 1;
    }
  });
}
