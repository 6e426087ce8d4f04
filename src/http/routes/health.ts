// GET /health: liveness and version. Calls no object, so it tells nothing about storage.
import manifest from "../../../package.json" with { type: "json" };
import type { z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { isOpen } from "../credentials/settings.ts";
import { responseHeaders } from "../openapi.ts";
import { Health } from "../schemas/operations.ts";

function alive(mode: z.infer<typeof Health>["mode"]): z.infer<typeof Health> {
  return { status: "ok", service: manifest.name, version: manifest.version, mode };
}

export function health(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/health",
    operationId: "getHealth",
    tags: ["Operations"],
    summary: "Liveness",
    description: "Touches no storage; /health/ready tells whether money can move.",
    responses: {
      200: {
        description: "The service is alive.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Health, example: alive("closed") } },
      },
    },
  });

  app.get("/health", (c) => {
    return c.json(alive(isOpen(c.env, c.req.url) ? "development" : "closed"), 200);
  });
}
