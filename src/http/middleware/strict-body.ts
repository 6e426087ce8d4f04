// Validates the JSON body of a write: headers, size, strict JSON and schema, in this order. The
// result is in `c.req.valid("json")`. A write takes no query.
import type { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyArrivalMaxMs, bodyBytesMax } from "../../domain/limits.ts";
import { systemClock } from "../../platform/clock.ts";
import { readBody } from "../body-reader.ts";
import type { AppContext, AppEnv, Exact } from "../context.ts";
import { contentHeaderErrors } from "../content-headers.ts";
import { answerProblem, tooLarge } from "../problem.ts";
import { readStrictJson } from "../strict-json.ts";
import { fieldErrorsOf, requestMessage } from "./field-errors.ts";
import { checksQuery, unknownParameters } from "./strict-query.ts";

/** Undefined if the body may be read. An encoded body is answered with Accept-Encoding (RFC 9110,
 *  12.5.3). */
function refuseHeaders(c: AppContext): Response | undefined {
  const { encoded, errors } = contentHeaderErrors({
    contentType: c.req.header("content-type"),
    contentEncoding: c.req.header("content-encoding"),
  });
  if (encoded) c.header("Accept-Encoding", "identity");
  return errors.length > 0 ? answerProblem(c, "unsupported_media_type", errors) : undefined;
}

function refuse(c: AppContext, problem: "too_long" | "too_slow", bytesMax: number): Response {
  if (problem === "too_long") {
    return answerProblem(c, "payload_too_large", undefined, tooLarge(bytesMax));
  }
  const message = `The body did not arrive within ${bodyArrivalMaxMs / 1_000} seconds.`;
  return answerProblem(c, "malformed_json", [{ path: "", message }]);
}

/** `bytesMax`: the longest body. */
export function strictBody<Schema extends z.ZodType>(
  schema: Schema,
  bytesMax = bodyBytesMax,
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { json: z.input<Schema> }; out: { json: Exact<z.output<Schema>> } }
> {
  return checksQuery(async (c, next) => {
    const refusal = refuseHeaders(c);
    if (refusal) return refusal;
    const body = await readBody(c.req.raw.body, bytesMax, systemClock);
    if (!body.ok) return refuse(c, body.problem, bytesMax);

    const json = readStrictJson(body.bytes);
    if (!json.ok) return answerProblem(c, "malformed_json", [json.malformed]);

    const shape = schema.safeParse(json.value, { error: requestMessage });
    const wrong = shape.success ? [] : fieldErrorsOf(shape.error);
    const errors = [...unknownParameters(c), ...json.fieldErrors, ...wrong];
    if (errors.length > 0) return answerProblem(c, "validation_failed", errors);
    c.req.addValidatedData("json", shape.data as object);
    return await next();
  });
}
