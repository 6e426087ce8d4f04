// The JSON body of a write: content type, size, strict JSON and shape, in this order. What passes
// is in `c.req.valid("json")`.
import type { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyArrivalMaxMs } from "../../domain/limits.ts";
import { systemClock } from "../../platform/clock.ts";
import { readBody } from "../body-reader.ts";
import type { AppContext, AppEnv, Exact } from "../context.ts";
import { answerProblem } from "../problem.ts";
import { readStrictJson } from "../strict-json.ts";
import { fieldErrorsOf } from "./field-errors.ts";

const jsonContentType = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i;

function refuse(c: AppContext, problem: "too_long" | "too_slow"): Response {
  if (problem === "too_long") return answerProblem(c, "payload_too_large");
  const message = `The body did not arrive within ${bodyArrivalMaxMs / 1_000} seconds.`;
  return answerProblem(c, "malformed_json", [{ path: "", message }]);
}

export function strictBody<Schema extends z.ZodType>(
  schema: Schema,
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { json: z.input<Schema> }; out: { json: Exact<z.output<Schema>> } }
> {
  return async (c, next) => {
    if (!jsonContentType.test(c.req.header("content-type") ?? "")) {
      return answerProblem(c, "unsupported_media_type");
    }
    const body = await readBody(c.req.raw.body, systemClock);
    if (!body.ok) return refuse(c, body.problem);

    const json = readStrictJson(body.bytes);
    if (!json.ok) return answerProblem(c, "malformed_json", [json.malformed]);

    const shape = schema.safeParse(json.value);
    if (json.fieldErrors.length > 0 || !shape.success) {
      const errors = [...json.fieldErrors, ...(shape.success ? [] : fieldErrorsOf(shape.error))];
      return answerProblem(c, "validation_failed", errors);
    }
    c.req.addValidatedData("json", shape.data as object);
    return await next();
  };
}
