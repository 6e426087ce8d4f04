// What the schemas found wrong, in the words of the contract.
import type { z } from "@hono/zod-openapi";
import type { FieldError } from "../problem.ts";
import { formatPath } from "../strict-json.ts";

export function fieldErrorsOf(error: z.ZodError): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        message: "There is no such field.",
      }));
    }
    // The key of a record is the field; what is wrong with it lies one level deeper.
    const message = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
    return [{ path: formatPath(issue.path), message: message ?? issue.message }];
  });
}
