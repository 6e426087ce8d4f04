// X-Request-Id on every answer. A caller's valid id is kept, so that logs can be joined.
import { createMiddleware } from "hono/factory";
import { requestIdLengthMax } from "../../domain/limits.ts";
import type { AppEnv } from "../context.ts";

const acceptable = new RegExp(`^[A-Za-z0-9_-]{1,${requestIdLengthMax}}$`);

export const requestId = createMiddleware<AppEnv>(async (c, next) => {
  const sent = c.req.header("x-request-id") ?? "";
  const id = acceptable.test(sent) ? sent : crypto.randomUUID();
  c.set("requestId", id);
  await next();
  // Not c.header(), which makes a new answer of one that is there.
  c.res.headers.set("X-Request-Id", id);
});
