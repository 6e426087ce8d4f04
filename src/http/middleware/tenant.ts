// Who calls. Authentication does not exist yet: every caller is the same principal, so the service
// must not be exposed. Authentication replaces exactly this file.
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";

interface Principal {
  readonly tenant: string;
}

const everybody: Principal = { tenant: "main" };

export const tenant = createMiddleware<AppEnv>(async (c, next) => {
  c.set("tenant", everybody.tenant);
  await next();
});
