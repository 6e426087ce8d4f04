// GET /health/ready: can money move? Writes and reads storage in each class of objects.
import type { z } from "@hono/zod-openapi";
import { callFromEdge, canaryStubs } from "../../durable-objects/rpc/stubs.ts";
import type { Probe } from "../../durable-objects/rpc/contract.ts";
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { readinessMaxAgeMs } from "../../domain/limits.ts";
import { systemClock, timedOut, withTimeout } from "../../platform/clock.ts";
import { describeError, writeLog } from "../../platform/log.ts";
import type { App, AppContext, EdgeParts } from "../context.ts";
import { isOpen } from "../credentials/settings.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { Readiness } from "../schemas/operations.ts";

/** Time limit of a probe, in ms: load balancers do not wait for long. */
const probeMaxMs = 3_000;

type ReadinessBody = z.infer<typeof Readiness>;
type Check = ReadinessBody["checks"][string];

async function check(name: string, probe: Probe, requestId: string): Promise<Check> {
  try {
    const result = await withTimeout(
      systemClock,
      callFromEdge(() => probe.probe()),
      probeMaxMs,
    );
    if (result === timedOut) throw new Error(`no answer within ${probeMaxMs} ms`);
    return { status: "ok", readMs: result.readMs, writeMs: result.writeMs };
  } catch (error) {
    const detail = describeError(error);
    writeLog("error", { event: "call_failed", requestId, target: `canary of ${name}`, detail });
    return { status: "failed" };
  }
}

const ok: Check = { status: "ok", readMs: 0, writeMs: 1 };
const ready: ReadinessBody = {
  status: "ready",
  checks: { wallet: ok, externalAccount: ok, transferLog: ok, keyRing: ok },
};
const unavailable: ReadinessBody = {
  status: "unavailable",
  checks: { ...ready.checks, transferLog: { status: "failed" } },
};

const { 503: overload, ...problems } = problemResponses("/health/ready", []);

interface Report {
  readonly at: number;
  readonly body: ReadinessBody;
}

async function probeAll(c: AppContext): Promise<ReadinessBody> {
  const checks = await Promise.all(
    Object.entries(canaryStubs(c.env)).map(
      async ([name, probe]) => [name, await check(name, probe, c.get("requestId"))] as const,
    ),
  );
  const failed = checks.some(([, { status }]) => status === "failed");
  return { status: failed ? "unavailable" : "ready", checks: Object.fromEntries(checks) };
}

export function readiness(app: App, { clock }: EdgeParts): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/health/ready",
    operationId: "getReadiness",
    tags: ["Operations"],
    summary: "Readiness",
    description:
      "Writes and reads storage in each class of objects and reports how long it took. Outside " +
      "of development the result is cached for 10 seconds.",
    responses: {
      200: {
        description: "All checks succeeded.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Readiness, example: ready } },
      },
      ...problems,
      503: {
        description: `A check failed; the body names it.\n\n${overload?.description}`,
        headers: responseHeaders("Retry-After"),
        content: {
          "application/json": { schema: Readiness, example: unavailable },
          ...overload?.content,
        },
      },
    },
  });

  let last: Report | undefined;
  app.get("/health/ready", async (c) => {
    const at = clock.now();
    const fresh = last && isYoung(last.at, at, readinessMaxAgeMs) && !isOpen(c.env, c.req.url);
    const body = fresh && last ? last.body : await probeAll(c);
    if (body !== last?.body) last = { at, body };
    if (body.status === "ready") return c.json(body, 200);
    c.header("Retry-After", "1");
    return c.json(body, 503);
  });
}
