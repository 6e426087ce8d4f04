// Guarantee: an isolate that has as much in progress as it may refuses the rest at once, and takes
// requests again as soon as one is answered, however that one ended, or was dropped by the platform.
import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { requestMaxMs } from "../../src/domain/limits.ts";
import type { AppEnv } from "../../src/http/context.ts";
import { limitLoad } from "../../src/http/middleware/limit-load.ts";
import { requestId } from "../../src/http/middleware/request-id.ts";
import { systemClock } from "../../src/platform/clock.ts";

function appWithRoomFor(requests: number) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const time = { now: 1_000 };
  const app = new OpenAPIHono<AppEnv>();
  app.use(requestId, limitLoad({ ...systemClock, now: () => time.now }, requests));
  app.get("/slow", async (c) => {
    await released;
    return c.text("done");
  });
  app.get("/quick", (c) => c.text("done"));
  app.get("/health", (c) => c.text("alive"));
  app.get("/broken", () => {
    throw new Error("a bug");
  });
  app.onError((_error, c) => c.text("broken", 500));
  return { app, release, time };
}

test("a full isolate answers 503 overloaded with Retry-After, then takes requests again", async () => {
  const { app, release } = appWithRoomFor(2);
  const admitted = [1, 2].map(async () => await app.request("/slow"));
  const refused = await app.request("/quick");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await refused.json()).toMatchObject({ code: "overloaded", instance: "/quick" });
  release();
  for (const answer of await Promise.all(admitted)) expect(answer.status).toBe(200);
  expect((await app.request("/slow")).status).toBe(200);
});

test("a full isolate says all the same that it is alive, and what does not exist", async () => {
  const { app, release } = appWithRoomFor(1);
  const admitted = app.request("/slow");
  expect((await app.request("/health")).status).toBe(200);
  expect((await app.request("/none")).status).toBe(404);
  release();
  await admitted;
});

test("a request that fails makes room too", async () => {
  const { app } = appWithRoomFor(1);
  expect((await app.request("/broken")).status).toBe(500);
  expect((await app.request("/broken")).status).toBe(500);
});

test("a request that is never heard of again makes room when it can be none any more", async () => {
  const { app, release, time } = appWithRoomFor(1);
  const dropped = app.request("/slow");
  time.now += requestMaxMs - 1;
  expect((await app.request("/quick")).status).toBe(503);
  time.now += 1;
  expect((await app.request("/quick")).status).toBe(200);
  release();
  await dropped;
});

test("a request that is never heard of again makes room although the clock was put back", async () => {
  const { app, release, time } = appWithRoomFor(1);
  time.now += 3_600_000;
  const dropped = app.request("/slow");
  time.now -= 3_600_000;
  expect((await app.request("/quick")).status).toBe(200);
  release();
  await dropped;
});
