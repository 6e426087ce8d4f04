// Schemas of transactions, whatever their operation.
import { z } from "@hono/zod-openapi";
import { operationTypes } from "../../domain/operations/all.ts";
import { answerDetails, shownOperations } from "../operations/all.ts";

export const transactionType = z.enum(operationTypes).openapi("TransactionType", {
  description: `${shownOperations.map(({ type, does }) => `\`${type}\` ${does}`).join(", ")}.`,
});

const [first, ...others] = answerDetails;
if (!first) throw new Error("there is no operation");

export const TransactionDetails = z
  .discriminatedUnion("type", [first, ...others])
  .openapi("TransactionDetails", { description: "A transaction with its outcome." });

export const FoundTransactions = z
  .object({
    data: z.array(TransactionDetails).max(1).openapi({
      description: "The transaction that uses the reference, committed or undecided; or none.",
    }),
    nextCursor: z.null().openapi({ description: "Always null: there is no other page." }),
  })
  .openapi("FoundTransactions", { description: "What was found by a reference." });
