// One route as a given principal meets it: the real route and the real objects, behind no
// authentication but this principal. For what an answer shows to whom.
import { createExecutionContext } from "cloudflare:test";
import { OpenAPIHono } from "@hono/zod-openapi";
import { env } from "cloudflare:workers";
import type { Principal } from "../../src/domain/principal.ts";
import type { App, AppEnv } from "../../src/http/context.ts";
import type { Body } from "./http.ts";

/** The body of the answer to a GET. */
export async function readAs(
  principal: Principal,
  route: (app: App) => void,
  path: string,
): Promise<Body> {
  const app = new OpenAPIHono<AppEnv>();
  app.use(async (c, next) => {
    c.set("requestId", "test");
    c.set("principal", principal);
    c.set("tenant", principal.tenant);
    await next();
  });
  route(app);
  const response = await app.request(path, {}, env, createExecutionContext());
  return await response.json();
}
