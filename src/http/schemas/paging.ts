// Schemas of paging: the limit and cursor parameters, and the next cursor of an answer.
import { z } from "@hono/zod-openapi";
import { cursorLengthMax, listLimitDefault, listLimitMax } from "../../domain/limits.ts";
import { integerParameter } from "./fields.ts";

export function limitParameter(max: number, byDefault: number) {
  return integerParameter(1, max).default(byDefault).openapi({
    default: byDefault,
    description: "Items per page. May change between pages.",
  });
}

/** Base64url. A text of this form that is not one of our cursors is refused all the same. */
const cursorForm = { pattern: "^[A-Za-z0-9_-]+$" };

export const cursorParameter = z
  .string()
  .min(1, "It is empty: omit it for the first page.")
  .max(cursorLengthMax)
  .optional()
  .openapi(cursorForm);

/** The query of a list without filters. */
export const pageQuery = z.strictObject({
  limit: limitParameter(listLimitMax, listLimitDefault),
  cursor: cursorParameter.openapi({ description: "`nextCursor` of the page before." }),
});

export const nextCursor = z
  .string()
  .nullable()
  .openapi({
    ...cursorForm,
    minLength: 1,
    maxLength: cursorLengthMax,
    description: "For the next page; null at the end.",
  });

export const foreignCursor = { path: "cursor", message: "Not a cursor of this list." };
