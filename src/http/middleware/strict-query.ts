// Validates the query: known parameters only, each at most once. The result is in
// `c.req.valid("query")`. Routes that read no query refuse every parameter, so that `?dryRun=true`
// is never silently ignored.
import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { queryLengthMax } from "../../domain/limits.ts";
import { isGuarded } from "../access.ts";
import type { AppContext, AppEnv, Exact } from "../context.ts";
import { matchedRoute } from "../matched-route.ts";
import { answerProblem, type FieldError } from "../problem.ts";
import { fieldErrorsOf, requestMessage } from "./field-errors.ts";

const tooLong: FieldError = {
  path: "",
  message: `The query is longer than ${queryLengthMax} characters.`,
};

/** Handlers that check the query themselves, at their place in the order of problems. */
const checking = new WeakSet<object>();

/** Marks a handler that checks the query of its route. */
export function checksQuery<Handler extends object>(handler: Handler): Handler {
  checking.add(handler);
  return handler;
}

type ReadQuery<T> =
  | { readonly ok: true; readonly query: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

function readQuery<Schema extends z.ZodType>(
  c: AppContext,
  schema: Schema,
): ReadQuery<z.output<Schema>> {
  const { search, searchParams } = new URL(c.req.url);
  if (search.length > queryLengthMax) return { ok: false, errors: [tooLong] };

  const repeated: FieldError[] = [...new Set(searchParams.keys())]
    .filter((name) => searchParams.getAll(name).length > 1)
    .map((path) => ({ path, message: "The parameter is given more than once." }));

  const parameters = Object.fromEntries(searchParams);
  const shape = schema.safeParse(parameters, { error: requestMessage });
  if (repeated.length === 0 && shape.success) return { ok: true, query: shape.data };
  const wrong = shape.success ? [] : fieldErrorsOf(shape.error, "There is no such parameter.");
  return { ok: false, errors: [...repeated, ...wrong] };
}

const nothing = z.strictObject({});

/** The errors of a query where none is accepted. */
export function unknownParameters(c: AppContext): readonly FieldError[] {
  if (!c.req.url.includes("?")) return [];
  const read = readQuery(c, nothing);
  return read.ok ? [] : read.errors;
}

export function strictQuery<Schema extends z.ZodType>(
  schema: Schema,
): MiddlewareHandler<
  AppEnv,
  string,
  { in: { query: z.input<Schema> }; out: { query: Exact<z.output<Schema>> } }
> {
  return checksQuery(async (c, next) => {
    const read = readQuery(c, schema);
    if (!read.ok) return answerProblem(c, "validation_failed", read.errors);
    c.req.addValidatedData("query", read.query as object);
    return await next();
  });
}

/** For all routes whose handlers do not check the query, so that none can forget it. Public routes
 *  are exempt: probes and caches add parameters to `/health` and to pages. */
export const refuseUnreadQuery: MiddlewareHandler<AppEnv> = async (c, next) => {
  const errors = unknownParameters(c);
  const isChecked = () => matchedRoutes(c).some(({ handler }) => checking.has(handler));
  if (errors.length === 0 || !isGuarded(matchedRoute(c)) || isChecked()) return await next();
  return answerProblem(c, "validation_failed", errors);
};
