// CORS: no site may call from a browser unless the setting CORS_ORIGINS lists its exact origin,
// comma-separated. Never allows cookies. Runs before authentication: a preflight request has no
// credentials.
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { preflightMaxAgeSeconds } from "../../domain/limits.ts";
import type { AppContext, AppEnv } from "../context.ts";

const answerListed = cors({
  origin: (origin) => origin,
  allowMethods: ["GET", "HEAD", "POST", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"],
  exposeHeaders: [
    "Allow",
    "Idempotent-Replayed",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
  ],
  maxAge: preflightMaxAgeSeconds,
});

/** The listed origins. Anything that no browser sends as an origin, such as `*`, is ignored. */
function originsOf(setting: string | undefined): readonly string[] {
  if (!setting) return [];
  const entries = setting.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => URL.parse(entry)?.origin === entry && entry !== "null");
}

function isPreflightOrNoOptions(c: AppContext): boolean {
  return c.req.method !== "OPTIONS" || c.req.header("access-control-request-method") !== undefined;
}

/** A request from an unlisted origin is answered like any other: the browser keeps the answer from
 *  the site. Its preflight is an OPTIONS request, which no route has. */
export const crossOrigin = createMiddleware<AppEnv>(async (c, next) => {
  const origins = originsOf(c.env.CORS_ORIGINS);
  if (origins.length === 0) return await next();
  const origin = c.req.header("origin") ?? "";
  if (origins.includes(origin) && isPreflightOrNoOptions(c)) return await answerListed(c, next);
  await next();
  c.res.headers.append("Vary", "Origin");
});
