// Schemas of batches: an item is the body of its operation, with the operation's name and, where
// the operation acts on a transaction, that one's id.
import { z } from "@hono/zod-openapi";
import { idEnding } from "../../domain/ids.ts";
import { batchItemsMax } from "../../domain/limits.ts";
import { actsOnTransaction, allOperations, type AnyOperation } from "../operations/all.ts";
import { integer } from "./fields.ts";
import { Problem } from "./problem.ts";

/** Validated as a string only: a malformed id is answered like one that does not exist. */
const transactionId = z.string().openapi({
  minLength: 30,
  maxLength: 30,
  pattern: `^txn_${idEnding}$`,
  description: "The transaction that it acts on, `txn_...`: not one of the same batch.",
});

function inWords(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

function itemOf({ type, input, path, does }: AnyOperation) {
  const fields = {
    operation: z.literal(type).openapi({ description: "The operation." }),
    ...(actsOnTransaction({ path }) && { transactionId }),
  };
  return input
    .safeExtend(fields)
    .openapi(`${inWords(type)}Item`, { description: `A ${type} in a batch: ${does}.` });
}

function listed<T>([first, ...others]: readonly T[]): [T, ...T[]] {
  if (first === undefined) throw new Error("there is no operation");
  return [first, ...others];
}

const BatchItem = z
  .discriminatedUnion("operation", listed(allOperations.map(itemOf)))
  .openapi("BatchItem", {
    description: "What the operation's own path takes as its body, and the operation's name.",
  });

export const BatchInput = z
  .strictObject({
    items: z.array(BatchItem).min(1).max(batchItemsMax).openapi({
      description: "Independent of each other: none may act on a transaction of another one.",
    }),
  })
  .openapi("BatchInput", { description: "Operations to be submitted together." });

const shown = allOperations.flatMap(({ answer, otherAnswers = [] }) => [answer, ...otherAnswers]);

const BatchItemResult = z
  .object({
    status: integer(200, 599).openapi({
      description: "The HTTP status that the operation's own path would have answered.",
      example: 201,
    }),
    body: z.union([...new Set(shown), Problem]).openapi({
      description: "The body that the operation's own path would have answered.",
    }),
  })
  .openapi("BatchItemResult", { description: "What became of an item." });

export const BatchResult = z
  .object({
    items: z
      .array(BatchItemResult)
      .min(1)
      .max(batchItemsMax)
      .openapi({ description: "In the order of the request." }),
  })
  .openapi("BatchResult", { description: "What became of the items of a batch." });
