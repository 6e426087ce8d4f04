// Translates validation issues to field errors. None of the validator's own phrasing reaches a
// client.
import type { z } from "@hono/zod-openapi";
import type { FieldError } from "../problem.ts";
import { formatPath } from "../strict-json.ts";

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return kinds[typeof value] ?? typeof value;
}

function boundOf(issue: { readonly origin: string }, bound: number | bigint): string {
  const unit = { string: "character", array: "item", set: "item" }[issue.origin];
  if (unit === undefined) return String(bound);
  return `${bound} ${unit}${Number(bound) === 1 ? "" : "s"}`;
}

/** The message of an issue without a message in the schema. */
export function requestMessage(issue: RawIssue): string {
  const name = issue.path?.length ? formatPath(issue.path) : "The body";
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return `${name} is required.`;
    return `Must be ${kinds[issue.expected] ?? issue.expected}, and is ${kindOf(issue.input)}.`;
  }
  if (issue.code === "too_small") return `At least ${boundOf(issue, issue.minimum)}.`;
  if (issue.code === "too_big") return `At most ${boundOf(issue, issue.maximum)}.`;
  if (issue.code === "invalid_value") return `One of ${issue.values.map(String).join(", ")}.`;
  if (issue.code === "invalid_union" && Array.isArray(issue.options)) {
    return `One of ${issue.options.map(String).join(", ")}.`;
  }
  return "Not a possible value.";
}

/** `unknown`: the message for a name that the schema does not have. */
export function fieldErrorsOf(
  error: z.ZodError,
  unknown = "There is no such field.",
): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        message: unknown,
      }));
    }
    // The key of a record is the field; its issue lies one level deeper.
    const message = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
    return [{ path: formatPath(issue.path), message: message ?? issue.message }];
  });
}
