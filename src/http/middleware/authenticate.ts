// Who calls. Authentication does not exist yet: every caller is the same principal, so the service
// must not be exposed. Authentication replaces exactly this file.
import { createMiddleware } from "hono/factory";
import { scopes, type Principal } from "../../domain/principal.ts";
import type { AppEnv } from "../context.ts";

const everybody: Principal = { id: "dev", tenant: "main", scopes };

export const authenticate = createMiddleware<AppEnv>(async (c, next) => {
  c.set("principal", everybody);
  c.set("tenant", everybody.tenant);
  await next();
});
