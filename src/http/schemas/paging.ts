// How lists are asked for page by page.
import { z } from "@hono/zod-openapi";
import { cursorLengthMax, listLimitDefault, listLimitMax } from "../../domain/limits.ts";
import { integerParameter } from "./fields.ts";

export function limitParameter(max: number, byDefault: number) {
  return integerParameter(1, max).default(byDefault).openapi({
    default: byDefault,
    description: "Items of a page. May change between pages.",
  });
}

export const cursorParameter = z
  .string()
  .min(1, "It is empty: omit it for the first page.")
  .max(cursorLengthMax)
  .optional();

/** The query of a list without filters. */
export const pageQuery = z.strictObject({
  limit: limitParameter(listLimitMax, listLimitDefault),
  cursor: cursorParameter.openapi({ description: "`nextCursor` of the page before." }),
});

export const nextCursor = z
  .string()
  .nullable()
  .openapi({ description: "For the next page; null at the end." });

export const foreignCursor = { path: "cursor", message: "Not a cursor of this list." };
