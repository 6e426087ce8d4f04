// The query of a read: known parameters only, each at most once. What passes is in
// `c.req.valid("query")`.
import type { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { queryLengthMax } from "../../domain/limits.ts";
import type { AppEnv, Exact } from "../context.ts";
import { answerProblem, type FieldError } from "../problem.ts";
import { fieldErrorsOf } from "./field-errors.ts";

const tooLong: FieldError = {
  path: "",
  message: `The query is longer than ${queryLengthMax} characters.`,
};

export function strictQuery<Schema extends z.ZodType>(
  schema: Schema,
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { query: z.input<Schema> }; out: { query: Exact<z.output<Schema>> } }
> {
  return async (c, next) => {
    const { search, searchParams } = new URL(c.req.url);
    if (search.length > queryLengthMax) return answerProblem(c, "validation_failed", [tooLong]);

    const repeated: FieldError[] = [...new Set(searchParams.keys())]
      .filter((name) => searchParams.getAll(name).length > 1)
      .map((path) => ({ path, message: "The parameter is given more than once." }));

    const shape = schema.safeParse(Object.fromEntries(searchParams));
    if (repeated.length > 0 || !shape.success) {
      const errors = [...repeated, ...(shape.success ? [] : fieldErrorsOf(shape.error))];
      return answerProblem(c, "validation_failed", errors);
    }
    c.req.addValidatedData("query", shape.data as object);
    return await next();
  };
}
